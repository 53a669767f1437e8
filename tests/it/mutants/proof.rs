//! The proof finds what trying everything finds.

use std::collections::{BTreeMap, BTreeSet};

use framewright::runner::{Demand, Kind};
use framewright::segment::{Observed, ObservedEnd, Proof, Segmentation, Testee, drive, prove, walk};
use framewright::vector::{Level, Vector};

use super::faults::{Fault, Row, Subject, rows};
use super::table::Protocol;
use super::{delimiter, length};
use crate::toy::{frame, meaning};

/// The longest streams of which all segmentations are tried one by one.
const WALKED: usize = 13;

fn kinds<T: Testee>(testee: T, demand: &Demand, stream: &[u8], cuts: &Segmentation) -> BTreeSet<Kind> {
    let (mut seen, mut found) = (Vec::new(), Vec::new());
    drive(testee, stream, cuts, demand.judge(), &mut seen, &mut found);
    found.iter().map(|deviation| deviation.kind).collect()
}

/// Each kind of deviation with the fewest cuts that show it, of all segmentations without empty feeds.
fn by_walking<T: Testee + Clone>(testee: &T, demand: &Demand, stream: &[u8]) -> BTreeMap<Kind, usize> {
    let (mut fewest, mut count) = (BTreeMap::new(), 0_usize);
    walk(testee, &demand.judge(), stream, &mut |cuts, found| {
        count += 1;
        for deviation in found {
            let fewest = fewest.entry(deviation.kind).or_insert(cuts.len());
            *fewest = cuts.len().min(*fewest);
        }
    });
    assert_eq!(count, 1 << stream.len().saturating_sub(1));
    fewest
}

/// The same by the proof, whose every segmentation shows what it is said to show.
fn by_proof<T: Testee + Clone + PartialEq>(testee: &T, demand: &Demand, stream: &[u8]) -> BTreeMap<Kind, usize> {
    match prove(testee, &demand.judge(), stream, 1000) {
        Proof::Proved { .. } => BTreeMap::new(),
        Proof::Failed { counters, .. } => {
            for counter in &counters {
                let cuts = counter.cuts.clone().of(stream.len()).unwrap();
                assert!(kinds(testee.clone(), demand, stream, &cuts).contains(&counter.deviation.kind), "{cuts}");
            }
            counters.iter().map(|counter| (counter.deviation.kind, counter.cuts.cuts.len())).collect()
        }
        Proof::BudgetExceeded => panic!("too many states"),
    }
}

/// Both on one vector: whether the proof finds something. `dressed`: the fault shows only in empty feeds and the glued end, which the
/// proof alone has.
fn compare<T: Testee + Clone + PartialEq>(testee: &T, vector: &Vector, dressed: bool, what: &str) -> bool {
    let stream = &vector.stream;
    let demand = Demand::meaning(stream.len(), Level::Must, &vector.expect);
    let walked = by_walking(testee, &demand, stream);
    let proved = by_proof(testee, &demand, stream);
    let context = format!("{what}, {}: {walked:?} {proved:?}", vector.name);
    if dressed {
        assert!(walked.is_empty(), "{context}");
    } else {
        // What only the proof has can bring out further kinds and need fewer cuts.
        let found = |(kind, fewest): (&Kind, &usize)| proved.get(kind).is_some_and(|proved| proved <= fewest);
        assert!(walked.iter().all(found) && walked.is_empty() == proved.is_empty(), "{context}");
    }
    !proved.is_empty()
}

#[test]
fn the_proof_finds_what_trying_everything_finds() {
    use length::Fault::{EmptyChunkEnds, EmptyChunkForgets, LastChunkDropped, PanicsOnSecondByte};
    let mut faults_found = 0;
    for subject in Subject::ALL {
        let Protocol { vectors, .. } = Protocol::new(subject);
        let (max, skips) = (subject.max(), subject.skips());
        for Row { fault, what, .. } in rows().into_iter().filter(|row| row.subject == subject) {
            let one = |vector: &Vector| match fault {
                Fault::Length(of) => {
                    let dressed = matches!(of, EmptyChunkEnds | EmptyChunkForgets | LastChunkDropped);
                    compare(&length::Decoder::new(of, max, skips), vector, dressed, what)
                }
                Fault::Delimiter(of) => compare(&delimiter::Decoder::new(of, max, skips), vector, false, what),
            };
            // Neither catches a panic.
            let short = |vector: &&Vector| vector.stream.len() <= WALKED && fault != Fault::Length(PanicsOnSecondByte);
            let found = vectors.iter().filter(short).filter(|vector| one(vector)).count();
            faults_found += usize::from(found > 0);
        }
    }
    // The others need longer streams.
    assert!(faults_found > 45, "{faults_found}");
}

/// 7 + 9 + 4 bytes of the toy protocol.
fn stream() -> Vec<u8> {
    [frame(b"abc"), frame(b"defgh"), frame(b"")].concat()
}

/// Header and body bytes are kept in one buffer: it has no state that the bytes do not determine.
#[derive(Clone, PartialEq)]
struct Plain(Vec<u8>);

impl Testee for Plain {
    fn feed(&mut self, chunk: &[u8], out: &mut Vec<Observed>) {
        self.0.extend_from_slice(chunk);
        while let Some(header) = self.0.first_chunk::<4>() {
            let end = 4 + u32::from_le_bytes(*header) as usize;
            if self.0.len() < end {
                break;
            }
            out.push(Observed::Frame(self.0.drain(..end).collect()));
        }
    }

    fn finish(&mut self, last: &[u8], out: &mut Vec<Observed>) -> ObservedEnd {
        self.feed(last, out);
        ObservedEnd::Unknown
    }
}

#[test]
fn a_decoder_whose_state_depends_on_bytes_alone_has_one_node_at_each_offset() {
    let stream = stream();
    let n = stream.len();
    let demand = Demand::meaning(n, Level::Must, &meaning(&stream));
    let proof = prove(&Plain(vec![]), &demand.judge(), &stream, n + 1);
    // Each of the n(n+1)/2 chunks, and from each of the n + 1 offsets the empty one and the end.
    assert_eq!(proof, Proof::Proved { nodes: n + 1, feeds: n * (n + 1) / 2 + 2 * (n + 1) });
    assert_eq!(prove(&Plain(vec![]), &demand.judge(), &stream, n), Proof::BudgetExceeded);
}

/// Says that a stream is whole if the chunks ended just here, the last of them given with the end or apart from it.
#[derive(Clone, PartialEq)]
struct Picky {
    wrong: &'static [usize],
    with_end: bool,
    fed: usize,
    /// Two of three empty chunks in a row count.
    ends: Vec<usize>,
}

impl Testee for Picky {
    fn feed(&mut self, chunk: &[u8], _: &mut Vec<Observed>) {
        self.fed += chunk.len();
        if !self.ends.ends_with(&[self.fed, self.fed]) {
            self.ends.push(self.fed);
        }
    }

    fn finish(&mut self, last: &[u8], _: &mut Vec<Observed>) -> ObservedEnd {
        let wrong = self.ends == self.wrong && last.is_empty() != self.with_end;
        if wrong { ObservedEnd::Clean } else { ObservedEnd::Incomplete }
    }
}

#[test]
fn a_counterexample_is_the_segmentation_that_it_takes() {
    let stream = &frame(b"abcdef")[..5];
    let demand = Demand::meaning(5, Level::Must, &meaning(stream));
    let table: [(&[usize], bool, &str); 6] = [
        (&[], true, "~-"),
        (&[5], false, "-"),
        (&[2], true, "~2"),
        (&[1, 3, 5], false, "1,3"),
        (&[0, 5, 5], false, "0,5"),
        (&[1, 2, 3, 4], true, "~1,2,3,4"),
    ];
    for (wrong, with_end, cuts) in table {
        let testee = Picky { wrong, with_end, fed: 0, ends: vec![] };
        let Proof::Failed { counters, .. } = prove(&testee, &demand.judge(), stream, 1000) else { panic!("{cuts}") };
        assert_eq!(counters.iter().map(|counter| counter.cuts.to_string()).collect::<Vec<_>>(), [cuts]);
    }
}

/// Two ways lead to one state: the shorter one begins with the longer chunk, so that it is met last.
#[derive(Clone, PartialEq)]
struct Merging {
    fed: usize,
    at_one: bool,
    primed: bool,
}

impl Testee for Merging {
    fn feed(&mut self, chunk: &[u8], _: &mut Vec<Observed>) {
        self.fed += chunk.len();
        self.primed |= self.fed == 3 || self.fed == 2 && self.at_one;
        self.at_one = self.fed == 1;
    }

    fn finish(&mut self, last: &[u8], _: &mut Vec<Observed>) -> ObservedEnd {
        let wrong = self.primed && self.fed == 4 && !last.is_empty();
        if wrong { ObservedEnd::Clean } else { ObservedEnd::Incomplete }
    }
}

#[test]
fn equal_nodes_keep_the_shorter_way() {
    let stream = &frame(b"abcdef")[..5];
    let demand = Demand::meaning(5, Level::Must, &meaning(stream));
    let testee = Merging { fed: 0, at_one: false, primed: false };
    let Proof::Failed { counters, .. } = prove(&testee, &demand.judge(), stream, 1000) else { panic!("nothing found") };
    let cuts: Vec<String> = counters.iter().map(|counter| counter.cuts.to_string()).collect();
    assert_eq!(cuts, ["~3,4"]);
}

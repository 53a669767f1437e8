//! The proof finds what trying everything finds.

use std::collections::BTreeSet;

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

/// Kinds of deviations, and the fewest cuts with which there is any, of all segmentations without empty feeds.
fn by_walking<T: Testee + Clone>(testee: &T, demand: &Demand, stream: &[u8]) -> (BTreeSet<Kind>, Option<usize>) {
    let (mut kinds, mut fewest, mut count) = (BTreeSet::new(), None, 0_usize);
    walk(testee, &demand.judge(), stream, &mut |cuts, found| {
        count += 1;
        kinds.extend(found.iter().map(|deviation| deviation.kind));
        if !found.is_empty() && fewest.is_none_or(|fewest| cuts.len() < fewest) {
            fewest = Some(cuts.len());
        }
    });
    assert_eq!(count, 1 << stream.len().saturating_sub(1));
    (kinds, fewest)
}

fn by_proof<T: Testee + Clone + PartialEq>(
    testee: &T,
    demand: &Demand,
    stream: &[u8],
) -> (BTreeSet<Kind>, Option<usize>) {
    match prove(testee, &demand.judge(), stream, 1000) {
        Proof::Proved { .. } => (BTreeSet::new(), None),
        Proof::Failed { counters, .. } => {
            for counter in &counters {
                let cuts = counter.cuts.clone().of(stream.len()).unwrap();
                assert!(kinds(testee.clone(), demand, stream, &cuts).contains(&counter.deviation.kind), "{cuts}");
            }
            let fewest = counters.iter().map(|counter| counter.cuts.cuts.len()).min();
            (counters.iter().map(|counter| counter.deviation.kind).collect(), fewest)
        }
        Proof::BudgetExceeded => panic!("too many states"),
    }
}

/// Both on one vector: whether the proof finds something. `dressed`: the fault shows only in empty feeds and the glued end, which the
/// proof alone has.
fn compare<T: Testee + Clone + PartialEq>(testee: &T, vector: &Vector, dressed: bool, what: &str) -> bool {
    let stream = &vector.stream;
    let demand = Demand::meaning(stream.len(), Level::Must, &vector.expect);
    let (walked, fewest) = by_walking(testee, &demand, stream);
    let (proved, fewest_proved) = by_proof(testee, &demand, stream);
    let context = format!("{what}, {}: {walked:?} {proved:?}", vector.name);
    if dressed {
        assert!(walked.is_empty(), "{context}");
    } else {
        // What only the proof has can bring out further kinds and need fewer cuts.
        assert!(walked.is_subset(&proved) && walked.is_empty() == proved.is_empty(), "{context}");
        assert!(fewest_proved <= fewest, "{context}");
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

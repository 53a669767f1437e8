//! Decoders with planted faults: what each family finds, and that the proof finds what trying everything finds.

use std::collections::BTreeSet;

use framewright::runner::{Demand, Kind};
use framewright::segment::{Family, Proof, Rng, Segmentation, drive, prove, walk};
use framewright::vector::Level;

use crate::toy::{Fault, Toy, frame, meaning};

/// 7 + 9 + 4 bytes.
fn stream() -> Vec<u8> {
    [frame(b"abc"), frame(b"defgh"), frame(b"")].concat()
}

fn demand(stream: &[u8]) -> Demand {
    Demand::meaning(stream.len(), Level::Must, &meaning(stream))
}

fn kinds(fault: Fault, stream: &[u8], cuts: &Segmentation) -> BTreeSet<Kind> {
    let demand = demand(stream);
    let (mut seen, mut found) = (Vec::new(), Vec::new());
    drive(Toy::new(fault), stream, cuts, demand.judge(), &mut seen, &mut found);
    found.iter().map(|deviation| deviation.kind).collect()
}

/// Kinds of deviations, and the fewest cuts with which there is any, of all segmentations without empty feeds.
fn by_walking(fault: Fault, stream: &[u8]) -> (BTreeSet<Kind>, Option<usize>) {
    let demand = demand(stream);
    let (mut kinds, mut fewest, mut count) = (BTreeSet::new(), None, 0_usize);
    walk(&Toy::new(fault), &demand.judge(), stream, &mut |cuts, found| {
        count += 1;
        kinds.extend(found.iter().map(|deviation| deviation.kind));
        if !found.is_empty() && fewest.is_none_or(|fewest| cuts.len() < fewest) {
            fewest = Some(cuts.len());
        }
    });
    assert_eq!(count, 1 << (stream.len() - 1));
    (kinds, fewest)
}

fn by_proof(fault: Fault, stream: &[u8]) -> (BTreeSet<Kind>, Option<usize>) {
    let demand = demand(stream);
    match prove(&Toy::new(fault), &demand.judge(), stream, 100_000) {
        Proof::Proved { .. } => (BTreeSet::new(), None),
        Proof::Failed { counters, .. } => {
            for counter in &counters {
                let cuts = counter.cuts.clone().of(stream.len()).unwrap();
                assert!(kinds(fault, stream, &cuts).contains(&counter.deviation.kind), "{fault:?} {cuts}");
            }
            let fewest = counters.iter().map(|counter| counter.cuts.cuts.len()).min();
            (counters.iter().map(|counter| counter.deviation.kind).collect(), fewest)
        }
        Proof::BudgetExceeded => panic!("{fault:?} has too many states"),
    }
}

#[test]
fn the_proof_finds_what_trying_everything_finds() {
    let faults = [
        Fault::None,
        Fault::ForgetsCutHeader,
        Fault::HeaderInThreePieces,
        Fault::OneFrameAFeed,
        Fault::LosesTheRest,
        Fault::ThirdPieceReplaces,
        Fault::OneByteEarly,
        Fault::WaitsForMore,
        Fault::GivesUpAfterFive,
        Fault::FiveBytesInHeader,
        Fault::ChecksWholeHeaders,
        Fault::ChecksNothing,
    ];
    let whole = stream();
    let refused = [frame(b"ab"), vec![0, 0, 0, 1], frame(b"c")].concat();
    let truncated = [frame(b"abcd"), frame(b"efghi")[..6].to_vec()].concat();
    for fault in faults {
        for stream in [&whole[..], &refused, &truncated] {
            let (walked, fewest) = by_walking(fault, stream);
            let (proved, fewest_proved) = by_proof(fault, stream);
            // Empty feeds and a glued end, which only the proof has, can bring out further kinds and need fewer cuts.
            assert!(walked.is_subset(&proved), "{fault:?} {stream:02x?}: {walked:?} {proved:?}");
            assert_eq!(walked.is_empty(), proved.is_empty(), "{fault:?} {stream:02x?}: {walked:?} {proved:?}");
            assert!(fewest_proved <= fewest, "{fault:?} {stream:02x?}");
        }
    }
}

#[test]
fn the_proof_has_empty_feeds_and_the_glued_end() {
    let stream = stream();
    for fault in [Fault::EmptyIsEnd, Fault::GluedEndDrops] {
        assert_eq!(by_walking(fault, &stream), (BTreeSet::new(), None), "{fault:?}");
        assert_eq!(by_proof(fault, &stream).0, BTreeSet::from([Kind::MissingFrame]), "{fault:?}");
    }
}

#[test]
fn a_decoder_whose_state_depends_on_bytes_alone_has_one_node_at_each_offset() {
    // Header and body bytes are kept in one buffer; the pieces of the toy count too, so this one has none.
    #[derive(Clone, PartialEq)]
    struct Plain(Vec<u8>);
    impl framewright::segment::Testee for Plain {
        fn feed(&mut self, chunk: &[u8], out: &mut Vec<framewright::segment::Observed>) {
            self.0.extend_from_slice(chunk);
            while let Some(header) = self.0.first_chunk::<4>() {
                let end = 4 + u32::from_le_bytes(*header) as usize;
                if self.0.len() < end {
                    break;
                }
                out.push(framewright::segment::Observed::Frame(self.0.drain(..end).collect()));
            }
        }
        fn finish(
            &mut self,
            last: &[u8],
            out: &mut Vec<framewright::segment::Observed>,
        ) -> framewright::segment::ObservedEnd {
            self.feed(last, out);
            framewright::segment::ObservedEnd::Unknown
        }
    }
    let stream = stream();
    let n = stream.len();
    let proof = prove(&Plain(vec![]), &demand(&stream).judge(), &stream, 100);
    // Each of the n(n+1)/2 chunks, and from each of the n + 1 offsets the empty one and the end.
    assert_eq!(proof, Proof::Proved { nodes: n + 1, feeds: n * (n + 1) / 2 + 2 * (n + 1) });
}

#[test]
fn a_proof_with_too_many_states_says_nothing() {
    let stream = stream();
    assert_eq!(prove(&Toy::new(Fault::None), &demand(&stream).judge(), &stream, 20), Proof::BudgetExceeded);
}

/// Which families find each fault in the stream of 7 + 9 + 4 bytes.
#[test]
fn each_family_kills_its_mutants() {
    use Family::{EveryByte, OneCut, Random, Square, TwoCuts, Uniform, Whole};
    // The families that cannot find it; `exhaustive` finds all.
    let table: [(Fault, &[Family]); 11] = [
        // An uncut header is needed to see nothing.
        (Fault::ForgetsCutHeader, &[Whole]),
        // Two cuts in one header.
        (Fault::HeaderInThreePieces, &[Whole, OneCut]),
        // The uncut stream, which is part of every family, has three frames in one chunk.
        (Fault::OneFrameAFeed, &[]),
        (Fault::LosesTheRest, &[]),
        // Every family has an empty feed in front.
        (Fault::EmptyIsEnd, &[]),
        (Fault::GluedEndDrops, &[]),
        (Fault::ThirdPieceReplaces, &[Whole, OneCut]),
        (Fault::OneByteEarly, &[Whole]),
        (Fault::WaitsForMore, &[]),
        // More than five pieces of one frame.
        (Fault::GivesUpAfterFive, &[Whole, OneCut, TwoCuts]),
        // No header is about to be read five bytes before the end, so both ends of such a chunk are cuts.
        (Fault::FiveBytesInHeader, &[Whole, EveryByte, OneCut]),
    ];
    let stream = stream();
    let seams = [4, 7, 11, 16, 20];
    for (fault, blind) in table {
        for family in [Whole, EveryByte, OneCut, TwoCuts, Uniform, Family::Seams, Random, Family::Exhaustive, Square] {
            let cases = family.cases(stream.len(), &seams, Rng::new(1, "mutants")).unwrap();
            let killed = cases.iter().any(|cuts| !kinds(fault, &stream, &cuts).is_empty());
            assert_eq!(killed, !blind.contains(&family), "{fault:?} {family}");
        }
    }
}

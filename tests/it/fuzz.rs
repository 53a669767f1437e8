//! Campaigns against decoders with planted faults.

use framewright::fuzz::{Campaign, Fuzzed, Worker};
use framewright::runner::{About, Job, Kind, Known, run_testee};
use framewright::segment::{Family, Observed, ObservedEnd, Testee};
use framewright::vector::{Vector, derive};

use crate::toy::{Fault, Toy, frame, protocol};

fn fuzz<T: Testee>(workers: usize, cases: usize, fresh: impl Fn() -> T + Copy + Send + Sync) -> Fuzzed {
    let meaning = protocol();
    let known = Known::default();
    let campaign = Campaign {
        testee: "toy",
        reach: "",
        meaning: &meaning,
        known: &known,
        strict: false,
        family: Family::Sample,
        seed: 1,
        most: 400,
        cases: Some(cases),
    };
    let worker = |_| -> Worker<'_> {
        Box::new(move |job: &Job<'_>| run_testee(job, &About { decodes: true, ..About::default() }, &fresh))
    };
    let mut workers: Vec<Worker<'_>> = (0..workers).map(worker).collect();
    let seeds = derive(meaning.plan()).tests.into_iter().map(|vector| vector.stream).collect();
    campaign.run(seeds, &mut workers, &|| false, &|_| {}, &mut |_| {}).unwrap()
}

fn kinds(fuzzed: &Fuzzed) -> Vec<Kind> {
    fuzzed.report.vectors.iter().flat_map(|vector| &vector.findings).map(|finding| finding.kind).collect()
}

#[test]
fn nothing_is_found_in_a_right_decoder() {
    let fuzzed = fuzz(2, 40_000, || Toy::new(Fault::None));
    assert_eq!(kinds(&fuzzed), []);
    assert!(fuzzed.progress.cases >= 40_000 && fuzzed.progress.streams > 1000, "{:?}", fuzzed.progress);
    // Streams of no frame and of many, clean and cut off, and refused at each byte of a header that can be.
    assert!(fuzzed.corpus.len() >= 10, "{}", fuzzed.corpus.len());
}

#[test]
fn every_planted_fault_is_found() {
    use Fault::*;
    let all = [
        ForgetsCutHeader,
        HeaderInThreePieces,
        OneFrameAFeed,
        LosesTheRest,
        EmptyIsEnd,
        GluedEndDrops,
        ThirdPieceReplaces,
        OneByteEarly,
        GivesUpAfterFive,
        FiveBytesInHeader,
        PanicsOnOneByte,
        ChecksWholeHeaders,
        ChecksNothing,
    ];
    for fault in all {
        assert_ne!(kinds(&fuzz(1, 20_000, || Toy::new(fault))), [], "{fault:?}");
    }
}

#[test]
fn a_finding_is_made_small() {
    let fuzzed = fuzz(1, 20_000, || Toy::new(Fault::ForgetsCutHeader));
    let at = kinds(&fuzzed).iter().position(|kind| *kind == Kind::MissingFrame).unwrap();
    let (vector, finding) = (&fuzzed.vectors[at], &fuzzed.report.vectors[at].findings[0]);
    // An empty frame whose header is cut once.
    assert_eq!((vector.stream.as_slice(), finding.cuts.cuts.as_slice()), (&[0, 0, 0, 0][..], &[1][..]));
    assert_eq!((finding.expected.as_str(), finding.got.as_str()), ("4:00000000  .", "."));
}

#[test]
fn the_same_seed_finds_the_same_however_many_work() {
    let fault = || Toy::new(Fault::ThirdPieceReplaces);
    let (one, three) = (fuzz(1, 30_000, fault), fuzz(3, 30_000, fault));
    assert_eq!((&one.vectors, &one.corpus, one.progress), (&three.vectors, &three.corpus, three.progress));
    assert!(!one.vectors.is_empty());
}

/// A decoder that loses every frame whose body is one byte that no derived vector has.
#[derive(Clone)]
struct Loses(Toy);

impl Loses {
    fn lose(&mut self, out: &mut Vec<Observed>) {
        out.retain(|seen| *seen != Observed::Frame(frame(&[0x7f])));
    }
}

impl Testee for Loses {
    fn feed(&mut self, chunk: &[u8], out: &mut Vec<Observed>) {
        self.0.feed(chunk, out);
        self.lose(out);
    }

    fn finish(&mut self, last: &[u8], out: &mut Vec<Observed>) -> ObservedEnd {
        let end = self.0.finish(last, out);
        self.lose(out);
        end
    }
}

#[test]
fn what_no_vector_shows_is_found() {
    let holds = |vector: &Vector| vector.stream.windows(5).any(|bytes| bytes == frame(&[0x7f]));
    assert!(!derive(protocol().plan()).tests.iter().any(holds));
    let fuzzed = fuzz(1, 200_000, || Loses(Toy::new(Fault::None)));
    assert_eq!(kinds(&fuzzed), [Kind::MissingFrame], "{:?}", fuzzed.progress);
    assert_eq!(fuzzed.vectors[0].stream, frame(&[0x7f]));
}

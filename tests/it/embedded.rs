//! Testees in this process: the reference decoder, tokio-util's codecs, and decoders with planted faults.

use std::sync::Arc;

use framewright::runner::embedded::Embedded;
use framewright::runner::{About, Job, Kind, Known, Meaning, RunReport, Verdict, run_provable, run_testee};
use framewright::segment::{Family, Observed, ObservedEnd, Testee, Tier};
use framewright::vector::{Level, Vector};
use framewright::{model, plan};

use crate::toy::{Fault, Toy, frame, protocol, vector};

fn job<'a>(meaning: &'a Meaning, vectors: &'a [Vector], known: &'a Known) -> Job<'a> {
    Job {
        reach: "",
        testee: "toy",
        meaning,
        vectors,
        family: Family::Proof,
        seed: 1,
        shard: None,
        select: &|_| true,
        known,
        shrink: framewright::runner::Shrink::Frames,
        progress: &|_| {},
    }
}

fn vectors() -> Vec<Vector> {
    vec![
        vector("two", [frame(b"abc"), frame(b"defgh")].concat()),
        vector("refused", [frame(b"a"), vec![0xff; 4]].concat()),
        vector("truncated", [frame(b"abcd"), vec![9, 0]].concat()),
        vector("long", [frame(&[7; 300]), frame(b"x")].concat()),
    ]
}

fn run(fault: Fault) -> RunReport {
    run_provable(&job(&protocol(), &vectors(), &Known::default()), &About::default(), &|| Toy::new(fault))
}

#[test]
fn the_reference_decoder_is_proved() {
    let report = Embedded::Reference.run(&job(&protocol(), &vectors(), &Known::default()));
    for vector in &report.vectors {
        assert_eq!((vector.verdict, vector.tier), (Verdict::Pass, Tier::Proved), "{vector:#?}");
    }
    // One control, n(n+1)/2 chunks, n + 1 empty ones and n + 1 ends of each stream: one state at each offset.
    let feeds = |n: usize| 1 + n * (n + 1) / 2 + 2 * (n + 1);
    // After the reject of a length too large, at the last byte of the second, no further offset has another state.
    let cases: Vec<usize> = report.vectors.iter().map(|vector| vector.cases).collect();
    assert_eq!(cases, [feeds(16), feeds(9), feeds(10), feeds(309)]);
}

#[test]
fn tokio_util_is_proved_on_what_its_codec_serves() {
    let report = Embedded::TokioUtil.run(&job(&protocol(), &vectors(), &Known::default()));
    for vector in &report.vectors {
        assert_eq!((vector.verdict, vector.tier), (Verdict::Pass, Tier::Proved), "{vector:#?}");
    }
    assert_eq!(report.vectors.len(), 4);
    let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock")).unwrap();
    let locked = format!("name = \"tokio-util\"\nversion = \"{}\"\n", report.version);
    assert!(lock.contains(&locked), "{locked}");
}

#[test]
fn tokio_util_hands_out_an_unfinished_line_at_the_end() {
    let spec = "framewright: 1\nname: line\nframe:\n  - text: str until \"\\n\" or \"\\r\\n\" max 10\n";
    let spec = format!("{spec}emit: text\nmax_frame: 12\n");
    let meaning = Meaning::new(Arc::new(plan::lower(&model::load(spec.as_bytes()).unwrap())));
    let mut vector = vector("cut short", b"ab\r\ncd".to_vec());
    vector.expect = meaning.of(&vector.stream, Default::default()).unwrap();
    let report = Embedded::TokioUtil.run(&job(&meaning, &[vector], &Known::default()));
    let [finding] = &report.vectors[0].findings[..] else { panic!("{report:#?}") };
    assert_eq!((finding.kind, finding.uncut), (Kind::ExtraFrame, true));
    // The whole frame in front is not needed.
    assert_eq!((finding.stream.as_slice(), finding.replay.to_string()), (&b"cd"[..], "-".to_owned()));
    assert_eq!((finding.expected.as_str(), finding.got.as_str()), ("+", "2:6364  ."));
}

#[test]
fn a_protocol_that_tokio_util_cannot_split_is_skipped_with_the_reason() {
    let spec = "framewright: 1\nname: fixed\nframe:\n  - body: bytes[3]\n";
    let meaning = Meaning::new(Arc::new(plan::lower(&model::load(spec.as_bytes()).unwrap())));
    let report = Embedded::TokioUtil.run(&job(&meaning, &[], &Known::default()));
    assert_eq!(report.skipped, Some("tokio-util has no codec for frames of a fixed size".to_owned()));
}

#[test]
fn a_fault_is_shown_with_the_fewest_cuts_and_without_other_frames() {
    let report = run(Fault::ForgetsCutHeader);
    let two = &report.vectors[0];
    assert_eq!((two.verdict, two.tier), (Verdict::Fail(Level::Must), Tier::Proved));
    let finding = two.findings.iter().find(|finding| finding.kind == Kind::FalseReject).unwrap();
    // Without its first byte the frame begins with the length 0x61000000.
    assert!(!finding.uncut);
    assert_eq!((finding.cuts.to_string(), finding.replay.to_string()), ("1".to_owned(), "1".to_owned()));
    assert_eq!(finding.stream, frame(b"abc"));
    assert_eq!(finding.expected, "7:03000000616263  .");
    assert!(finding.got.starts_with("7!frame-too-large"), "{}", finding.got);
}

#[test]
fn where_the_control_fails_the_cuts_are_compared_with_it() {
    // Wrong uncut, and the same under every cut: the decoder's fault alone.
    let report = run(Fault::ChecksNothing);
    let refused = &report.vectors[1];
    let kinds: Vec<(Kind, bool)> = refused.findings.iter().map(|finding| (finding.kind, finding.uncut)).collect();
    assert_eq!(kinds, [(Kind::MissedReject, true)], "{refused:#?}");
    // Wrong uncut, and in another way where the frames come in chunks of their own.
    let report = run(Fault::LosesTheRest);
    let two = &report.vectors[0];
    let kinds: Vec<(Kind, bool)> = two.findings.iter().map(|finding| (finding.kind, finding.uncut)).collect();
    assert_eq!(kinds, [(Kind::CutDependent, false), (Kind::MissingFrame, true)], "{two:#?}");
}

#[test]
fn lateness_is_advised_and_does_not_fail() {
    let report = run(Fault::WaitsForMore);
    let two = &report.vectors[0];
    let kinds: Vec<(Kind, Level)> = two.findings.iter().map(|finding| (finding.kind, finding.level)).collect();
    assert_eq!(kinds, [(Kind::LateFrame, Level::Should)], "{two:#?}");
    assert_eq!(two.verdict, Verdict::Fail(Level::Should));
    assert!(!two.fails(false));
}

#[test]
fn a_panic_is_a_crash_and_the_run_goes_on() {
    let report = run(Fault::PanicsOnOneByte);
    assert_eq!(report.vectors.len(), 4);
    // The two bytes behind the whole frame of the third stream need one cut to come one by one.
    for (vector, cuts) in report.vectors.iter().zip(["1,2", "1,2", "1", "1,2"]) {
        assert_eq!(vector.findings[0].kind, Kind::Crash, "{vector:#?}");
        assert_eq!(vector.findings[0].text, "index out of range");
        assert_eq!(vector.findings[0].cuts.to_string(), cuts);
    }
}

#[test]
fn a_vector_of_level_should_fails_no_run() {
    let mut vectors = vectors();
    vectors[0].level = Level::Should;
    let known = Known::default();
    let meaning = protocol();
    let fresh = || Toy::new(Fault::LosesTheRest);
    let report = run_provable(&job(&meaning, &vectors[..1], &known), &About::default(), &fresh);
    assert_eq!(report.vectors[0].verdict, Verdict::Fail(Level::Should));
    assert!(!report.vectors[0].fails(false));
    assert!(report.vectors[0].fails(true));
}

#[test]
fn a_decoder_with_too_many_states_is_cut_by_square() {
    // It counts its chunks, which changes nothing that can be seen.
    #[derive(Clone, PartialEq)]
    struct Counting(Toy, Vec<usize>);
    impl Testee for Counting {
        fn feed(&mut self, chunk: &[u8], out: &mut Vec<Observed>) {
            self.1.push(chunk.len());
            self.0.feed(chunk, out);
        }
        fn finish(&mut self, last: &[u8], out: &mut Vec<Observed>) -> ObservedEnd {
            self.0.finish(last, out)
        }
    }
    let vectors = vectors();
    let (meaning, known) = (protocol(), Known::default());
    let job = job(&meaning, &vectors[..3], &known);
    let fresh = || Counting(Toy::new(Fault::None), Vec::new());
    let report = run_provable(&job, &About::default(), &fresh);
    for vector in &report.vectors {
        assert_eq!((vector.verdict, vector.tier), (Verdict::Pass, Tier::Square), "{vector:#?}");
    }
    assert_eq!(run_testee(&job, &About::default(), &fresh), report);
}

#[test]
fn the_reference_decoder_passes_every_derived_vector_and_short_ones_are_proved() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/spec");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut specs: Vec<_> =
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "yaml")).collect();
    specs.sort();
    assert!(specs.len() > 20, "{specs:?}");
    for path in specs {
        let plan = Arc::new(plan::lower(&model::load(&std::fs::read(&path).unwrap()).unwrap()));
        let vectors = framewright::vector::derive(&plan).tests;
        let report = Embedded::Reference.run(&job(&Meaning::new(plan), &vectors, &Known::default()));
        assert!(!report.vectors.is_empty(), "{}", path.display());
        for vector in &report.vectors {
            assert_eq!(vector.verdict, Verdict::Pass, "{}: {vector:#?}", path.display());
            let tier = if vector.stream.len() > 2048 { Tier::SquareSeams } else { Tier::Proved };
            assert_eq!(vector.tier, tier, "{}: {}", path.display(), vector.id);
        }
    }
}

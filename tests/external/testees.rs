//! Testees that are programs, good ones and bad ones: every run ends, says what happened, and leaves no process behind.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use framewright::interp::{Class, End};
use framewright::runner::{
    Answer, Job, Kind, Known, Meaning, Program, RunReport, Session, Shard, Status, Verdict, answer_one, status,
};
use framewright::segment::{Family, Segmentation, Tier};
use framewright::value::Fields;
use framewright::vector::{EncodeVector, Expect, Expected, Level, Vector};
use framewright::{model, plan};

use crate::toy::{frame, protocol, vector};

pub(crate) fn vectors() -> Vec<Vector> {
    vec![
        vector("one", frame(b"abc")),
        vector("two", [frame(b"abc"), frame(b"defgh")].concat()),
        vector("three", [frame(b""), frame(b"x")].concat()),
        vector("refused", [frame(b"a"), vec![0xff; 4]].concat()),
        vector("truncated", [frame(b"abcd"), vec![9, 0]].concat()),
    ]
}

/// For the testees that encode.
fn encodes() -> Vec<EncodeVector> {
    let vector = |body: &[u8]| EncodeVector {
        id: format!("encodes-{}", String::from_utf8_lossy(body)),
        name: String::new(),
        flags: Vec::new(),
        source: None,
        derived: false,
        value: Fields::default(),
        expect: Ok(frame(body)),
    };
    [&b"a"[..], b"b", b"c", b"d", b"e"].map(vector).to_vec()
}

fn program(way: &str, mark: &str) -> Program {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testees/toy.py");
    let command = ["python3", script, way, mark].map(str::to_owned).to_vec();
    let mut program = Program::new(command, "fwt 1 protocol=toy framing=other".to_owned());
    program.deadline = Duration::from_millis(1500);
    program.startup = Duration::from_secs(5);
    program
}

pub(crate) fn run_with(way: &str, vectors: &[Vector], change: impl Fn(&mut Job<'_>)) -> RunReport {
    run_on(&protocol(), way, vectors, change)
}

fn run_on(meaning: &Meaning, way: &str, vectors: &[Vector], change: impl Fn(&mut Job<'_>)) -> RunReport {
    let mark = format!("fw-{way}-{}", std::process::id());
    let known = Known::default();
    let mut job = Job {
        reach: "",
        testee: "toy",
        meaning,
        vectors,
        family: Family::Square,
        seed: 1,
        shard: None,
        select: &|_| true,
        known: &known,
        shrink: framewright::runner::Shrink::Frames,
        progress: &|_| {},
    };
    change(&mut job);
    let started = Instant::now();
    let program = program(way, &mark);
    let mut session = Session::default();
    let mut report = session.run(&job, &encodes(), &program);
    report.error = report.error.or(session.end(&program).err());
    assert!(started.elapsed() < Duration::from_secs(120), "{way}: {:?}", started.elapsed());
    let left = Command::new("pgrep").args(["-f", &mark]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&left.stdout), "", "{way}");
    report
}

fn run(way: &str) -> RunReport {
    run_with(way, &vectors(), |_| {})
}

/// An id, the verdict, and the kind and cuts of each finding.
pub(crate) type Seen<'a> = (&'a str, Verdict, Vec<(Kind, String)>);

pub(crate) fn verdicts(report: &RunReport) -> Vec<Seen<'_>> {
    let findings = |findings: &[framewright::runner::Finding]| {
        findings.iter().map(|finding| (finding.kind, finding.cuts.to_string())).collect()
    };
    report.vectors.iter().map(|vector| (vector.id.as_str(), vector.verdict, findings(&vector.findings))).collect()
}

fn all_pass(report: &RunReport) {
    let verdicts: Vec<Verdict> = report.vectors.iter().map(|vector| vector.verdict).collect();
    assert_eq!(verdicts, [Verdict::Pass; 5], "{report:#?}");
}

#[test]
fn a_right_testee_passes_every_case() {
    let report = run("none");
    all_pass(&report);
    assert_eq!((report.version.as_str(), report.language.as_str()), ("9.1", "python"));
    assert!(report.vectors.iter().all(|vector| vector.tier == Tier::Square));
    assert!(report.cases > 2000, "{}", report.cases);
    assert_eq!(report.error, None);
    assert_eq!(status(&[report], true), Status::Clean);
}

#[test]
fn a_failure_is_shrunk_to_the_smallest_stream_and_the_fewest_cuts() {
    let report = run("wrong-on-two-cuts");
    let expected = |id: &str| match id {
        // The first three pieces lose their first byte with the third one; the earliest cuts that do it.
        "one" | "two" | "three" => "1,2",
        _ => "",
    };
    for vector in &report.vectors {
        for finding in vector.findings.iter().filter(|finding| finding.level == Level::Must) {
            assert_eq!(finding.cuts.cuts.len(), 2, "{vector:#?}");
            assert!(!finding.uncut);
        }
        if !expected(&vector.id).is_empty() {
            assert_eq!(vector.verdict, Verdict::Fail(Level::Must), "{vector:#?}");
        }
    }
    assert_eq!(status(&[report], false), Status::Findings);
}

#[test]
fn a_crash_is_found_to_its_case_and_the_rest_goes_on() {
    for (way, text) in [("crash", "SIGSEGV"), ("exit", "exit status 3")] {
        let report = run(way);
        for vector in &report.vectors {
            assert_eq!(vector.verdict, Verdict::Fail(Level::Must), "{way}");
            let [finding] = &vector.findings[..] else { panic!("{way}: {vector:#?}") };
            assert_eq!((finding.kind, finding.cuts.to_string()), (Kind::Crash, "6".to_owned()), "{way}");
            assert!(finding.text.contains(text), "{way}: {}", finding.text);
        }
        assert_eq!(report.vectors.len(), 5);
        assert_eq!(report.error, None);
    }
}

#[test]
fn a_hang_is_found_to_its_case_and_its_children_are_killed() {
    let report = run_with("hang", &vectors()[..2], |_| {});
    let hang = vec![(Kind::Hang, "6".to_owned())];
    let fail = Verdict::Fail(Level::Must);
    assert_eq!(verdicts(&report), [("one", fail, hang.clone()), ("two", fail, hang)]);
}

#[test]
fn a_testee_that_never_answers_costs_three_vectors() {
    let report = run("deaf");
    let hang = vec![(Kind::Hang, "-".to_owned())];
    let (fail, not_run) = (Verdict::Fail(Level::Must), Verdict::NotRun);
    let expected = [
        ("one", fail, hang.clone()),
        ("two", fail, hang.clone()),
        ("three", fail, hang),
        ("refused", not_run, vec![]),
        ("truncated", not_run, vec![]),
    ];
    assert_eq!(verdicts(&report), expected);
    assert_eq!(report.error.as_deref(), Some("the testee hung on 3 vectors in a row; 2 vectors were not run"));
}

#[test]
fn a_testee_that_never_reads_hangs_no_writer() {
    // In hex more than a pipe holds.
    let long = [vector("long", frame(b"").repeat(25_000))];
    let started = Instant::now();
    let report = run_with("deaf-to-long-lines", &long, |job| job.family = Family::Whole);
    assert_eq!(verdicts(&report), [("long", Verdict::Fail(Level::Must), vec![(Kind::Hang, "-".to_owned())])]);
    assert_eq!(report.vectors[0].findings[0].text, "it read no more of its stdin within 1500 ms");
    // A child that left the process group holds the other end of the pipe for half a minute.
    let report = run_with("escapes", &long, |job| job.family = Family::Whole);
    assert_eq!(report.vectors[0].verdict, Verdict::Fail(Level::Must));
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[test]
fn a_testee_that_answers_without_reading_is_found_out() {
    let report = run("floods");
    for vector in &report.vectors {
        assert_eq!(vector.verdict, Verdict::Fail(Level::Must), "{vector:#?}");
        assert!(vector.findings.iter().any(|finding| finding.kind == Kind::ProtocolError), "{vector:#?}");
    }
    // Here each of its lines would be right: a frame that never comes to its end.
    let half = [vector("half", frame(&[7; 250])[..200].to_vec())];
    let report = run_with("floods-right", &half, |_| {});
    let [finding] = &report.vectors[0].findings[..] else { panic!("{report:#?}") };
    assert_eq!((finding.kind, finding.text.as_str()), (Kind::ProtocolError, "it answers cases that it has not read"));
}

#[test]
fn a_vector_that_breaks_an_encoder_does_not_end_the_others() {
    let encoded = |report: &RunReport| -> Vec<(String, Verdict, Vec<Kind>)> {
        let encodes = report.vectors.iter().filter(|vector| vector.encodes);
        let kinds = |vector: &framewright::runner::VectorReport| vector.findings.iter().map(|each| each.kind).collect();
        encodes.map(|vector| (vector.id.clone(), vector.verdict, kinds(vector))).collect()
    };
    let row = |id: &str, verdict, kinds: &[Kind]| (id.to_owned(), verdict, kinds.to_vec());
    let (pass, fail, not_run) = (Verdict::Pass, Verdict::Fail(Level::Must), Verdict::NotRun);

    let report = run("encode-crash");
    let mut expected = ["a", "b", "c", "d", "e"].map(|id| row(&format!("encodes-{id}"), pass, &[]));
    expected[1] = row("encodes-b", fail, &[Kind::Crash]);
    assert_eq!((encoded(&report), report.error), (expected.to_vec(), None));

    let report = run_with("encode-hang", &vectors()[..1], |_| {});
    let expected = [
        row("encodes-a", fail, &[Kind::Hang]),
        row("encodes-b", fail, &[Kind::Hang]),
        row("encodes-c", fail, &[Kind::Hang]),
        row("encodes-d", not_run, &[]),
        row("encodes-e", not_run, &[]),
    ];
    assert_eq!(encoded(&report), expected);
    let why = "the testee hung on 3 vectors in a row; 2 vectors to be encoded were not run";
    assert_eq!(report.error.as_deref(), Some(why));

    // It ends on the last stream, and is started again to encode.
    let report = run_with("encode-exit", &vectors()[..1], |_| {});
    assert_eq!(report.vectors[0].verdict, fail);
    let expected = ["a", "b", "c", "d", "e"].map(|id| row(&format!("encodes-{id}"), pass, &[]));
    assert_eq!((encoded(&report), report.error), (expected.to_vec(), None));
}

#[test]
fn what_is_no_reply_is_told_apart() {
    let table = [
        ("garbage", "`hello world` is neither an event nor an end"),
        ("not-utf8", "the reply is not UTF-8"),
        ("two-replies", "more than one reply to a case"),
        ("endless", "a reply is longer than"),
    ];
    for (way, text) in table {
        let report = run_with(way, &vectors()[..2], |_| {});
        for vector in &report.vectors {
            let finding = vector.findings.iter().find(|finding| finding.kind == Kind::ProtocolError);
            let finding = finding.unwrap_or_else(|| panic!("{way}: {vector:#?}"));
            assert!(finding.text.contains(text), "{way}: {}", finding.text);
            assert_eq!(finding.cuts.to_string(), "6", "{way}");
        }
    }
}

#[test]
fn a_missing_reply_is_found() {
    let report = run_with("no-reply", &vectors()[..1], |_| {});
    assert_eq!(report.vectors[0].verdict, Verdict::Fail(Level::Must), "{report:#?}");
}

#[test]
fn state_that_leaks_from_case_to_case_is_told_from_a_cut() {
    let report = run_with("leak", &vectors()[..2], |_| {});
    for vector in &report.vectors {
        assert_eq!(vector.findings.len(), 1, "{vector:#?}");
        assert_eq!(vector.findings[0].kind, Kind::OrderDependent);
    }
}

#[test]
fn a_wrong_goodbye_is_an_error() {
    let report = run("miscounts");
    // One more case for each vector: the empty stream behind it.
    let wanted = format!("must be answered by `bye {}`", report.cases + 5);
    assert!(report.error.as_ref().is_some_and(|error| error.contains(&wanted)), "{:?}", report.error);
}

#[test]
fn a_testee_that_does_not_start_or_skips_gives_no_verdict() {
    let report = run("no-start");
    let error = report.error.clone().unwrap();
    assert!(error.contains("exit status 7; it logged: there is no decoder here"), "{error}");
    assert_eq!(status(&[report], false), Status::Failed);

    let report = run("bad-hello");
    assert!(report.error.unwrap().contains("the first line must be `fwt 1 …`"));

    let report = run("skip");
    assert_eq!(report.skipped, Some("the extension is absent".to_owned()));
    assert_eq!(status(&[report], false), Status::Nothing);
}

#[test]
fn a_testee_that_checks_framing_gets_what_framing_decides() {
    let spec = "framewright: 1\nname: toy\nendian: little\nmax_frame: 304\nframe:\n  - length: u32 counts body\n  \
                - body: bytes via utf8\n";
    let meaning = Meaning::new(Arc::new(plan::lower(&model::load(spec.as_bytes()).unwrap())));
    let mut vectors = vectors();
    let mut text = vector("text", frame(b"\xff\xff"));
    // The body's last byte makes it no UTF-8; a framer lets it pass.
    text.expect = Expect { events: vec![Expected::Reject { class: Class::BadBody, at: 5 }], end: End::Rejected };
    vectors.push(text);
    let report = run_on(&meaning, "framing", &vectors, |_| {});
    let verdicts: Vec<Verdict> = report.vectors.iter().map(|vector| vector.verdict).collect();
    let pass = Verdict::Pass;
    assert_eq!(verdicts, [pass, pass, pass, pass, pass, Verdict::NotApplicable]);
    let report = run_on(&meaning, "none", &vectors[5..], |_| {});
    let [finding] = &report.vectors[0].findings[..] else { panic!("{report:#?}") };
    assert_eq!((finding.kind, finding.uncut), (Kind::MissedReject, true));
}

#[test]
fn one_case_is_replayed_in_a_fresh_process() {
    let stream = frame(b"abc");
    let cuts: Segmentation = "6".parse().unwrap();
    let answer = answer_one(&program("none", "replay"), &stream, &cuts).unwrap();
    assert!(matches!(answer, Answer::Reply(_)), "{answer:?}");
    let answer = answer_one(&program("exit", "replay"), &stream, &cuts).unwrap();
    assert_eq!(answer, Answer::Broken(Kind::Crash, "it ended with exit status 3".to_owned()));
}

#[test]
fn shards_part_the_vectors() {
    let mut ids: Vec<String> = Vec::new();
    for index in 1..=3 {
        let shard = Shard { index, of: 3 };
        ids.extend(vectors().iter().filter(|vector| shard.has(&vector.id)).map(|vector| vector.id.clone()));
    }
    ids.sort_unstable();
    assert_eq!(ids, ["one", "refused", "three", "truncated", "two"]);
    assert_eq!(Shard::parse("2/5"), Some(Shard { index: 2, of: 5 }));
    for wrong in ["0/5", "6/5", "2", "a/b", "1/0"] {
        assert_eq!(Shard::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn a_signal_ends_what_the_run_started() {
    let mark = format!("fw-signal-{}", std::process::id());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testees/toy.py");
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let mut run = Command::new(env!("CARGO_BIN_EXE_framewright"));
        run.args(["test", "line", "--deadline", "60", "--", "python3", script, "deaf", &mark]);
        let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_secs(2));
        let killed = Command::new("kill").args(["-s", signal, &run.id().to_string()]).status().unwrap();
        assert!(killed.success());
        assert_eq!(run.wait().unwrap().code(), Some(code));
        std::thread::sleep(Duration::from_millis(200));
        let left = Command::new("pgrep").args(["-f", &mark]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&left.stdout), "", "{signal}");
    }
}

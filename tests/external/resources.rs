//! Time and memory of testees, good ones and such as take too much.

use std::sync::Arc;
use std::time::Duration;

use framewright::plan::framing;
use framewright::runner::{
    Check, Job, Known, Meaning, Outcome, Program, RunReport, Shrink, Status, judge_resources, run_program, status,
};
use framewright::segment::Family;
use framewright::{model, plan};

use crate::toy::{frame, vector};

/// The toy protocol with room for large frames.
fn protocol(limit: &str) -> Meaning {
    let spec = format!(
        "framewright: 1\nname: toy\nendian: little\nmax_frame: {limit}\nframe:\n  - length: u32 counts body\n  - body: bytes\n"
    );
    Meaning::new(Arc::new(plan::lower(&model::load(spec.as_bytes()).unwrap())))
}

fn run(way: &str, limit: &str, known: &str) -> RunReport {
    let meaning = protocol(limit);
    let vectors = [vector("two", [frame(b"abcd"), frame(b"defgh")].concat())];
    let known = Known::parse(known).unwrap();
    let job = Job {
        reach: "",
        testee: "toy",
        meaning: &meaning,
        vectors: &vectors,
        family: Family::Whole,
        seed: 1,
        shard: None,
        select: &|_| true,
        known: &known,
        shrink: Shrink::Frames,
        progress: &|_| {},
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testees/toy.py");
    let hello = framing::hello(meaning.plan());
    let mut program = Program::new(["python3", script, way].map(str::to_owned).to_vec(), hello);
    program.deadline = Duration::from_secs(60);
    let mut report = run_program(&job, &program);
    judge_resources(&job, &program, &mut report);
    report
}

/// The outcomes in the order of the checks.
fn outcomes(report: &RunReport) -> Vec<(Check, Outcome)> {
    report.resources.iter().map(|resource| (resource.check, resource.outcome)).collect()
}

/// What is expected where all passes but this, with frames of 16 MiB and of 1 MiB: which are too large to be exceeded, and which
/// claim too little.
fn all_but(failing: &[Check], not_judged: Check) -> Vec<(Check, Outcome)> {
    let outcome = |check: Check| match check {
        _ if failing.contains(&check) => Outcome::Fail,
        _ if check == not_judged => Outcome::NotJudged,
        _ => Outcome::Pass,
    };
    Check::ALL.map(|check| (check, outcome(check))).to_vec()
}

#[test]
fn each_excess_is_a_verdict_of_its_own() {
    let table: &[(&str, &[Check])] = &[
        ("none", &[]),
        ("concatenates", &[Check::Drip]),
        ("shifts", &[Check::Coalesced]),
        ("allocates", &[Check::Claim]),
        ("reserves", &[Check::Claim]),
        ("never-forgets", &[Check::Cases]),
    ];
    for (way, failing) in table {
        let report = run(way, "16 MiB", "");
        assert_eq!(outcomes(&report), all_but(failing, Check::Oversize), "{way}: {:#?}", report.resources);
        let strict = if failing.is_empty() { Status::Clean } else { Status::Findings };
        assert_eq!((status(std::slice::from_ref(&report), true), status(&[report], false)), (strict, Status::Clean));
    }
    for (way, failing) in [("none", &[][..]), ("unbounded", &[Check::Oversize])] {
        let report = run(way, "1 MiB", "");
        assert_eq!(outcomes(&report), all_but(failing, Check::Claim), "{way}: {:#?}", report.resources);
    }
}

#[test]
fn what_is_known_does_not_fail_and_what_did_not_happen_is_stale() {
    let known = "- {id: toy/resource-drip, class: superlinear-time, reason: it concatenates}\n\
                 - {id: toy/resource-cases, class: growing-memory, reason: it never forgets}\n\
                 - {id: \"toy/*\", class: unbounded-buffer, reason: not judged here}\n";
    let report = run("concatenates", "16 MiB", known);
    let drip = &report.resources[0];
    assert_eq!((drip.word(), drip.known.as_deref()), ("known", Some("it concatenates")), "{drip:?}");
    assert_eq!(report.stale, ["toy/resource-cases growing-memory"]);
}

#[test]
fn a_testee_that_cannot_be_measured_is_not_judged() {
    let report = run("no-start", "16 MiB", "");
    assert!(report.resources.iter().all(|resource| resource.outcome == Outcome::NotJudged), "{:#?}", report.resources);
    // Frames of 304 bytes.
    let report = run("concatenates", "304", "");
    let [drip, _, claim, ..] = &report.resources[..] else { panic!("{report:#?}") };
    assert_eq!((drip.outcome, claim.outcome), (Outcome::NotJudged, Outcome::NotJudged));
}

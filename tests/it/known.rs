//! Known failures: they have reasons, and they expire.

use framewright::runner::{About, Job, Known, RunReport, Status, Verdict, run_provable, status};
use framewright::segment::Family;
use framewright::vector::Vector;

use crate::toy::{Fault, Toy, frame, protocol, vector};

fn vectors() -> Vec<Vector> {
    vec![vector("two", [frame(b"a"), frame(b"b")].concat()), vector("one", frame(b"abc"))]
}

fn run(fault: Fault, known: &str, family: Family, select: &dyn Fn(&Vector) -> bool) -> RunReport {
    let (meaning, vectors, known) = (protocol(), vectors(), Known::parse(known).unwrap());
    let (shard, known) = (None, &known);
    let vectors = vectors.as_slice();
    let job = Job {
        reach: "",
        testee: "toy",
        meaning: &meaning,
        vectors,
        family,
        seed: 1,
        shard,
        select,
        known,
        shrink: framewright::runner::Shrink::Frames,
        progress: &|_| {},
    };
    run_provable(&job, &About::default(), &|| Toy::new(fault))
}

fn entry(id: &str, class: &str) -> String {
    format!("- id: '{id}'\n  class: {class}\n  reason: it drops the rest of a chunk\n  link: https://example.org\n")
}

/// The verdicts, the stale entries and the exit status.
fn outcome(report: RunReport) -> (Vec<Verdict>, Vec<String>, Status) {
    let verdicts = report.vectors.iter().map(|vector| vector.verdict).collect();
    let stale = report.stale.clone();
    (verdicts, stale, status(&[report], false))
}

/// `LosesTheRest` loses the second of two frames in a chunk: the control lacks it, and where the cut lies between them it does not.
fn both(id: &str) -> String {
    entry(id, "missing-frame") + &entry(id, "cut-dependent")
}

#[test]
fn a_known_failure_passes_with_its_reason() {
    use Verdict::{Known, Pass};
    for id in ["toy/two", "toy/t*", "toy/*o"] {
        let report = run(Fault::LosesTheRest, &both(id), Family::Proof, &|_| true);
        let reason = report.vectors[0].findings[0].known.as_deref();
        assert_eq!(reason, Some("it drops the rest of a chunk"));
        assert_eq!(outcome(report), (vec![Known, Pass], vec![], Status::Clean), "{id}");
    }
}

#[test]
fn entries_of_one_cause_stand_together() {
    let cause = "- id:\n  - toy/one\n  - toy/two\n  class: missing-frame\n  reason: it drops the rest of a chunk\n  \
                 link: https://example.org\n";
    let known = Known::parse(cause).unwrap();
    let ids: Vec<&str> = known.entries().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, ["toy/one", "toy/two"]);
    assert_eq!(known, Known::parse(&(entry("toy/one", "missing-frame") + &entry("toy/two", "missing-frame"))).unwrap());
    assert_eq!(known.updated(&[]), cause);
    // Each of them expires by itself.
    let report =
        run(Fault::LosesTheRest, &(cause.to_owned() + &entry("toy/two", "cut-dependent")), Family::Proof, &|_| true);
    assert_eq!(outcome(report).1, ["toy/one missing-frame"]);
}

#[test]
fn another_deviation_of_the_same_vector_fails() {
    let report = run(Fault::LosesTheRest, &entry("toy/two", "missing-frame"), Family::Proof, &|_| true);
    assert_eq!(outcome(report).2, Status::Findings);
}

#[test]
fn an_entry_that_did_not_happen_is_stale_and_fails() {
    use Verdict::Pass;
    for id in ["toy/two", "toy/*", "toy/t*"] {
        let report = run(Fault::None, &entry(id, "missing-frame"), Family::Square, &|_| true);
        let stale = format!("{id} missing-frame");
        assert_eq!(outcome(report), (vec![Pass, Pass], vec![stale], Status::Findings));
    }
}

#[test]
fn an_entry_of_what_was_not_run_is_not_stale() {
    let one = |vector: &Vector| vector.id == "one";
    for id in ["toy/two", "toy/*", "elsewhere/*"] {
        let report = run(Fault::None, &entry(id, "missing-frame"), Family::Proof, &one);
        assert_eq!(outcome(report), (vec![Verdict::Pass], vec![], Status::Clean), "{id}");
    }
    // Nor one that a family too weak to show it did not show.
    let report = run(Fault::None, &entry("toy/two", "missing-frame"), Family::Whole, &|_| true);
    assert_eq!(outcome(report).2, Status::Clean);
}

#[test]
fn a_list_that_says_too_little_is_refused() {
    let table = [
        ("- {id: p/a, class: crash, reason: ''}", "p/a: crash has no reason; say why the testee does this"),
        ("- {id: p/a, class: broken, reason: r}", "p/a: `broken` is no kind of deviation"),
        ("[{id: p/a, class: crash, reason: r}, {id: p/a, class: crash, reason: s}]", "p/a: crash occurs twice"),
        // In one run it would be judged once for each protocol.
        ("- {id: a, class: crash, reason: r}", "a: crash names no protocol; write PROTOCOL/ and the vector's id"),
        ("- {id: '*/a', class: crash, reason: r}", "*/a: crash names no protocol; write PROTOCOL/ and the vector's id"),
        ("- {id: '*', class: crash, reason: r}", "*: crash names no protocol; write PROTOCOL/ and the vector's id"),
    ];
    for (text, error) in table {
        assert_eq!(Known::parse(text), Err(error.to_owned()));
    }
    assert!(Known::parse("- {id: a, class: crash}").unwrap_err().contains("missing field `reason`"));
    assert!(Known::parse("- {id: a, class: crash, reason: r, why: x}").unwrap_err().contains("unknown field `why`"));
    assert_eq!(Known::parse(""), Ok(Known::default()));
    assert_eq!(Known::parse("# none\n[]\n"), Ok(Known::default()));
}

#[test]
fn an_updated_list_keeps_what_holds_and_is_refused_until_reasons_are_given() {
    let text = entry("toy/two", "missing-frame") + &entry("toy/one", "crash");
    let report = run(Fault::LosesTheRest, &text, Family::Proof, &|_| true);
    let updated = Known::parse(&text).unwrap().updated(&[report]);
    assert_eq!(
        updated,
        "- id: toy/two\n  class: cut-dependent\n  reason: ''\n  link: ''\n\
         - id: toy/two\n  class: missing-frame\n  reason: it drops the rest of a chunk\n  link: https://example.org\n"
    );
    assert_eq!(
        Known::parse(&updated),
        Err("toy/two: cut-dependent has no reason; say why the testee does this".to_owned())
    );
}

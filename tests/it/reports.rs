//! What people, programs and build servers are given.

use framewright::report::{json, junit, text};
use framewright::runner::{About, Check, Job, Known, Outcome, Resource, RunReport, Status, run_provable, status};
use framewright::segment::Family;
use framewright::vector::Vector;

use crate::toy::{Fault, Toy, frame, protocol, vector};

fn vectors() -> Vec<Vector> {
    let mut odd = vector("odd", frame(b"\x00\x01"));
    odd.name = "a <name> & \"quotes\" \u{1}".to_owned();
    vec![vector("one", frame(b"abc")), odd]
}

fn run(fault: Fault, known: &str) -> RunReport {
    let (meaning, vectors, known) = (protocol(), vectors(), Known::parse(known).unwrap());
    let job = Job {
        reach: "--testee toy",
        testee: "toy",
        meaning: &meaning,
        vectors: &vectors,
        family: Family::Proof,
        seed: 1,
        shard: None,
        select: &|_| true,
        known: &known,
        shrink: framewright::runner::Shrink::Frames,
        progress: &|_| {},
    };
    let about = About { version: "9.1".to_owned(), language: "rust".to_owned(), ..About::default() };
    run_provable(&job, &about, &|| Toy::new(fault))
}

/// One of every kind of result.
fn reports() -> Vec<RunReport> {
    let mut skipped = run(Fault::None, "");
    skipped.vectors.clear();
    skipped.testee = "other".to_owned();
    skipped.skipped = Some("the extension is absent".to_owned());
    let mut broken = run(Fault::None, "");
    broken.error = Some("cannot start `java`: \u{0} <no file>".to_owned());
    let known = "- {id: toy/one, class: crash, reason: it indexes}\n- {id: toy/odd, class: hang, reason: stale}";
    vec![run(Fault::None, ""), run(Fault::PanicsOnOneByte, ""), run(Fault::PanicsOnOneByte, known), skipped, broken]
}

#[test]
fn a_failure_shows_fields_bytes_and_cuts_and_how_to_run_it_again() {
    let report = run(Fault::PanicsOnOneByte, "");
    let shown = text::failure(&report, &report.vectors[0], &report.vectors[0].findings[0]);
    assert_eq!(
        shown,
        "FAIL toy on toy: crash in one (7 bytes)\n\
         \x20 0.length  03 ‖ 00 ‖ 00 00\n\
         \x20 0.body    61 62 63\n\
         \x20 expected  7:03000000616263  .\n\
         \x20 got       2!crash index out of range  ?\n\
         \x20 replay    framewright replay one:1,2 --testee toy\n"
    );
}

#[test]
fn the_table_has_a_line_for_each_testee_and_protocol() {
    let reports = reports();
    let cases = |index: usize| reports[index].cases.to_string();
    let table = text::table(&reports, false);
    let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
    let cases: Vec<String> = (0..5).map(cases).collect();
    assert_eq!(lines[0], ["testee", "protocol", "vectors", "cases", "tier", "verdict"]);
    assert_eq!(lines[1], ["toy", "9.1", "toy", "2", &cases[0], "proved", "pass"]);
    assert_eq!(lines[2], ["toy", "9.1", "toy", "2", &cases[1], "proved", "FAIL", "(2", "failed)"]);
    let known = ["toy", "9.1", "toy", "2", &cases[2], "proved", "FAIL", "(1", "failed,", "1", "stale,", "1", "known)"];
    assert_eq!(lines[3], known);
    assert!(table.lines().nth(4).unwrap().contains("error: cannot start `java`"));
    assert_eq!(table.lines().nth(5), Some("other skips toy: the extension is absent"));
}

#[test]
fn the_json_report_says_the_same() {
    let read: serde_json::Value = serde_json::from_str(&json::write(&reports(), false)).unwrap();
    assert_eq!(read["status"], "failed");
    let finding = &read["runs"][1]["vectors"][0]["findings"][0];
    let wanted = serde_json::json!({
        "kind": "crash", "level": "must", "uncut": false, "stream": "03000000616263", "cuts": "1,2",
        "expected": "7:03000000616263  .", "got": "2!crash index out of range  ?", "text": "index out of range",
        "replay": "framewright replay one:1,2 --testee toy"
    });
    assert_eq!(*finding, wanted);
    assert_eq!(read["runs"][2]["vectors"][0]["verdict"], "known");
    assert_eq!(read["runs"][2]["stale"], serde_json::json!(["toy/odd hang"]));
    assert_eq!(read["runs"][3]["skipped"], "the extension is absent");
}

#[test]
fn the_junit_report_has_one_case_a_vector_and_one_for_what_belongs_to_none() {
    let written = junit::write(&reports(), false);
    let head = "<testsuites name=\"framewright\" tests=\"11\" failures=\"4\" errors=\"1\">";
    // 2 + 2 + (2 and a stale entry) + a skipped protocol + (2 and an error).
    assert!(written.contains(head), "{written}");
    assert!(written.contains("name=\"odd a &lt;name&gt; &amp; &quot;quotes&quot; \u{fffd}\""), "{written}");
    assert!(written.contains("<skipped type=\"known failure\" message=\"it indexes\"/>"), "{written}");
    assert!(written.contains("<failure type=\"crash\" message=\"crash\">FAIL toy on toy: crash in one"), "{written}");
}

#[test]
fn time_and_memory_stand_in_every_report() {
    let resource = |check: Check, outcome, known: Option<&str>| Resource {
        check,
        outcome,
        text: format!("figures of {}", check.id()),
        known: known.map(str::to_owned),
    };
    let mut report = run(Fault::None, "");
    report.resources = vec![
        resource(Check::Drip, Outcome::Fail, None),
        resource(Check::Coalesced, Outcome::Pass, None),
        resource(Check::Claim, Outcome::Fail, Some("it reserves")),
        resource(Check::Oversize, Outcome::NotJudged, None),
    ];
    let reports = [report];
    assert_eq!(
        text::resources(&reports),
        "testee  protocol  check               verdict           measured\n\
         toy     toy       resource-drip       superlinear-time  figures of resource-drip\n\
         toy     toy       resource-coalesced  pass              figures of resource-coalesced\n\
         toy     toy       resource-claim      known             figures of resource-claim\n\
         toy     toy       resource-oversize   not judged        figures of resource-oversize\n"
    );
    let shown = "SHOULD toy on toy: superlinear-time in resource-drip (time of one large frame, byte by byte)\n\
                 \x20 measured  figures of resource-drip\n\n";
    assert_eq!((text::failures(&reports, true).as_str(), text::failures(&reports, false).as_str()), (shown, ""));
    assert_eq!((status(&reports, true), status(&reports, false)), (Status::Findings, Status::Clean));

    let read: serde_json::Value = serde_json::from_str(&json::write(&reports, true)).unwrap();
    let words = ["superlinear-time", "pass", "known", "not judged"];
    for (measured, word) in read["runs"][0]["resources"].as_array().unwrap().iter().zip(words) {
        assert_eq!(measured["verdict"], word);
    }
    let (strict, plain) = (junit::write(&reports, true), junit::write(&reports, false));
    assert!(strict.contains("<failure type=\"superlinear-time\""), "{strict}");
    assert!(plain.contains("<system-out>superlinear-time: figures of resource-drip</system-out>"), "{plain}");
    assert!(plain.contains("<skipped type=\"not judged\" message=\"figures of resource-oversize\"/>"), "{plain}");
    assert!(plain.contains("tests=\"6\" failures=\"0\" errors=\"0\" skipped=\"2\""), "{plain}");
}

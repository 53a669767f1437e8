//! Every way in which a program can misbehave, and what it comes to.

use std::process::{Command, Stdio};
use std::time::Duration;

use framewright::runner::Kind;

use crate::testees::{run_with, vectors, verdicts};

/// What a misbehaviour comes to: the kind and cuts of the first vector's only finding, words of its text, and words of the run's error.
struct Row {
    way: &'static str,
    finding: Option<(Kind, &'static str, &'static str)>,
    error: Option<&'static str>,
}

const fn row(way: &'static str, kind: Kind, cuts: &'static str, text: &'static str) -> Row {
    Row { way, finding: Some((kind, cuts, text)), error: None }
}

const fn error(way: &'static str, error: &'static str) -> Row {
    Row { way, finding: None, error: Some(error) }
}

const ROWS: &[Row] = &[
    row("crash", Kind::Crash, "6", "it was ended by SIGSEGV; it logged: about to crash"),
    row("abort", Kind::Crash, "6", "it was ended by SIGABRT"),
    row("exit", Kind::Crash, "6", "it ended with exit status 3"),
    row("exit-after-20", Kind::OrderDependent, "", "it ended with exit status 3); alone the reply is"),
    row("hello-and-exit", Kind::Crash, "-", "it ended with exit status 3"),
    row("closes-stdout", Kind::Crash, "6", "it closed its stdout and lives on"),
    row(
        "child-holds-pipe",
        Kind::Crash,
        "6",
        "it ended with exit status 3; a process that it started holds its stdout open",
    ),
    row("hang", Kind::Hang, "6", "no reply within 1500 ms"),
    row("ignores-signals", Kind::Hang, "6", "no reply within 1500 ms"),
    row("half-a-line-and-hang", Kind::Hang, "6", "no reply within 1500 ms"),
    row("half-a-line-and-exit", Kind::Crash, "6", "it ended with exit status 3"),
    row("stops-reading", Kind::Hang, "~6", "no reply within 1500 ms"),
    row("half-a-line", Kind::ProtocolError, "6", "is neither an event nor an end"),
    row("no-reply", Kind::ProtocolError, "6", "one reply is missing"),
    row("two-replies", Kind::ProtocolError, "6", "more than one reply to a case"),
    row("empty-line", Kind::ProtocolError, "6", "is neither an event nor an end"),
    row("carriage-return", Kind::ProtocolError, "6", "is neither an event nor an end"),
    row("no-end", Kind::ProtocolError, "6", "the reply has no end"),
    row("fed-of-no-chunk", Kind::ProtocolError, "6", "no chunk of 6 ends there"),
    row("garbage", Kind::ProtocolError, "6", "`hello world` is neither an event nor an end"),
    row("not-utf8", Kind::ProtocolError, "6", "the reply is not UTF-8"),
    row("endless", Kind::ProtocolError, "6", "a reply is longer than"),
    row("floods", Kind::ProtocolError, "-", ""),
    row("swapped", Kind::OrderDependent, "", ""),
    row("late-by-one", Kind::ProtocolError, "-", "bytes out of nothing: `7:03000000616263"),
    row("leak", Kind::OrderDependent, "", ""),
    Row { way: "logs-gigabytes", finding: None, error: None },
    Row { way: "child-in-a-session", finding: None, error: None },
    error("exit-at-q", "it ended with exit status 3"),
    error("lives-on", "it answered `bye"),
    error("miscounts", "must be answered by `bye"),
    error("no-start", "it ended with exit status 7; it logged: there is no decoder here"),
    error("silent", "no reply within 5000 ms"),
    error("bad-hello", "the first line must be `fwt 1 …`"),
    error("endless-hello", "a reply is longer than 4096 bytes"),
];

#[test]
fn every_misbehaviour_is_told_from_the_others() {
    let mut faults = String::new();
    for Row { way, finding, error } in ROWS {
        let report = run_with(way, &vectors()[..2], |_| {});
        let found = report.vectors.iter().flat_map(|vector| &vector.findings).next();
        let said = found.map(|found| (found.kind, found.cuts.to_string(), found.text.clone()));
        let right = match (finding, &said) {
            (None, None) => true,
            (Some((kind, cuts, text)), Some((found, at, said))) => {
                kind == found && (cuts.is_empty() || cuts == at) && said.contains(text)
            }
            (None, Some(_)) | (Some(_), None) => false,
        };
        let failed = match (error, &report.error) {
            (None, None) => true,
            (Some(words), Some(error)) => error.contains(words),
            (None, Some(_)) | (Some(_), None) => false,
        };
        // Whatever the first vector did, the second one was run too.
        let all = error.is_some() || report.vectors.iter().all(|vector| vector.cases > 0);
        if !(right && failed && all) {
            faults.push_str(&format!("{way}: {said:?}, {:?}, {:?}\n", report.error, verdicts(&report)));
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn a_line_without_an_end_takes_no_memory_of_ours() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testees/toy.py");
    let spec = std::env::temp_dir().join(format!("framewright-toy-{}.yaml", std::process::id()));
    let text = "framewright: 1\nname: toy\nendian: little\nmax_frame: 304\nframe:\n  - length: u32 counts body\n  - body: bytes\n";
    std::fs::write(&spec, text).unwrap();
    for (way, code) in [("endless", 1), ("endless-hello", 2), ("logs-gigabytes", 0)] {
        let mut run = Command::new(env!("CARGO_BIN_EXE_framewright"));
        run.arg("test").arg(&spec).args(["--filter", "two equal frames", "--", "python3", script, way]);
        let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut peak = 0;
        while run.try_wait().unwrap().is_none() {
            let status = std::fs::read_to_string(format!("/proc/{}/status", run.id())).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
            peak = peak.max(line.split_whitespace().next().unwrap().parse::<u64>().unwrap());
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!((1..64 << 10).contains(&peak), "{way}: {peak} KiB");
        assert_eq!(run.wait().unwrap().code(), Some(code), "{way}");
    }
    std::fs::remove_file(spec).unwrap();
}

//! The JUnit report, against Jenkins' own schema.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn validated(file: &Path) -> Output {
    let schema = Path::new(ROOT).join("conformance/.installed/junit-10.xsd");
    assert!(schema.is_file(), "Jenkins' schema is missing: run tests/external/setup.sh");
    let mut command = Command::new("xmllint");
    command.arg("--noout").arg("--schema").arg(schema).arg(file);
    command.output().expect("xmllint is needed (Debian: libxml2-utils)")
}

fn file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("framewright-{}-{name}.xml", std::process::id()))
}

/// Passes, skips, known failures, findings and a program that does not start.
#[test]
fn reports_of_every_kind_are_valid_in_jenkins_schema() {
    let decoder = "docs/tutorial/decoder.py";
    let runs: [(&str, &[&str], i32); 4] = [
        ("embedded", &["line", "fixed-record", "postgres"], 0),
        ("findings", &["docs/tutorial/ping.yaml", "--", "python3", decoder], 1),
        ("skipped", &["dns-tcp", "--", "python3", decoder], 4),
        ("error", &["dns-tcp", "--", "no-such-program"], 2),
    ];
    for (name, args, status) in runs {
        let file = file(name);
        let report = format!("--report=junit={}", file.display());
        let mut command = Command::new(env!("CARGO_BIN_EXE_framewright"));
        let output = command.current_dir(ROOT).args(["test", &report]).args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(status), "{name}: {}", String::from_utf8_lossy(&output.stdout));
        let verdict = validated(&file);
        assert!(verdict.status.success(), "{name}: {}", String::from_utf8_lossy(&verdict.stderr));
        std::fs::remove_file(&file).unwrap();
    }
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    for (name, wrong) in
        [("order", "<testsuites><testcase name='a'/></testsuites>"), ("word", "<testsuite><case/></testsuite>")]
    {
        let file = file(name);
        std::fs::write(&file, wrong).unwrap();
        assert!(!validated(&file).status.success(), "{wrong}");
        std::fs::remove_file(&file).unwrap();
    }
}

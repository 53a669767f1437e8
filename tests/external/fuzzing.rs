//! `framewright fuzz` on a program, and the project that `framewright generate fuzz` writes.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use framewright::backends::generate;
use framewright::plan::{Plan, lower};
use framewright::{catalogue, model};

/// A folder of its own under `target`, empty.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target").join(name);
    let _absent = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn framewright(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_framewright")).args(args).current_dir(folder).output().unwrap();
    (output.status.code(), format!("{}{}", text(&output.stdout), text(&output.stderr)))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const TOY: &str =
    "framewright: 1\nname: toy\nendian: little\nmax_frame: 304\nframe:\n  - length: u32 counts body\n  - body: bytes\n";
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testees/toy.py");

#[test]
fn a_program_is_fuzzed_and_its_finding_is_a_vector_that_is_run_again() {
    let folder = scratch("fuzz-program");
    std::fs::write(folder.join("toy.yaml"), TOY).unwrap();
    let fuzz = |way: &str| {
        framewright(&folder, &["fuzz", "toy.yaml", "--cases", "20000", "--time", "300s", "--", "python3", SCRIPT, way])
    };
    let (code, told) = fuzz("none");
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains(", 0 findings"), "{told}");

    let (code, told) = fuzz("wrong-on-two-cuts");
    assert_eq!(code, Some(1), "{told}");
    let replay = told.lines().find_map(|line| line.trim().strip_prefix("replay")).unwrap();
    let args: Vec<&str> = replay.split_whitespace().skip(1).collect();
    let (code, again) = framewright(&folder, &args);
    assert_eq!(code, Some(1), "{again}");
    let same: Vec<&str> =
        args.iter().copied().take_while(|arg| *arg != "--").chain(["--", "python3", SCRIPT, "none"]).collect();
    assert_eq!(framewright(&folder, &same).0, Some(0), "the right decoder passes what was found in the wrong one");

    let vectors = ["--vectors", "fuzz-findings/toy.json", "--", "python3", SCRIPT];
    let test = |way| framewright(&folder, &[&["test", "toy.yaml"], &vectors[..], &[way]].concat());
    assert_eq!(test("wrong-on-two-cuts").0, Some(1));
    assert_eq!(test("none").0, Some(0));
}

#[test]
fn a_program_that_cannot_be_run_is_told() {
    let folder = scratch("fuzz-nothing");
    std::fs::write(folder.join("toy.yaml"), TOY).unwrap();
    let (code, told) = framewright(&folder, &["fuzz", "toy.yaml", "--", "no-such-program"]);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("cannot start `no-such-program`"), "{told}");
}

fn plan(text: &str) -> Plan {
    lower(&model::load(text.as_bytes()).unwrap())
}

fn cargo_test(folder: &Path) -> Output {
    let target = folder.parent().unwrap().join("fuzz-project-target");
    Command::new(env!("CARGO")).args(["test", "--target-dir"]).arg(target).current_dir(folder).output().unwrap()
}

/// A project of every protocol that ships: its codecs and targets compile, its corpus passes, and a faulty decoder in the generated one's place does not.
#[test]
fn a_fuzz_project_runs_at_once_and_finds_what_is_wrong() {
    let folder = scratch("fuzz-project");
    let plans: Vec<Plan> = catalogue::specs().iter().map(|(_, text)| plan(text)).collect();
    for file in generate("fuzz", &plans, &[]).unwrap() {
        let path = folder.join(&file.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &file.bytes).unwrap();
    }
    let output = cargo_test(&folder);
    let told = text(&output.stdout);
    assert!(output.status.success(), "{told}{}", text(&output.stderr));
    assert!(told.contains(&format!("{} passed", plans.len())), "{told}");

    let decoder = folder.join("src/session_record_decoder.rs");
    let source = std::fs::read_to_string(&decoder).unwrap();
    let faulty = source.replace("chunk, seen);\n", "chunk.strip_prefix(b\"\\x01\").unwrap_or(chunk), seen);\n");
    assert_ne!(source, faulty);
    std::fs::write(&decoder, faulty).unwrap();
    let output = cargo_test(&folder);
    assert!(!output.status.success());
    assert!(text(&output.stdout).contains("test session_record_split ... FAILED"), "{}", text(&output.stdout));
}

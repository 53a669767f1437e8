//! The command line as a user meets it: help, output, exit status.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

fn run(args: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_framewright"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(args).env("COLUMNS", "120");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that reads nothing may have ended before.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

#[track_caller]
fn check(args: &[&str], input: &str, status: i32, stdout: &str) {
    let output = run(args, input);
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!((output.status.code(), out.as_str()), (Some(status), stdout), "{args:?}\n{err}");
}

#[test]
fn help() {
    let commands =
        ["", "new", "check", "explain", "list", "show", "import", "vectors", "test", "replay", "encode", "decode"];
    let mut pages = String::new();
    for command in commands {
        let args: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
        let output = run(&args, "");
        assert_eq!(output.status.code(), Some(0));
        writeln!(pages, "$ framewright {}\n{}", args.join(" "), String::from_utf8(output.stdout).unwrap()).unwrap();
    }
    insta::assert_snapshot!(pages);
}

/// The value and the bytes of the issue that asked for this protocol: session 123456, type 3, 18 bytes of content.
#[test]
fn encode_and_decode_are_inverse() {
    let value = "{\"session\":\"123456\",\"type\":3,\"content\":{\"text\":\"eighteen bytes ok!\"}}\n";
    let bytes = "000000000001e2400300000012656967687465656e206279746573206f6b21\n";
    check(&["encode", "session-record-plain", "--form", "hex"], value, 0, bytes);
    let line = "{\"frame\":{\"start\":0,\"end\":31,\"fields\":{\"session\":\"123456\",\"type\":3,\"length\":18,\
                \"content\":\"656967687465656e206279746573206f6b21\"}}}\n";
    for cuts in ["-", "1", "8,9,12,13", "~12,12,30"] {
        let decoded = format!("{line}{{\"end\":\"clean\"}}\n");
        check(&["decode", "session-record-plain", "--form", "hex", "--cuts", cuts], bytes, 0, &decoded);
    }
    check(&["encode", "session-record-plain", "--form", "hex"], line, 0, bytes);
}

#[test]
fn decoding_says_what_is_wrong_and_where() {
    let wrong = "{\"reject\":{\"class\":\"bad-const\",\"at\":3}}\n{\"end\":\"rejected\"}\n";
    check(&["decode", "swoole", "--form", "hex"], "53574fff4c45", 1, wrong);
    check(&["decode", "swoole", "--form", "hex"], "5357", 1, "{\"end\":\"incomplete\"}\n");
    check(&["decode", "swoole", "--form", "hex"], "5", 2, "");
    check(&["decode", "swoole", "--cuts", "9"], "SWOOLE", 2, "");
}

#[test]
fn the_exit_status_tells_findings_from_failures_and_from_nothing() {
    check(&["check", "session-record"], "", 0, "");
    check(&["check", "no-such-protocol"], "", 2, "");
    check(&["explain", "FW999"], "", 2, "");
    check(&["no-such-command"], "", 2, "");
    assert_eq!(run(&["check", "tests/specs/err/fw011_unknown_keys.yaml"], "").status.code(), Some(1));
    assert_eq!(run(&["test", "dns-tcp", "--testee", "reference"], "").status.code(), Some(0));
    assert_eq!(
        run(&["test", "dns-tcp", "--testee", "reference", "--filter", "no-such-word"], "").status.code(),
        Some(4)
    );
    assert_eq!(run(&["test", "dns-tcp", "--list", "--filter", "no-such-word"], "").status.code(), Some(4));
    assert_eq!(run(&["test", "dns-tcp", "--", "no-such-program"], "").status.code(), Some(2));
}

#[test]
fn an_imported_spec_shows_the_settings_that_it_came_from() {
    let settings = ["--max-frame-length", "4096", "--length-field-offset", "1", "--length-field-length", "2"];
    let more = ["--length-adjustment", "-3", "--initial-bytes-to-strip", "3", "--byte-order", "little"];
    let imported = run(&[&["import", "netty", "length-field"], &settings[..], &more[..]].concat(), "");
    assert_eq!(imported.status.code(), Some(0));
    let file = std::env::temp_dir().join(format!("framewright-import-{}.yaml", std::process::id()));
    std::fs::write(&file, imported.stdout).unwrap();
    let shown = String::from_utf8(run(&["show", file.to_str().unwrap()], "").stdout).unwrap();
    let call = "new LengthFieldBasedFrameDecoder(ByteOrder.LITTLE_ENDIAN, 4096, 1, 2, -3, 3, true)";
    assert!(shown.contains(call), "{shown}");
    std::fs::remove_file(&file).unwrap();
}

#[test]
fn a_new_spec_is_valid_and_never_overwrites() {
    let file = std::env::temp_dir().join(format!("framewright-new-{}.yaml", std::process::id()));
    let name = file.to_str().unwrap();
    assert_eq!(run(&["new", "my-protocol", "-o", name], "").status.code(), Some(0));
    check(&["check", name], "", 0, "");
    assert_eq!(run(&["new", "my-protocol", "-o", name], "").status.code(), Some(2));
    assert_eq!(run(&["new", "My Protocol", "-o", name], "").status.code(), Some(2));
    std::fs::remove_file(&file).unwrap();
}

#[test]
fn a_shard_and_a_seed_select_and_repeat() {
    let list =
        |args: &[&str]| String::from_utf8(run(&[&["test", "amqp", "--list"], args].concat(), "").stdout).unwrap();
    let whole = list(&[]);
    let mut parts: Vec<String> = (1..=3)
        .flat_map(|part| {
            let part = list(&["--shard", &format!("{part}/3")]);
            part.lines().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    parts.sort();
    let mut lines: Vec<&str> = whole.lines().collect();
    lines.sort_unstable();
    assert_eq!(parts, lines);
    let run_with =
        |seed| String::from_utf8(run(&["test", "amqp", "--cuts", "random", "--seed", seed], "").stdout).unwrap();
    assert_eq!(run_with("7"), run_with("7"));
}

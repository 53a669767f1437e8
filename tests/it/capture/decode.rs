//! `framewright decode` of captures: which streams, what it prints, how it ends.

use std::io::Write as _;
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use super::writer::{Flags, Form, Writer, ip};
use super::{FIN, NONE, PLAIN, SYN, client, server};

/// Runs `decode swoole` on a capture on stdin: status, stdout, stderr.
fn run(args: &[&str], capture: &[u8]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_framewright"));
    command.args(["decode", "swoole"]).args(args);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that refuses its arguments reads nothing.
    let _ = child.stdin.take().unwrap().write_all(capture);
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[track_caller]
fn check(args: &[&str], capture: &[u8], status: i32, stdout: &[&str]) {
    let (code, out, err) = run(args, capture);
    assert_eq!((code, out.lines().collect::<Vec<_>>().as_slice()), (Some(status), stdout), "{err}");
}

/// Two frames from the client, cut inside of both headers; from the server, one frame and the beginning of another.
fn conversation(form: Form) -> Writer {
    let mut writer = Writer::new(form, 1);
    writer.tcp(client(), server(), 9, SYN, b"", 0);
    writer.tcp(server(), client(), 70, Flags { ack: Some(10), ..SYN }, b"", 0);
    writer.tcp(client(), server(), 15, NONE, b"E\0\x01aSWO", 0);
    writer.tcp(client(), server(), 10, NONE, b"SWOOL", 0);
    writer.tcp(server(), client(), 71, NONE, b"SWOOLE\0\x02hiSW", 0);
    writer.tcp(client(), server(), 22, FIN, b"OLE\0\0", 0);
    writer
}

const HELLO: &str = r#"{"flow":"10.0.0.2:5432>10.0.0.1:41022","connection":1,"packet":5,"frame":{"start":0,"end":10,"fields":{"magic":"53574f4f4c45","length":2,"body":"6869"}}}"#;
const HALF: &str = r#"{"flow":"10.0.0.2:5432>10.0.0.1:41022","connection":1,"end":"incomplete","close":"open"}"#;
const ONE: &str = r#"{"flow":"10.0.0.1:41022>10.0.0.2:5432","connection":1,"packet":3,"frame":{"start":0,"end":9,"fields":{"magic":"53574f4f4c45","length":1,"body":"61"}}}"#;
const TWO: &str = r#"{"flow":"10.0.0.1:41022>10.0.0.2:5432","connection":1,"packet":6,"frame":{"start":9,"end":17,"fields":{"magic":"53574f4f4c45","length":0,"body":""}}}"#;
const DONE: &str = r#"{"flow":"10.0.0.1:41022>10.0.0.2:5432","connection":1,"end":"clean","close":"fin"}"#;

#[test]
fn each_stream_is_decoded_by_itself() {
    for form in [PLAIN, Form::Pcapng { big: true, simple: false }] {
        let capture = conversation(form).bytes;
        check(&[], &capture, 1, &[ONE, HELLO, TWO, DONE, HALF]);
        check(&["--to", "5432"], &capture, 0, &[ONE, TWO, DONE]);
        check(&["--from", "5432", "--to", "41022"], &capture, 1, &[HELLO, HALF]);
        check(&["--flow", "10.0.0.2:5432>10.0.0.1:41022"], &capture, 1, &[HELLO, HALF]);
    }
}

#[test]
fn cuts_replace_the_segments_and_change_nothing() {
    let capture = conversation(PLAIN).bytes;
    for cuts in ["-", "3,15", "1,1,14,17", "9"] {
        check(&["--to", "5432", "--cuts", cuts], &capture, 0, &[ONE, TWO, DONE]);
    }
    let (code, out, err) = run(&["--to", "5432", "--cuts", "18"], &capture);
    let beyond =
        "framewright: --cuts, 10.0.0.1:41022>10.0.0.2:5432: the cut 18 lies behind the end of a stream of 17 bytes\n";
    assert_eq!((code, out.as_str(), err.as_str()), (Some(2), "", beyond));
}

#[test]
fn what_is_skipped_counts_in_the_offsets() {
    let capture = conversation(PLAIN).bytes;
    check(&["--to", "5432", "--skip", "9"], &capture, 0, &[TWO, DONE]);
    let line = r#"{"frame":{"start":2,"end":10,"fields":{"magic":"53574f4f4c45","length":0,"body":""}}}"#;
    check(&["--skip", "2"], b"abSWOOLE\0\0", 0, &[line, r#"{"end":"clean"}"#]);
}

#[test]
fn what_is_wrong_with_a_capture_is_a_finding() {
    let mut writer = Writer::new(PLAIN, 101);
    writer.tcp(client(), server(), 10, NONE, b"SWOOLE\0\x02h", 0);
    writer.tcp(client(), server(), 25, NONE, b"SWOOLE\0\0", 3);
    writer.ip(
        &[&ip(client(), server(), 6, &[0; 20])[..6], &[0x20], &ip(client(), server(), 6, &[0; 20])[7..]].concat(),
        0,
    );
    let expected = [
        r#"{"flow":"10.0.0.1:41022>10.0.0.2:5432","connection":1,"packet":1,"midstream":true}"#,
        r#"{"packet":3,"skipped":"an IP fragment of TCP, and fragments are not put together; capture where packets are whole"}"#,
        r#"{"flow":"10.0.0.1:41022>10.0.0.2:5432","connection":1,"missing":{"at":9,"bytes":6,"behind":5,"after":1,"before":2,"cut":2}}"#,
        r#"{"flow":"10.0.0.1:41022>10.0.0.2:5432","connection":1,"end":"incomplete","close":"open"}"#,
    ];
    check(&[], &writer.bytes, 1, &expected);

    // What came before a damage is told.
    let mut capture = conversation(PLAIN).bytes;
    let whole = capture.len() as u64;
    capture.extend([0; 15]);
    let (code, out, err) = run(&["--to", "5432"], &capture);
    assert_eq!((code, out.lines().collect::<Vec<_>>().as_slice()), (Some(2), &[ONE, TWO, DONE][..]));
    let place = format!(
        "framewright: stdin: packet 7, at byte {whole}: the file ends inside of what begins here, 15 bytes of it are there; "
    );
    assert!(err.starts_with(&place), "{err}");
}

#[test]
fn what_is_chosen_must_be_there() {
    let capture = conversation(PLAIN).bytes;
    let none = "framewright: stdin: no stream of TCP is chosen: 6 packets, 2 other streams\n";
    assert_eq!(run(&["--to", "80"], &capture), (Some(4), String::new(), none.to_owned()));
    let other: SocketAddr = "10.0.0.3:53".parse().unwrap();
    let mut writer = Writer::new(PLAIN, 101);
    writer.ip(&ip(client(), other, 17, b"a datagram of UDP"), 0);
    assert_eq!(run(&[], &writer.bytes).0, Some(4));
    let (code, _, err) = run(&["--from", "80"], b"SWOOLE\0\0");
    assert_eq!(
        (code, err.as_str()),
        (Some(2), "framewright: --flow, --from and --to choose streams of a capture, and this is none\n")
    );
}

#[test]
fn the_form_decides_where_it_is_given() {
    let capture = conversation(PLAIN).bytes;
    check(&["--form", "raw"], &capture, 1, &[r#"{"reject":{"class":"bad-const","at":0}}"#, r#"{"end":"rejected"}"#]);
    check(&["--form", "capture", "--to", "5432"], &capture, 0, &[ONE, TWO, DONE]);
    assert_eq!(run(&["--form", "capture"], b"SWOOLE\0\0SWOOLE\0\0").0, Some(2));
}

//! Sessions: what a frame begins with is what the frames before it in its direction have left, however often and in whichever order
//! Wireshark dissects the packets.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use framewright::backends::generate;
use framewright::interp::{Event, decode};
use framewright::segment::Rng;
use serde_json::{Value as Json, json};

use super::pcap::{Capture, Connection};
use super::rows::Cuts;
use super::{ALL, Case, FIRST_PORT, ROOT, Stream, Subject, compare, folder, imagined, same, told};

/// Numbers beyond what Lua's hold, and frames that are skipped: their `turn` would change the session.
const SKIPPED: &str = "
framewright: 1
name: skipped-turns
endian: big
session:
  - seed: u64 from 9223372036854775809 then seed ^ turn
  - sum: i64 from -9007199254740993 then sum / 2 - kind * 3
  - odd: u8 in 0..=1 from 1 then turn & 1
frame:
  - length: u8 counts body
  - kind: u8 in 0..=6
  - turn: u64
  - body: bytes
  - extra: u8 when odd != 0
policy: { on_reject: skip, oversize: skip }
max_frame: 48
";

/// Frames that are searched for behind one that is refused.
const SOUGHT: &str = r#"
framewright: 1
name: sought-turns
endian: little
session:
  - count: i16 in -2..=900 from -2 then (count + 1) & 511
  - kind_before: u8 in 0..=3 from 0 then kind & 3
enums: { Kind: { 0: open, 1: data, 2: close } }
frame:
  - magic: bytes = "TTU"
  - kind: u8 as Kind
  - size: u8 counts body when kind_before != 2
  - body: bytes when kind_before != 2
  - check: kind != kind_before
policy: { on_reject: resync }
max_frame: 40
"#;

fn subjects() -> Vec<Subject> {
    let mut rng = Rng::new(1, "frames of sessions");
    let phased = fs::read_to_string(Path::new(ROOT).join("conformance/codecs/specs/phases.yaml")).unwrap();
    let mut subject = |text: &str| {
        let data: Vec<u8> = (0..6000).map(|_| (rng.bits() >> 56) as u8).collect();
        imagined(text, &data)
    };
    let mut subjects = vec![subject(&phased), subject(SKIPPED), subject(SOUGHT)];
    // The constant begins where it seemed to have begun before.
    subjects[2]
        .streams
        .push(Stream { id: "overlap".to_owned(), bytes: b"?TTTU\x02\x03abcTTU\x00TTU\x01\x00".to_vec() });
    subjects[0].streams.insert(0, Stream { id: "phases".to_owned(), bytes: phases() });
    for subject in &subjects {
        let frames = decode(&subject.plan, &subject.streams[0].bytes).events;
        assert!(frames.len() > 3 && frames.iter().all(|event| matches!(event, Event::Frame(_))), "{frames:?}");
    }
    subjects
}

/// A stream of `phases` that comes through all its phases.
fn phases() -> Vec<u8> {
    let mut stream = Vec::new();
    stream.extend([0, 0, 0, 8, 4, 210, 22, 47]);
    stream.extend(b"\0\0\0\x0c\0\0\0\x01user");
    stream.extend(b"Q\0\0\0\x07one");
    stream.extend(b"Q\0\0\0\x07two\x07");
    stream.extend(b"P\0\0\x02\x04");
    stream.extend([b'x'; 512]);
    stream.extend(b"X\0\0\0\x04\x07");
    stream.extend(b"BYE\x02BYE\x03");
    stream
}

#[test]
fn a_session_lives_from_frame_to_frame_in_one_pass_and_in_two() {
    same("session-pass", &subjects(), &ALL, &[]);
    same("session-passes", &subjects(), &ALL, &["-2"]);
}

/// A connection whose sides send by turns, in segments of so many bytes; every third is sent twice.
fn talk<'a>(
    capture: &mut Capture,
    connection: &mut Connection,
    subject: &'a Subject,
    streams: [&'a Stream; 2],
    sizes: [usize; 2],
) -> [Case<'a>; 2] {
    let mut cases = streams.map(|stream| Case { subject, stream, cuts: Cuts::EveryByte, segments: BTreeMap::new() });
    let turns = (0..2).map(|side| streams[side].bytes.len().div_ceil(sizes[side])).max().unwrap();
    for turn in 0..turns {
        for side in 0..2 {
            let bytes = &streams[side].bytes;
            let (start, end) = (turn * sizes[side], bytes.len().min((turn + 1) * sizes[side]));
            if start < end {
                connection.segment(capture, side, &bytes[start..end]);
                cases[side].segments.insert(capture.packets, (start, end));
                if turn % 3 == 0 {
                    connection.again(capture, side, &bytes[start..end]);
                }
            }
        }
    }
    cases
}

fn talks<'a>(subjects: &'a [Subject], capture: &mut Capture) -> Vec<Case<'a>> {
    let (mut cases, mut number) = (Vec::new(), 0);
    for (subject, port) in subjects.iter().zip(FIRST_PORT..) {
        for sizes in [[1, 2], [5, 3], [60, 7], [1000, 400]] {
            for (client, server) in [(0, 0), (0, 1), (2, 0), (3, 4)] {
                let streams = [&subject.streams[client], &subject.streams[server]];
                let mut connection = Connection::open(capture, number, port);
                cases.extend(talk(capture, &mut connection, subject, streams, sizes));
                number += 1;
            }
        }
    }
    cases
}

#[test]
fn each_direction_of_a_connection_has_its_own_session() {
    let subjects = subjects();
    let mut capture = Capture::new();
    let cases = talks(&subjects, &mut capture);
    compare("session-talk", &subjects, &capture, &cases, &[]);
    compare("session-talks", &subjects, &capture, &cases, &["-2"]);
}

/// Addresses and ports do not tell connections apart, if one comes after the other.
#[test]
fn a_connection_between_the_same_ports_begins_anew() {
    let subjects = subjects();
    let (subject, mut capture) = (&subjects[0], Capture::new());
    let mut connection = Connection::open(&mut capture, 0, FIRST_PORT);
    let mut cases = Vec::new();
    for _ in 0..3 {
        cases.extend(talk(&mut capture, &mut connection, subject, [&subject.streams[0]; 2], [60, 7]));
        connection = connection.open_anew(&mut capture);
    }
    compare("session-anew", &subjects, &capture, &cases, &[]);
}

/// sharkd dissects the packets that it is asked for, as Wireshark does those that one clicks.
#[test]
fn packets_are_dissected_again_in_any_order() {
    let mut subjects = subjects();
    subjects.truncate(1);
    let subject = &subjects[0];
    let folder = folder("session-order");
    let mut capture = Capture::new();
    let mut cases = Vec::new();
    for (number, sizes) in [(0, [9, 4]), (1, [2, 700])] {
        let mut connection = Connection::open(&mut capture, number, FIRST_PORT);
        cases.extend(talk(&mut capture, &mut connection, subject, [&subject.streams[0]; 2], sizes));
    }
    fs::write(folder.join("order.pcap"), &capture.bytes).unwrap();
    let plugins = folder.join(".local/lib/wireshark/plugins");
    let settings = folder.join(".config/wireshark");
    fs::create_dir_all(&plugins).unwrap();
    fs::create_dir_all(&settings).unwrap();
    for file in generate("wireshark", &[(*subject.plan).clone()], &[]).unwrap() {
        fs::write(plugins.join(file.path), file.bytes).unwrap();
    }
    fs::write(settings.join("preferences"), format!("{}.ports: {FIRST_PORT}\n", subject.filter)).unwrap();
    let mut order: Vec<usize> = (0..2).flat_map(|_| 1..=capture.packets).collect();
    let mut rng = Rng::new(1, "order of packets");
    for last in (1..order.len()).rev() {
        order.swap(last, (rng.bits() % (last as u64 + 1)) as usize);
    }
    let shown = sharkd(&folder, "order.pcap", &order);
    for case in &cases {
        let Case { subject, stream, segments, .. } = case;
        let frames = decode(&subject.plan, &stream.bytes).events.into_iter();
        let value = |event| match event {
            Event::Frame(frame) => {
                let (_, value) = frame.fields.iter().find(|(name, _)| name == "frames").unwrap();
                format!("[frames: {}]", told(value))
            }
            Event::Reject { class, .. } => panic!("{class:?}"),
        };
        let expected: Vec<String> = frames.map(value).collect();
        for look in [0, 1] {
            let labels = segments.keys().flat_map(|number| &shown[number][look]);
            let labels: Vec<&str> = labels.map(String::as_str).filter(|label| label.starts_with("[frames: ")).collect();
            assert_eq!(labels, expected);
        }
    }
}

/// By the number of a packet, for each time that it is asked for: what is shown of it, line by line; in brackets what is generated.
fn sharkd(folder: &Path, capture: &str, order: &[usize]) -> BTreeMap<usize, Vec<Vec<String>>> {
    let ask = |id: usize, method: &str, parameters: Json| {
        format!("{}\n", json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters }))
    };
    let mut asked = ask(1, "load", json!({ "file": folder.join(capture) }));
    for (id, number) in (2..).zip(order) {
        asked += &ask(id, "frame", json!({ "frame": number, "proto": true }));
    }
    let requests = folder.join("requests");
    fs::write(&requests, asked).unwrap();
    let output = Command::new("sharkd")
        .arg("-")
        .env("HOME", folder)
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("WIRESHARK_CONFIG_DIR")
        .stdin(File::open(&requests).unwrap())
        .stderr(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("sharkd is needed, which comes with tshark: {error}"));
    let answers = String::from_utf8(output.stdout).unwrap();
    let mut shown: BTreeMap<usize, Vec<Vec<String>>> = BTreeMap::new();
    for (number, answer) in order.iter().zip(answers.lines().skip(1)) {
        let answer: Json = serde_json::from_str(answer).unwrap();
        let mut lines = Vec::new();
        collect(&answer["result"]["tree"], &mut lines);
        shown.entry(*number).or_default().push(lines);
    }
    shown
}

fn collect(tree: &Json, lines: &mut Vec<String>) {
    for node in tree.as_array().into_iter().flatten() {
        let line = node["l"].as_str().unwrap();
        lines.push(if node["g"] == true { format!("[{line}]") } else { line.to_owned() });
        collect(&node["n"], lines);
    }
}

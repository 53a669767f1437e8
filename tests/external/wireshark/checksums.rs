//! Checksums: tshark judges each as the reference codec does, and says what should be there.

use std::sync::Arc;

use framewright::interp::{encode, fields_from_json, inputs};
use framewright::model;
use framewright::plan::{ALGORITHMS, Plan, lower};
use framewright::segment::Rng;
use framewright::value::to_hex;
use serde_json::json;

use super::pcap::{Capture, Connection};
use super::rows::Cuts;
use super::tshark::dissect;
use super::{ALL, FIRST_PORT, Stream, Subject, decode_as, folder, same, scripts, subject};

/// Fields of all kinds, some optional, over ranges with and without themselves, over each other, with a byte besides.
const SUMS: &str = r#"
framewright: 1
name: sums
endian: big
max_frame: 4 KiB
enums: { Op: { 0: ping, 1: data, 2: stop, _: other } }
frame:
  - magic: bytes = "SU"
  - op: u8 as Op
  - flags: u8
  - header: u32 checks magic..body zeroed with crc32c
  - digest: bytes[4] checks body with sha256d when flags & 1 != 0
  - name: str u8
  - length: u16 counts body
  - low: u8 checks name..length with xor8
  - body: bytes
  - tail: u16le checks op..body with crc-16/mcrf4xx then (op == 0) * 50 + (op == 1) * 124 when flags & 2 == 0
  - middle: u24le checks body with crc-24/cassandra
  - text: ascii[3] checks frame zeroed with sum8
"#;

/// A bad checksum is a value: such a frame is skipped.
const SKIPPED: &str = "
framewright: 1
name: skipped-sums
endian: little
frame:
  - length: u24 counts body
  - crc: u24 checks length with crc-24/openpgp
  - body: bytes
  - offset: i64
  - end: u32 checks body with crc32 then offset >> 3
policy: { on_reject: skip, oversize: skip }
max_frame: 64 KiB
";

/// The last byte goes in by values beyond what Lua's numbers hold.
#[test]
fn checksums_are_judged_as_the_reference_codec_judges_them() {
    let mut skipped = subject(SKIPPED.as_bytes(), None);
    let numbers = [i64::MIN / 3, -1, 0, 1, 85, (1 << 53) + 1, i64::MAX / 3];
    let frames = numbers.map(|offset| encoded(&skipped.plan, &json!({ "body": "616263", "offset": offset })));
    skipped.streams.push(Stream { id: "offsets".to_owned(), bytes: frames.concat() });
    same("checksums", &[subject(SUMS.as_bytes(), None), skipped], &ALL, &["-2"]);
}

/// Over contents of many sizes, among them all at which SHA-256 is padded in another way; then one with a bit that is wrong.
#[test]
fn every_algorithm_gives_what_it_gives_in_the_reference_codec() {
    let mut rng = Rng::new(1, "contents of checksums");
    let mut judged = |(index, (name, algorithm)): (usize, &(&str, framewright::plan::Algorithm))| {
        let bits = algorithm.bits();
        let field = if algorithm.is_digest() { format!("bytes[{}]", bits / 8) } else { format!("u{bits}") };
        let text = format!(
            "{{framewright: 1, name: sum-{index}, max_frame: 1 KiB, endian: big, frame: [\
             {{length: u8 counts body}}, {{body: bytes}}, {{sum: '{field} checks body with {name}'}}]}}"
        );
        let plan = Arc::new(lower(&model::load(text.as_bytes()).unwrap()));
        let mut frame = |size: usize| {
            let body: Vec<u8> = (0..size).map(|_| (rng.bits() >> 56) as u8).collect();
            encoded(&plan, &json!({ "body": to_hex(&body) }))
        };
        let mut bytes: Vec<u8> = [0, 1, 9, 54, 55, 56, 63, 64, 65, 119, 120, 128, 255].map(&mut frame).concat();
        let mut wrong = frame(70);
        wrong[35] ^= 1 << (index % 8);
        bytes.extend(wrong);
        Subject { filter: plan.name.replace('-', "_"), plan, streams: vec![Stream { id: (*name).to_owned(), bytes }] }
    };
    let subjects: Vec<Subject> = ALGORITHMS.iter().enumerate().map(&mut judged).collect();
    same("algorithms", &subjects, &[Cuts::Whole], &[]);
}

fn encoded(plan: &Arc<Plan>, values: &serde_json::Value) -> Vec<u8> {
    let fields = fields_from_json(plan, values).unwrap();
    encode(plan, &inputs(plan, &fields)).unwrap()
}

/// The checksums of `123456789` are those of the catalogue of CRCs, of addition, and of sha256sum.
#[test]
fn of_a_bad_checksum_is_said_what_should_be_there() {
    let text = "{framewright: 1, name: told, max_frame: 1 KiB, endian: big, frame: [{body: 'bytes[9]'}, {crc: u32 checks body with crc32}, \
                {sum: 'ascii[3] checks body with sum8'}, {digest: 'bytes[4] checks body with sha256'}]}";
    let plan = Arc::new(lower(&model::load(text.as_bytes()).unwrap()));
    let subjects = [Subject { filter: "told".to_owned(), plan, streams: Vec::new() }];
    let folder = folder("told");
    let mut capture = Capture::new();
    for (number, stream) in [
        (0, &b"123456789\0\0\0\x0a221\x15\xe2\xb0\xd3"[..]),
        (1, b"123456789\xcb\xf4\x39\x26007\x15\xe2\xb0\xd3"),
        (2, b"123456789\xcb\xf4\x39\x26221\xff\0\0\0"),
        (3, b"123456789\xcb\xf4\x39\x26221\x15\xe2\xb0\xd3"),
    ] {
        Connection::open(&mut capture, number, FIRST_PORT).segment(&mut capture, 0, stream);
    }
    let arguments: Vec<String> = scripts(&folder, &subjects).into_iter().chain(decode_as(&subjects)).collect();
    let packets = dissect(&folder, "told", &capture, &arguments, &["told".to_owned()]);
    let mut nodes = Vec::new();
    packets.iter().flat_map(|packet| &packet.layers).for_each(|layer| layer.collect(&mut nodes));
    let of = |name: &str| -> Vec<&str> {
        nodes.iter().filter(|node| node.name == name).map(|node| node.show.as_str()).collect()
    };
    assert_eq!(
        of("_ws.expert.message"),
        [
            "bad-checksum at byte 12 of the frame: 0x0000000a, should be 0xcbf43926",
            "bad-checksum at byte 15 of the frame: 007, should be 221",
            "bad-checksum at byte 19 of the frame: ff000000, should be 15e2b0d3",
        ]
    );
    assert_eq!(of("told.crc"), ["0x0000000a", "0xcbf43926", "0xcbf43926", "0xcbf43926"]);
}

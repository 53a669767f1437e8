//! The reference decoder's equality, on which proofs of it rest, and what it makes of frames that are refused.

use std::sync::Arc;

use framewright::interp::{Class, Decoder, End, Event, decode, encode, fields_from_json, fields_to_json};
use framewright::model::load;
use framewright::plan::{Plan, lower};
use framewright::value::Value;
use serde_json::{Value as Json, json};

/// Of fields, each as a spec has it.
fn plan(fields: &[&str], more: &str) -> Arc<Plan> {
    let fields = fields.join("\n  - ");
    let text = format!("framewright: 1\nname: test\nmax_frame: 64\nframe:\n  - {fields}\n{more}");
    Arc::new(lower(&load(text.as_bytes()).unwrap_or_else(|_| panic!("{text}"))))
}

const SHORT: [&str; 2] = ["length: u8 counts body", "body: bytes"];

fn fed(mut decoder: Decoder, chunks: &[&[u8]]) -> Decoder {
    for chunk in chunks {
        decoder.feed(chunk, &mut Vec::new());
    }
    decoder
}

/// The end of a frame, or the class and the offset of a reject.
type Seen = Result<u64, (Class, u64)>;

fn events(plan: &Arc<Plan>, stream: &[u8]) -> (Vec<Seen>, End) {
    let outcome = decode(plan, stream);
    let event = |event: Event| match event {
        Event::Frame(frame) => Ok(frame.end),
        Event::Reject { class, at } => Err((class, at)),
    };
    (outcome.events.into_iter().map(event).collect(), outcome.end)
}

#[test]
fn decoders_are_equal_however_the_same_bytes_came() {
    let plan = plan(&SHORT, "");
    let fresh = || Decoder::new(Arc::clone(&plan));
    assert_eq!(fed(fresh(), &[&[2, 1], &[]]), fed(fresh(), &[&[2], &[1]]));
    assert_eq!(fed(fresh(), &[&[1, 7, 2, 1]]), fed(fresh(), &[&[1], &[7, 2], &[1]]));
    assert_eq!(fresh(), Decoder::new(Arc::new((*plan).clone())));
}

/// Each pair differs in one thing alone.
#[test]
fn decoders_that_can_be_told_apart_are_not_equal() {
    let short = plan(&SHORT, "");
    let fresh = || Decoder::new(Arc::clone(&short));
    let pairs = [
        ("bytes", fed(fresh(), &[&[2, 1]]), fed(fresh(), &[&[2, 0]])),
        ("offset", fed(fresh(), &[&[0]]), fresh()),
        ("length", fed(fresh(), &[&[2, 1]]), fed(fresh(), &[&[3, 1]])),
        ("fields", fresh(), Decoder::without_fields(Arc::clone(&short))),
        ("plan", fresh(), Decoder::new(plan(&["length: u8 counts text", "text: bytes"], ""))),
    ];
    for (what, a, b) in pairs {
        assert!(a != b, "{what}: {a:?} {b:?}");
    }
}

#[test]
fn of_a_frame_that_is_refused_nothing_more_is_judged() {
    let marked =
        plan(&["mark: u8 = 7", "length: u8 in 0..=3 counts body", "body: bytes"], "policy: { on_reject: skip }\n");
    // The length is out of its range too, and what it says counts all the same.
    let stream = [8, 4, 0, 0, 0, 0, 7, 0];
    assert_eq!(events(&marked, &stream), (vec![Err((Class::BadConst, 0)), Ok(8)], End::Clean));
}

#[test]
fn a_frame_is_skipped_unless_its_size_depends_on_what_was_refused() {
    let fields = [
        "size: u8 counts kind..body",
        "kind: u8 in 1..=2",
        "flag: u8 in 0..=1",
        "extra: u8 when flag == 1",
        "body: bytes",
    ];
    let plan = plan(&fields, "policy: { on_reject: skip }\n");
    let good = (vec![Err((Class::OutOfRange, 1)), Ok(7)], End::Clean);
    assert_eq!(events(&plan, &[3, 9, 0, 0, 2, 1, 0]), good);
    // Whether there is an `extra` cannot be told of this one.
    assert_eq!(events(&plan, &[3, 1, 9, 0, 2, 1, 0]), (vec![Err((Class::OutOfRange, 2))], End::Rejected));
}

#[test]
fn what_a_decoder_needs_is_what_lengths_have_told() {
    let short = plan(&SHORT, "policy: { oversize: skip }\n");
    let need = |chunks: &[&[u8]]| fed(Decoder::new(Arc::clone(&short)), chunks).need();
    assert_eq!([need(&[]), need(&[&[5]]), need(&[&[5, 1, 2]]), need(&[&[0, 1]])], [1, 5, 3, 1]);
    // 200 bytes of a frame that is too large are still to be discarded, then 190.
    assert_eq!([need(&[&[200]]), need(&[&[200], &[0; 10]]), need(&[&[200], &[0; 200]])], [200, 190, 1]);
    let closing = fed(Decoder::new(plan(&SHORT, "")), &[&[200]]);
    assert_eq!(closing.need(), 0);
    let lengths = Decoder::new(plan(&["a: u32", "b: u16"], ""));
    assert_eq!([lengths.need(), fed(lengths, &[&[1]]).need()], [6, 5]);
}

#[test]
fn what_is_emitted_from_a_field_with_its_own_length_on_has_the_length() {
    let emitted = |emit: &str| {
        let plan = plan(&["id: u8", "name: bytes u8", "value: u8"], &format!("emit: {emit}\n"));
        let outcome = decode(&plan, &[9, 2, 0xaa, 0xbb, 7]);
        let [Event::Frame(frame)] = outcome.events.as_slice() else { panic!("{outcome:?}") };
        frame.emitted.clone()
    };
    assert_eq!(emitted("name..value"), [2, 0xaa, 0xbb, 7]);
    assert_eq!(emitted("id..name"), [9, 2, 0xaa, 0xbb]);
    assert_eq!((emitted("value..value"), emitted("name")), (vec![7], vec![0xaa, 0xbb]));
}

#[test]
fn a_delimiter_that_ends_what_is_discarded_may_come_in_pieces() {
    let lines = plan(&[r#"line: bytes until "\r\n" max 4"#], "policy: { oversize: skip }\n");
    let mut decoder = Decoder::new(lines);
    let mut events = Vec::new();
    for chunk in [&b"aaaaaa"[..], b"bb\r", b"\nab\r\n"] {
        decoder.feed(chunk, &mut events);
    }
    assert!(
        matches!(&events[..], [Event::Reject { at: 5, .. }, Event::Frame(frame)] if frame.start == 10),
        "{events:?}"
    );
}

#[test]
fn delimiters_that_end_alike_are_all_found() {
    let lines = plan(&[r#"line: bytes until "a\n" or "b\n" or "c\n" or "d\n" max 9"#], "");
    assert_eq!(events(&lines, b"xd\n\na\n"), (vec![Ok(3), Ok(6)], End::Clean));
}

#[test]
fn integers_of_53_bits_are_numbers_in_json_and_wider_ones_text() {
    let bits = plan(&["bits: { order: msb, of: [ { a: b53 }, { b: b11 } ] }", "c: u56"], "");
    let outcome = decode(&bits, &[0xff; 15]);
    let [Event::Frame(frame)] = outcome.events.as_slice() else { panic!("{outcome:?}") };
    let json = fields_to_json(&bits, &frame.fields);
    assert_eq!(json, json!({ "a": (1_u64 << 53) - 1, "b": 2047, "c": "72057594037927935" }));
}

#[test]
fn a_refusal_of_the_encoder_names_field_cause_and_way_out() {
    let fields =
        ["kind: u8 in 1..=3", "name: str u8", "size: u8 counts body", "check: kind != size", "body: bytes via json"];
    let plan = plan(&fields, "");
    let refusal = |json: Json| {
        let fields = fields_from_json(&plan, &json);
        fields.and_then(|fields| encode(&plan, &fields)).unwrap_err().to_string()
    };
    let table = [
        (json!({ "kind": 1, "x": 1 }), "unknown-field: x: no such field; test has kind, name, size, body"),
        (json!({ "kind": 4, "name": "é", "body": "7b7d" }), "out-of-range: kind: 4 is none of its values"),
        (json!({ "kind": 1, "name": "é", "body": "31" }), "bad-check: these values do not pass a check"),
        (json!({ "kind": 3, "name": "é", "body": "7b" }), "bad-body: body: its codec does not take these bytes"),
    ];
    for (json, message) in table {
        assert_eq!(refusal(json), message);
    }
    let given = |name: &str, value: Value| vec![("kind".to_owned(), Value::UInt(1)), (name.to_owned(), value)];
    let refusal = |fields| encode(&plan, &fields).unwrap_err().to_string();
    assert_eq!(refusal(given("name", Value::Bytes(vec![1]))), "wrong-type: name: it takes text");
    let unknown = "unknown-field: names: no such field; test has kind, name, body";
    assert_eq!(refusal(given("names", Value::UInt(1))), unknown);
}

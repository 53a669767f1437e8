//! Frames inside frames. Expectations are read off `spec/README.md`.

use std::sync::Arc;

use framewright::interp::{EncodeClass, Event, Measure, decode, encode, measure};
use framewright::model;
use framewright::plan::{Plan, lower};
use framewright::value::{Value, from_hex, to_hex};

/// The frame of the section on `frames`. The smallest has a byte, as far as is known before its kind.
const SPEC: &str = "framewright: 1
name: tree
max_frame: 20
enums: { Kind: { 0: leaf, 1: list } }
frame:
  - kind: u8 as Kind
  - value: { type: u16, when: kind == Kind.leaf }
  - count: { type: u8, when: kind == Kind.list }
  - items: frames deep 3 times count when count > 0
";

fn plan() -> Arc<Plan> {
    Arc::new(lower(&model::load(SPEC.as_bytes()).unwrap()))
}

/// Of each frame its end and what is inside; the reject.
fn told(hex: &str) -> String {
    let stream = from_hex(&hex.replace(' ', "")).unwrap();
    let told = decode(&plan(), &stream).events.into_iter().map(|event| match event {
        Event::Frame(frame) => {
            let items = frame.fields.iter().find(|(name, _)| name == "items");
            let items = items.map_or("none".to_owned(), |(_, value)| match value {
                Value::Bytes(bytes) => to_hex(bytes),
                other => format!("{other:?}"),
            });
            format!("{}: {items}", frame.end)
        }
        Event::Reject { class, at } => format!("{} at {at}", class.word()),
    });
    told.collect::<Vec<_>>().join("; ")
}

#[test]
fn a_frame_ends_with_the_last_one_inside() {
    assert_eq!(told("0102 000007 0101 000008 0100 000009"), "10: 0000070101000008; 12: none; 15: none");
}

#[test]
fn nothing_is_told_before_the_last_one_is_there() {
    let bytes = from_hex("01020000070101000008").unwrap();
    for have in 0..bytes.len() {
        assert!(matches!(measure(&plan(), &bytes[..have]), Measure::Need(_)), "{have}");
    }
    assert!(matches!(measure(&plan(), &bytes), Measure::Frame(_)));
}

#[test]
fn as_deep_as_may_be_and_no_deeper() {
    assert_eq!(told("0101 0101 0101 000007"), "9: 01010101000007");
    // The fourth list would have a frame four deep; it is refused once its count is read.
    assert_eq!(told("0101 0101 0101 0101 000007"), "bad-body at 7");
    assert_eq!(told("0101 0101 0101 0100"), "8: 010101010100");
}

#[test]
fn a_count_that_cannot_be_is_refused_at_once() {
    // 2 + 18 bytes are the largest frame, if each inside had but one.
    assert_eq!(told("0112"), "");
    assert_eq!(told("0113"), "frame-too-large at 1");
    // Behind the first leaf 17 more of a byte would make 22.
    assert_eq!(told("0112 000007"), "frame-too-large at 2");
    // 4 + 16 would do; 15 that are still to come inside, and one behind, leave nothing for a leaf's value.
    assert_eq!(told("0102 010f"), "");
    assert_eq!(told("0102 0110"), "frame-too-large at 3");
    assert_eq!(told("0102 010f 00"), "frame-too-large at 4");
}

#[test]
fn what_is_refused_inside_is_so_at_its_own_byte() {
    assert_eq!(told("0100 0102 000007 02"), "2: none; bad-enum at 7");
}

#[test]
fn the_encoder_takes_just_so_many() {
    let fields = |count: u64, items: &str| {
        vec![
            ("kind".to_owned(), Value::UInt(1)),
            ("count".to_owned(), Value::UInt(count)),
            ("items".to_owned(), Value::Bytes(from_hex(items).unwrap())),
        ]
    };
    let written =
        |count, items| encode(&plan(), &fields(count, items)).map(|bytes| to_hex(&bytes)).map_err(|error| error.class);
    assert_eq!(written(2, "0000070100"), Ok("01020000070100".to_owned()));
    for (count, items) in [(1, "0000070100"), (3, "0000070100"), (2, "00000701"), (2, "00000702"), (2, "")] {
        assert_eq!(written(count, items), Err(EncodeClass::BadBody), "{count} {items}");
    }
    // Three levels may be inside, not four.
    assert!(written(1, "01010101000007").is_ok());
    assert_eq!(written(1, "010101010101000007"), Err(EncodeClass::BadBody));
}

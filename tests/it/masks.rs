//! Bytes that are combined with a key. Expectations are read off `spec/README.md`.

use std::sync::Arc;

use framewright::interp::{EncodeClass, Event, decode, encode};
use framewright::model;
use framewright::plan::{Plan, lower};
use framewright::value::{Value, from_hex, to_hex};

/// The frame of the section on `xor`, and a checksum.
const SPEC: &str = "framewright: 1
name: hidden
frame:
  - masked: u8 in 0..=1
  - key: bytes[4] when masked == 1
  - size: u16 counts body
  - body: bytes via utf8 xor key
  - name: str u8 xor key
  - sum: u8 checks size..name with xor8
";

fn plan(emit: &str) -> Arc<Plan> {
    Arc::new(lower(&model::load(format!("{SPEC}{emit}").as_bytes()).unwrap()))
}

/// What is emitted, and the fields or the reject.
fn told(plan: &Arc<Plan>, hex: &str) -> String {
    let stream = from_hex(&hex.replace(' ', "")).unwrap();
    let told = decode(plan, &stream).events.into_iter().map(|event| match event {
        Event::Frame(frame) => {
            let fields = frame.fields.iter().map(|(name, value)| match value {
                Value::UInt(value) => format!("{name} {value}"),
                Value::Int(value) => format!("{name} {value}"),
                Value::Bytes(bytes) => format!("{name} {}", to_hex(bytes)),
                Value::Text(text) => format!("{name} {text:?}"),
            });
            format!("{}: {}", to_hex(&frame.emitted), fields.collect::<Vec<_>>().join(", "))
        }
        Event::Reject { class, at } => format!("{} at {at}", class.word()),
    });
    told.collect::<Vec<_>>().join("; ")
}

/// 05 ^ 7f ^ 9f ^ 4d ^ 51 ^ 58 ^ 02 ^ 5f ^ 93.
const FRAME: &str = "01 37fa213d 0005 7f9f4d5158 02 5f93 6f";

#[test]
fn a_value_is_told_unmasked_and_all_else_is_of_the_wire() {
    let fields = "masked 1, key 37fa213d, size 5, body \"Hello\", name \"hi\", sum 111";
    for (emit, emitted) in [
        ("", "0137fa213d00057f9f4d5158025f936f"),
        ("emit: body\n", "48656c6c6f"),
        ("emit: name\n", "6869"),
        ("emit: body..name\n", "7f9f4d5158025f93"),
        ("emit: strip 5\n", "00057f9f4d5158025f936f"),
    ] {
        assert_eq!(told(&plan(emit), FRAME), format!("{emitted}: {fields}"));
    }
}

#[test]
fn without_its_key_a_field_stands_as_it_is() {
    let fields = "masked 0, size 5, body \"Hello\", name \"hi\", sum 68";
    assert_eq!(told(&plan("emit: body\n"), "00 0005 48656c6c6f 02 6869 44"), format!("48656c6c6f: {fields}"));
}

#[test]
fn what_is_judged_is_the_value() {
    // 0xff ^ 0x37 is text, and 0xff is none.
    let stream = |body: &str| format!("01 37fa213d 0001 {body} 00");
    assert_eq!(told(&plan(""), &stream("c8")), "bad-body at 7");
    assert!(told(&plan(""), &(stream("77") + "76")).contains("body \"@\""));
}

#[test]
fn the_encoder_masks_with_the_key_that_it_is_given() {
    let plan = plan("");
    let text = |text: &str| Value::Text(text.to_owned());
    let mut fields = vec![
        ("masked".to_owned(), Value::UInt(1)),
        ("key".to_owned(), Value::Bytes(vec![0x37, 0xfa, 0x21, 0x3d])),
        ("body".to_owned(), text("Hello")),
        ("name".to_owned(), text("hi")),
    ];
    assert_eq!(to_hex(&encode(&plan, &fields).unwrap()), FRAME.replace(' ', ""));
    fields[1].1 = Value::Bytes(vec![0; 3]);
    assert_eq!(encode(&plan, &fields).unwrap_err().class, EncodeClass::WrongSize);
    fields.remove(1);
    fields[0].1 = Value::UInt(0);
    assert_eq!(to_hex(&encode(&plan, &fields).unwrap()), "00000548656c6c6f02686944");
}

#[test]
fn a_framer_cannot_unmask() {
    let spec =
        "framewright: 1\nname: hidden\nframe: [ {key: 'bytes[2]'}, {size: u16 counts body}, {body: bytes xor key} ]\n";
    let geometry = |emit: &str| {
        let plan = lower(&model::load(format!("{spec}emit: {emit}\n").as_bytes()).unwrap());
        framewright::plan::geometry::geometry(&plan).map(drop).map_err(|why| why.to_string())
    };
    assert!(geometry("frame").is_ok());
    assert!(geometry("body").unwrap_err().contains("unmasked"));
}

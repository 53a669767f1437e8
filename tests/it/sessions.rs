//! Values that live from frame to frame. Expectations are read off `spec/README.md`.

use std::process::Command;
use std::sync::Arc;

use framewright::interp::{Decoder, EncodeClass, End, Event, encode};
use framewright::model;
use framewright::oracle::split_invariant;
use framewright::plan::{Plan, lower};
use framewright::value::Value;

/// A packet of its own first, then messages; a request for encryption leaves the stream where it is.
const SPEC: &str = "framewright: 1
name: greeted
max_frame: 32
enums:
  Phase: { 0: startup, 1: ready }
session:
  - phase: u8 as Phase from Phase.startup then phase == Phase.ready || code != 7
  - turn: u8 in 0..=3 from 2 then (turn + 1) % 4
frame:
  - packet:
      match: phase
      of:
        startup: [ {code: u16}, {name: bytes u8} ]
        ready: [ {kind: u8 in 65..=90}, {odd: u8 when turn & 1} ]
";

fn plan() -> Arc<Plan> {
    Arc::new(lower(&model::load(SPEC.as_bytes()).unwrap()))
}

/// The names of the fields of each frame, or the class and the place of a reject.
fn told(plan: &Arc<Plan>, stream: &[u8]) -> (Vec<String>, End) {
    let mut decoder = Decoder::new(Arc::clone(plan));
    let mut events = Vec::new();
    decoder.feed(stream, &mut events);
    let told = events.iter().map(|event| match event {
        Event::Frame(frame) => {
            let fields = frame.fields.iter().map(|(name, value)| match value {
                Value::UInt(value) => format!("{name} {value}"),
                other => format!("{name} {other:?}"),
            });
            fields.collect::<Vec<_>>().join(", ")
        }
        Event::Reject { class, at } => format!("{} at {at}", class.word()),
    });
    (told.collect(), decoder.finish())
}

#[test]
fn a_value_is_what_the_frame_before_made_it() {
    let plan = plan();
    let stream = b"\x00\x07\x00\x00\x08\x01nAB\xffC";
    let expected = [
        "phase 0, turn 2, code 7, name Bytes([])",
        "phase 0, turn 3, code 8, name Bytes([110])",
        "phase 1, turn 0, kind 65",
        "phase 1, turn 1, kind 66, odd 255",
        "phase 1, turn 2, kind 67",
    ];
    assert_eq!(told(&plan, stream), (expected.map(str::to_owned).to_vec(), End::Clean));
    for cut in 0..=stream.len() {
        split_invariant(&plan, stream, &[cut]).unwrap();
    }
}

#[test]
fn a_refused_frame_changes_nothing() {
    let spec = "framewright: 1
name: counted
session:
  - turn: u8 in 0..=3 from 0 then (turn + 1) % 4
frame:
  - length: u8 counts body
  - kind: u8 in 65..=90
  - odd: u8 when turn & 1
  - body: bytes
policy: { on_reject: skip }
";
    let plan = Arc::new(lower(&model::load(spec.as_bytes()).unwrap()));
    // The second frame is refused for its kind and passed over by its size, to which `odd` belongs.
    let stream = b"\x01Ax\x01a\xeex\x00B\xff\x00C";
    let expected = [
        "turn 0, length 1, kind 65, body Bytes([120])",
        "out-of-range at 4",
        "turn 1, length 0, kind 66, odd 255, body Bytes([])",
        "turn 2, length 0, kind 67, body Bytes([])",
    ];
    assert_eq!(told(&plan, stream), (expected.map(str::to_owned).to_vec(), End::Clean));
}

#[test]
fn a_stream_can_begin_elsewhere() {
    let plan = plan();
    let ready = plan.starting(&[("phase".to_owned(), 1), ("turn".to_owned(), 3)]).unwrap();
    let (events, _) = told(&Arc::new(ready), b"A\x01B");
    assert_eq!(events, ["phase 1, turn 3, kind 65, odd 1", "phase 1, turn 0, kind 66"]);
    let refusal = |name: &str, value| plan.starting(&[(name.to_owned(), value)]).unwrap_err();
    assert_eq!(refusal("phase", 2), "`phase` does not take 2");
    assert_eq!(refusal("kind", 65), "`kind` is no value of the session, which has phase, turn");
    let by_name = plan.starting_with("phase=ready,turn=3").unwrap();
    assert_eq!((by_name.name.as_str(), by_name.session[0].from, by_name.session[1].from), ("greeted-ready-3", 1, 3));
    assert_eq!(plan.starting_with("phase=closed").unwrap_err(), "`phase` does not take closed");
}

#[test]
fn the_encoder_is_given_the_session() {
    let plan = plan();
    let fields = |phase: Option<u64>, turn, kind, odd: Option<u64>| {
        let all = [("phase", phase), ("turn", Some(turn)), ("kind", Some(kind)), ("odd", odd)];
        all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::UInt(value?)))).collect::<Vec<_>>()
    };
    assert_eq!(encode(&plan, &fields(Some(1), 1, 66, Some(255))).unwrap(), b"B\xff");
    assert_eq!(encode(&plan, &fields(Some(1), 2, 66, None)).unwrap(), b"B");
    let class = |fields| encode(&plan, &fields).unwrap_err().class;
    assert_eq!(class(fields(None, 1, 66, Some(1))), EncodeClass::MissingField);
    assert_eq!(class(fields(Some(2), 1, 66, Some(1))), EncodeClass::BadEnum);
    assert_eq!(class(fields(Some(1), 4, 66, None)), EncodeClass::OutOfRange);
    assert_eq!(class(fields(Some(1), 2, 66, Some(1))), EncodeClass::UnknownField);
}

#[test]
fn decoders_in_other_sessions_are_not_equal() {
    let plan = plan();
    let after = |stream: &[u8]| {
        let mut decoder = Decoder::new(Arc::clone(&plan));
        let mut events = Vec::new();
        decoder.feed(stream, &mut events);
        assert!(events.iter().all(|event| matches!(event, Event::Frame(_))));
        decoder
    };
    // Both stand behind six bytes, at the start of a frame.
    assert!(after(b"\x00\x07\x00\x00\x07\x00") != after(b"\x00\x08\x00A\x01B"));
    assert!(after(b"\x00\x07\x00") == after(b"\x00\x07\x00"));
}

#[test]
fn a_spec_is_named_with_a_start() {
    let run = |spec: &str| {
        let command = Command::new(env!("CARGO_BIN_EXE_framewright"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["show", spec])
            .output()
            .unwrap();
        (
            command.status.code(),
            String::from_utf8(command.stdout).unwrap() + &String::from_utf8(command.stderr).unwrap(),
        )
    };
    let (status, shown) = run("conformance/codecs/specs/phases.yaml@phase=ready,frames=1");
    assert_eq!(status, Some(0), "{shown}");
    assert!(shown.starts_with("phases-ready-1\n") && shown.contains("from Phase.ready"), "{shown}");
    let (status, shown) = run("conformance/codecs/specs/phases.yaml@phase=done");
    assert_eq!(status, Some(2), "{shown}");
    assert!(shown.contains("`phase` does not take done"), "{shown}");
}

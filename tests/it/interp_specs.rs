//! The reference codec on the specs that ship.

use std::path::Path;
use std::sync::Arc;

use framewright::interp::{EncodeClass, End, Event, decode, encode, fields_from_json, inputs};
use framewright::oracle::begun_with;
use framewright::plan::{Accept, Kind, OnReject, OpKind, Oversize, Plan, Policy, Size, Slot, Source, lower};
use framewright::value::{Fields, Value, from_hex, to_hex};
use framewright::{model, plan};
use serde_json::json;

use crate::interp::{first_frame_is_monotone, means_the_same_however_cut};

#[expect(clippy::disallowed_methods, reason = "a test reads the specs that ship")]
fn load(path: &Path) -> Plan {
    let source = std::fs::read_to_string(path).expect("a spec");
    lower(&model::load(source.as_bytes()).expect("a valid spec"))
}

fn spec(name: &str) -> Plan {
    load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("spec").join(name).with_extension("yaml"))
}

fn all() -> Vec<Plan> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("spec");
    let folders = [root.clone(), root.join("lfbfd")];
    let entries = folders.iter().flat_map(|folder| std::fs::read_dir(folder).expect("a folder"));
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    files.iter().map(|path| load(path)).collect()
}

#[track_caller]
fn encodes(name: &str, fields: serde_json::Value, hex: &str) {
    let plan = spec(name);
    let fields = fields_from_json(&plan, &fields).expect("fields");
    assert_eq!(encode(&plan, &fields).map(|frame| to_hex(&frame)), Ok(hex.replace(' ', "")));
}

#[test]
fn documented_frames() {
    let content = {
        let text = "hello, session 123";
        json!({ "text": text })
    };
    let hex = "000000000001e240 03 00000012 68656c6c6f2c2073657373696f6e20313233";
    encodes("session-record-plain", json!({"session": 123_456, "type": 3, "content": content}), hex);
    let header = json!({"serializer": 0, "header": {"text": "{}"}, "body": {"text": "hello"}});
    encodes("rocketmq", header, "0000000b 00 000002 7b7d 68656c6c6f");
    encodes("swoole", json!({"body": {"text": "hi"}}), "53574f4f4c45 0002 6869");
    let request = json!({"type": 0, "id": 7, "payload": {"msgpack": ["add", [1, 2]]}});
    encodes("msgpack-rpc-lite", request, "0000000d 00 00000007 92 a3616464 92 01 02");
    let notification = json!({"type": 2, "payload": {"msgpack": ["bye", []]}});
    encodes("msgpack-rpc-lite", notification, "00000007 02 92 a3627965 90");
    encodes("line", json!({"line": "é"}), "c3a9 0a");
}

/// Deterministic pseudo-random numbers (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).expect("a byte")
    }
}

/// Bytes that look like frames: constants and delimiters are mostly right, integers mostly small, bodies short.
fn nearly_frames(plan: &Plan, random: &mut Random) -> Vec<u8> {
    let mut out = Vec::new();
    for _ in 0..=random.below(3) {
        for op in &plan.ops {
            match &op.kind {
                OpKind::Const { bytes, .. } => out.extend_from_slice(bytes),
                OpKind::Int { int, .. } | OpKind::Bits { int, .. } => {
                    let mut bytes = vec![0; usize::from(int.bytes)];
                    let small = u8::try_from(random.below(12)).expect("a byte");
                    let last = bytes.len() - 1;
                    bytes[if int.endian == plan::Endian::Big { last } else { 0 }] = small;
                    out.extend(bytes);
                }
                OpKind::Bytes { size: Size::Until { delimiters, .. }, .. } => {
                    (0..random.below(4)).for_each(|_| out.push(b'a'));
                    let which = usize::try_from(random.below(delimiters.len() as u64)).expect("an index");
                    out.extend_from_slice(&delimiters[which]);
                }
                OpKind::Bytes { size: Size::Fixed(size), .. } => {
                    out.resize(out.len() + usize::try_from(*size).unwrap(), b'f')
                }
                OpKind::Bytes { size: Size::Rest(_), .. } => (0..random.below(8)).for_each(|_| out.push(0xc0)),
                OpKind::Msgpack { .. } => out.extend_from_slice(&[0x92, 0xc0, 0xa1, b'x']),
                OpKind::Pad { .. } | OpKind::Open(_) | OpKind::Close(_) => {}
                OpKind::Carry { .. }
                | OpKind::Claim(_)
                | OpKind::Fit { .. }
                | OpKind::Let { .. }
                | OpKind::Peek { .. }
                // Those that come next may be inside.
                | OpKind::Frames { .. }
                | OpKind::Check(..)
                | OpKind::Mark(_)
                | OpKind::Sum(_) => {}
            }
        }
    }
    if random.below(2) == 0 {
        let at = usize::try_from(random.below(out.len() as u64)).expect("an index");
        out[at] = random.byte();
    }
    if random.below(4) == 0 {
        out.truncate(usize::try_from(random.below(out.len() as u64 + 1)).expect("a length"));
    }
    out
}

#[test]
fn every_spec_decodes_alike_however_cut_under_every_policy() {
    let mut random = Random(2);
    for spec in all() {
        let policies = [
            spec.policy,
            Policy { oversize: Oversize::Skip, on_reject: OnReject::Skip },
            Policy { oversize: Oversize::Close, on_reject: OnReject::Resync },
        ];
        // Frames inside a frame go with no other policy.
        for policy in policies.into_iter().take(if spec.nested().is_some() { 1 } else { 3 }) {
            for max_frame in [spec.max_frame, spec.min_frame + 4] {
                let plan = Arc::new(Plan { policy, max_frame, ..spec.clone() });
                for _ in 0..20 {
                    let stream = nearly_frames(&plan, &mut random);
                    means_the_same_however_cut(&plan, &stream, 8);
                    first_frame_is_monotone(&plan, &stream);
                }
            }
        }
    }
}

/// A member of the slot's enum.
fn member(plan: &Plan, slot: &Slot, random: &mut Random) -> Option<u64> {
    let members = &plan.enums[slot.names?.0].members;
    let (value, _) = members[usize::try_from(random.below(members.len() as u64)).expect("an index")];
    u64::try_from(value).ok()
}

/// Inputs of which some make a frame: small integers, short bodies of each codec, all optional fields.
fn inputs_by_chance(plan: &Plan, random: &mut Random) -> Fields {
    let mut fields = Fields::new();
    for slot in plan.slots.iter().filter(|slot| !slot.hidden && slot.source == Source::Input) {
        let fixed = plan.ops.iter().find_map(|op| match &op.kind {
            OpKind::Bytes { slot: id, size: Size::Fixed(size), .. } if plan.slot(*id) == Some(slot) => Some(*size),
            _ => None,
        });
        let bodies: [&[u8]; 6] = [b"", b"7", b"{}", b"abcd", &[0x92, 0xc0, 0xa1, b'x'], b"abcdefghijklmnop"];
        let is_object = plan
            .ops
            .iter()
            .any(|op| matches!(&op.kind, OpKind::Msgpack { slot: id, .. } if plan.slot(*id) == Some(slot)));
        let objects: [&[u8]; 2] = [b"7", &[0x92, 0xc0, 0xa1, b'x']];
        let bodies: &[&[u8]] = if is_object { &objects } else { &bodies };
        let body = bodies[usize::try_from(random.below(bodies.len() as u64)).expect("an index")];
        let range = plan.ops.iter().find_map(|op| match &op.kind {
            OpKind::Int { slot: id, accept: Accept::Range(low, high), .. }
            | OpKind::Carry { slot: id, accept: Accept::Range(low, high), .. }
                if plan.slot(*id) == Some(slot) =>
            {
                Some((u64::try_from(*low).ok()?, u64::try_from(*high).ok()?))
            }
            _ => None,
        });
        let value = match (slot.kind, fixed) {
            (Kind::Int(int), _) if !int.signed && range.is_some() => {
                let (low, high) = range.expect("one");
                Value::UInt(low + random.below(6.min(high - low + 1)))
            }
            (Kind::Int(int), _) if int.signed => Value::Int(i64::from(random.byte()) % 6),
            (Kind::Bits(1), _) => Value::UInt(random.below(2)),
            (Kind::Int(_) | Kind::Bits(_), _) => Value::UInt(member(plan, slot, random).unwrap_or(random.below(6))),
            (Kind::Bytes, Some(size)) => Value::Bytes(vec![b'f'; usize::try_from(size).expect("a size")]),
            (Kind::Bytes, None) => Value::Bytes(body.to_vec()),
            (Kind::Text, _) => Value::Text(String::from_utf8_lossy(body).into_owned()),
        };
        fields.push((slot.name.clone(), value));
    }
    fields
}

#[test]
fn what_is_encoded_is_decoded_again() {
    let mut random = Random(3);
    for plan in all() {
        let (plan, mut frames) = (Arc::new(plan), 0);
        for _ in 0..3000 {
            let mut given = inputs_by_chance(&plan, &mut random);
            // A field that is not taken is absent by the values of others, and is left out.
            let encoded = loop {
                match encode(&plan, &given) {
                    Err(refusal) if refusal.class == EncodeClass::UnknownField => {
                        given.retain(|(name, _)| Some(name) != refusal.field.as_ref());
                    }
                    encoded => break encoded,
                }
            };
            let Ok(bytes) = encoded else { continue };
            let outcome = decode(&begun_with(&plan, &given).expect("a session"), &bytes);
            let [Event::Frame(frame)] = &outcome.events[..] else { panic!("{}: {outcome:?}", plan.name) };
            assert_eq!((inputs(&plan, &frame.fields), outcome.end), (given, End::Clean), "{}", plan.name);
            frames += 1;
        }
        assert!(frames >= 20, "{}: only {frames} of the inputs make a frame", plan.name);
    }
}

#[test]
fn a_frame_of_the_documented_stream_has_its_fields() {
    let plan = Arc::new(spec("swoole"));
    let outcome = decode(&plan, &from_hex("53574f4f4c45000268690053").expect("hex"));
    let expected: Fields = vec![
        ("magic".into(), Value::Bytes(b"SWOOLE".to_vec())),
        ("length".into(), Value::UInt(2)),
        ("body".into(), Value::Bytes(b"hi".to_vec())),
    ];
    let Some(Event::Frame(frame)) = outcome.events.first() else { panic!("no frame") };
    assert_eq!(frame.fields, expected);
}

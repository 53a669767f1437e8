//! Examples are vectors, and every byte is some field's.

use framewright::plan::OpKind;
use framewright::value::{Value, from_hex};
use framewright::vector::{Expected, examples};

use super::Documented;
use super::markdown::Read;

pub(super) fn are_vectors(documented: &Documented) {
    let (plan, page) = (&documented.plan, documented.page());
    let read = Read::new(page);
    let mut tables = read.tables.iter().filter(|(head, _)| head[1] == "Bytes" && head[2] == "Field" && head.len() == 4);
    let chosen = examples(plan, &documented.vectors);
    let good = |events: &[Expected]| events.iter().all(|event| matches!(event, Expected::Frame { .. }));
    let some = documented
        .vectors
        .tests
        .iter()
        .any(|test| test.derived && good(&test.expect.events) && !test.stream.is_empty());
    assert!(!chosen.is_empty() || !some, "no example, though there are frames:\n{page}");
    for example in &chosen {
        assert!(documented.vectors.tests.contains(example.vector));
        assert_eq!(example.frames.len(), example.vector.expect.events.len());
        let mut bytes: Vec<u8> = Vec::new();
        for (frame, event) in example.frames.iter().zip(&example.vector.expect.events) {
            let (_, rows) = tables.next().unwrap();
            assert_eq!(frame.len(), rows.len());
            for (piece, row) in frame.iter().zip(rows) {
                assert_eq!(piece.offset, bytes.len(), "{page}");
                assert_eq!(row[0], piece.offset.to_string());
                let shown = row[1].split(" and ").next().unwrap().replace(' ', "");
                let whole = piece.bytes.len() <= 64;
                let expected = if whole { &piece.bytes } else { &piece.bytes[..64] };
                assert_eq!(from_hex(&shown).as_ref(), Some(&expected.to_vec()));
                bytes.extend(&piece.bytes);
            }
            let Expected::Frame { end, fields, .. } = event else { panic!("a frame") };
            assert_eq!(bytes.len(), *end);
            for (name, value) in fields.iter().flatten() {
                let holds = |piece: &&framewright::vector::Piece| {
                    let slots = plan.ops[piece.op].kind.slots();
                    !piece.delimiter
                        && slots.iter().any(|id| !plan.slots[id.0].hidden && plan.slots[id.0].name == *name)
                };
                let Some((piece, row)) = frame.iter().zip(rows).find(|(piece, _)| holds(piece)) else {
                    let empty = matches!(value, Value::Bytes(bytes) if bytes.is_empty())
                        || *value == Value::Text(String::new());
                    // An escaped integer may lie in its short one alone.
                    let of = |op: &framewright::plan::Op| {
                        let own = op.kind.slots().iter().any(|id| plan.slots[id.0].name == *name);
                        own && matches!(op.kind, OpKind::Carry { .. } | OpKind::Let { .. } | OpKind::Peek { .. })
                    };
                    assert!(empty || plan.ops.iter().any(of), "{name} is missing");
                    continue;
                };
                match (value, &plan.ops[piece.op].kind) {
                    (_, OpKind::Const { .. }) => {}
                    (Value::UInt(_) | Value::Int(_), kind) => {
                        let value = match value {
                            Value::UInt(value) => value.to_string(),
                            Value::Int(value) => value.to_string(),
                            Value::Bytes(_) | Value::Text(_) => String::new(),
                        };
                        let part = format!("{name} = {value}");
                        let said = row[3].split(", ").map(|said| said.split(" (").next().unwrap());
                        let wanted = if matches!(kind, OpKind::Bits { .. }) { part } else { value };
                        assert!(said.into_iter().any(|said| said == wanted), "{wanted} in {row:?}");
                    }
                    (Value::Bytes(bytes), _) => assert_eq!(*bytes, piece.value, "{name} in {row:?}"),
                    (Value::Text(text), _) => assert_eq!(text.as_bytes(), piece.value),
                }
            }
        }
        assert_eq!(bytes, example.vector.stream);
    }
    assert!(tables.next().is_none());
}

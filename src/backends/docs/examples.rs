//! Examples: frames from the vectors, every byte under the name of its field.

use serde::Serialize;

use super::markdown::{code, text};
use super::page::field_name;
use super::strip;
use crate::plan::{Content, Kind, OpKind, Plan, SlotId, words};
use crate::value::to_hex;
use crate::vector::{self, Piece, Vectors};

/// Bytes of a field that are written out at most.
const WRITTEN: usize = 64;

/// An example, in Markdown.
#[derive(Serialize)]
pub(super) struct Example {
    title: String,
    source: String,
    alt: &'static str,
    file: String,
    frames: Vec<Vec<Row>>,
}

#[derive(Serialize)]
struct Row {
    offset: usize,
    bytes: String,
    name: String,
    value: String,
}

/// The name of an example's picture.
pub(super) fn file(protocol: &str, number: usize) -> String {
    format!("{protocol}.example-{}.svg", number.saturating_add(1))
}

/// The examples, and the picture of each.
pub(super) fn examples(plan: &Plan, vectors: &Vectors) -> (Vec<Example>, Vec<String>) {
    let chosen = vector::examples(plan, vectors);
    let shown = chosen.iter().enumerate().map(|(number, example)| Example {
        title: text(&example.vector.name),
        source: match &example.vector.source {
            Some(source) => format!("Source: {}.", text(source)),
            None => "Derived from the spec.".to_owned(),
        },
        alt: "The bytes in boxes, one a field; the table has the same",
        file: file(&plan.name, number),
        frames: example.frames.iter().map(|frame| frame.iter().map(|piece| row(plan, piece)).collect()).collect(),
    });
    let strips = chosen.iter().map(|example| strip::svg(plan, example)).collect();
    (shown.collect(), strips)
}

fn row(plan: &Plan, piece: &Piece) -> Row {
    let hex: Vec<String> = piece.bytes.iter().take(WRITTEN).map(|byte| to_hex(&[*byte])).collect();
    let more = piece.bytes.len().saturating_sub(WRITTEN);
    let more = if more == 0 { String::new() } else { format!(" and {} more", words::bytes(count(more))) };
    Row {
        offset: piece.offset,
        bytes: format!("{}{more}", code(&hex.join(" "))),
        name: name(plan, piece),
        value: value(plan, piece),
    }
}

fn name(plan: &Plan, piece: &Piece) -> String {
    let Some(op) = plan.ops.get(piece.op) else { return String::new() };
    let names: Vec<String> = op.kind.slots().into_iter().map(|slot| field_name(plan, slot)).collect();
    let names = names.join(", ");
    if piece.delimiter { format!("delimiter of {names}") } else { names }
}

fn value(plan: &Plan, piece: &Piece) -> String {
    let Some(op) = plan.ops.get(piece.op) else { return String::new() };
    if piece.delimiter {
        return code(&words::delimiter(&piece.bytes));
    }
    let integers = || {
        let parts =
            piece.integers.iter().filter(|(slot, _)| plan.slot(*slot).is_some_and(|slot| !part_of_padding(slot)));
        let parts: Vec<String> = parts.map(|(slot, value)| integer(plan, *slot, *value)).collect();
        parts
    };
    match &op.kind {
        OpKind::Carry { .. } | OpKind::Int { .. } => integers().concat(),
        OpKind::Bits { .. } => {
            let names =
                piece.integers.iter().filter_map(|(slot, _)| plan.slot(*slot)).filter(|slot| !part_of_padding(slot));
            let named = names.zip(integers()).map(|(slot, value)| format!("{} = {value}", code(&slot.name)));
            named.collect::<Vec<_>>().join(", ")
        }
        OpKind::Const { slot, .. } => code(&words::constant(plan, *slot)),
        OpKind::Bytes { content: Content::Decimal(_), .. } => integers().concat(),
        OpKind::Bytes { slot, .. } => readable(plan, *slot, &piece.value),
        OpKind::Let { .. } | OpKind::Peek { .. } => integers().concat(),
        OpKind::Msgpack { .. }
        | OpKind::Frames { .. }
        | OpKind::Pad { .. }
        | OpKind::Open(_)
        | OpKind::Close(_)
        | OpKind::Claim(_)
        | OpKind::Fit { .. }
        | OpKind::Check(..)
        | OpKind::Mark(_)
        | OpKind::Sum(_) => String::new(),
    }
}

fn part_of_padding(slot: &crate::plan::Slot) -> bool {
    slot.hidden && slot.source == crate::plan::Source::Zero
}

/// An integer, and the name of its value.
fn integer(plan: &Plan, slot: SlotId, value: i128) -> String {
    let known = plan.slot(slot).and_then(|slot| plan.enums.get(slot.names?.0));
    let member = known.and_then(|known| {
        let member = known.members.iter().find(|(member, _)| *member == value).map(|(_, name)| name);
        member.or(known.other.as_ref())
    });
    member.map_or_else(|| value.to_string(), |member| format!("{value} ({})", code(member)))
}

/// Bytes as text, where they are.
fn readable(plan: &Plan, slot: SlotId, bytes: &[u8]) -> String {
    let is_text = plan.slot(slot).is_some_and(|slot| slot.kind == Kind::Text);
    let plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\r' | b'\n' | b'\t');
    match std::str::from_utf8(bytes) {
        Ok(_) if bytes.len() > WRITTEN => String::new(),
        Ok(words) if is_text && !words.chars().any(char::is_control) => text(&format!("\"{words}\"")),
        Ok(_) if bytes.iter().all(plain) => code(&words::delimiter(bytes).replace("\\x20", " ")),
        Ok(_) | Err(_) => String::new(),
    }
}

fn count(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

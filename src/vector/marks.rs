//! Where the fields of a frame stand in a stream.

use std::sync::Arc;

use super::Mark;
use super::draft::{Choice, Draft, Laid, lay};
use crate::interp::{Event, Frame, decode};
use crate::plan::{OpKind, Plan, Size, Slot, Source};
use crate::value::{Fields, Value};

impl Laid {
    /// Where the fields of a frame stand, as far as its first `have` bytes reach.
    pub(super) fn marks(&self, plan: &Plan, frame: usize, start: usize, have: usize) -> Vec<Mark> {
        let mut marks = Vec::new();
        let mut mark = |from: usize, end: usize, name: String| {
            let end = end.min(have);
            if from < end {
                marks.push(Mark { offset: start + from, length: end - from, path: format!("{frame}.{name}") });
            }
        };
        for piece in &self.pieces {
            let Some(op) = plan.ops.get(piece.op) else { continue };
            for id in op.kind.slots() {
                let Some(slot) = plan.slot(id) else { continue };
                match (slot.hidden, &op.kind) {
                    (true, _) if matches!(slot.source, Source::Piece(_)) => continue,
                    (true, OpKind::Int { .. }) => mark(piece.start, piece.end, format!("{}.length", slot.name)),
                    (true, OpKind::Bits { .. }) => {}
                    _ => mark(piece.start, piece.value_end, slot.name.clone()),
                }
                mark(piece.value_end, piece.end, format!("{}.delimiter", slot.name));
            }
        }
        marks
    }
}

/// Where the fields of the frames of any stream stand, as the reference codec reads it. What is refused has none.
#[must_use]
pub fn marks(plan: &Arc<Plan>, stream: &[u8]) -> Vec<Mark> {
    let frames = decode(plan, stream).events.into_iter().filter_map(|event| match event {
        Event::Frame(frame) => Some(frame),
        Event::Reject { .. } => None,
    });
    let of_frame = |(index, frame): (usize, Frame)| {
        let (start, end) = (usize::try_from(frame.start).ok()?, usize::try_from(frame.end).ok()?);
        Some(marks_of(plan, &frame.fields, stream.get(start..end)?, index, start))
    };
    frames.enumerate().filter_map(of_frame).flatten().collect()
}

/// Where the fields of a decoded frame stand, found by laying it out again. None where a field ends with a delimiter that is part of
/// its value.
pub(super) fn marks_of(plan: &Plan, fields: &Fields, bytes: &[u8], frame: usize, start: usize) -> Vec<Mark> {
    let choice = |slot: &Slot, delimiter: usize| {
        let value = fields.iter().find(|(name, _)| *name == slot.name).map(|(_, value)| value);
        match value.filter(|_| slot.source == Source::Input && !slot.hidden)? {
            Value::UInt(value) => Some(Choice::Int(i128::from(*value))),
            Value::Int(value) => Some(Choice::Int(i128::from(*value))),
            Value::Bytes(bytes) => Some(Choice::Bytes(bytes.clone(), delimiter)),
            Value::Text(text) => Some(Choice::Bytes(text.clone().into_bytes(), delimiter)),
        }
    };
    let delimiters = plan.ops.iter().map(|op| match &op.kind {
        OpKind::Bytes { size: Size::Until { delimiters, .. }, .. } => delimiters.len(),
        _ => 1,
    });
    let laid = (0..delimiters.max().unwrap_or(1)).find_map(|delimiter| {
        let draft = Draft { values: plan.slots.iter().map(|slot| choice(slot, delimiter)).collect() };
        lay(plan, &draft).filter(|laid| laid.bytes == bytes)
    });
    laid.map(|laid| laid.marks(plan, frame, start, bytes.len())).unwrap_or_default()
}

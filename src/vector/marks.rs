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

/// Where the fields of a decoded frame stand, found by laying it out again.
pub(super) fn marks_of(plan: &Plan, fields: &Fields, bytes: &[u8], frame: usize, start: usize) -> Vec<Mark> {
    laid_of(plan, fields, bytes).map(|laid| laid.marks(plan, frame, start, bytes.len())).unwrap_or_default()
}

/// The delimiters of a slot, and whether they are part of its value.
type Delimited<'p> = Option<(&'p [Vec<u8>], bool)>;

/// A decoded frame, laid out again; nothing where that gives other bytes.
pub(super) fn laid_of(plan: &Plan, fields: &Fields, bytes: &[u8]) -> Option<Laid> {
    let mut delimited: Vec<Delimited<'_>> = vec![None; plan.slots.len()];
    let mut most = 1;
    for op in &plan.ops {
        if let OpKind::Bytes { slot, size: Size::Until { delimiters, kept, .. }, .. } = &op.kind {
            most = most.max(delimiters.len());
            if let Some(slot) = delimited.get_mut(slot.0) {
                *slot = Some((delimiters, *kept));
            }
        }
    }
    let content = |bytes: &[u8], delimited: Delimited<'_>, turn: usize| match delimited {
        None => Some(Choice::Bytes(bytes.to_vec(), 0)),
        Some((delimiters, false)) => Some(Choice::Bytes(bytes.to_vec(), turn.min(delimiters.len().saturating_sub(1)))),
        Some((delimiters, true)) => {
            let ends = delimiters.iter().enumerate().filter(|(_, end)| bytes.ends_with(end));
            let (at, end) = ends.max_by_key(|(_, end)| end.len())?;
            Some(Choice::Bytes(bytes.strip_suffix(end.as_slice())?.to_vec(), at))
        }
    };
    let choice = |slot: &Slot, delimited: Delimited<'_>, turn: usize| {
        let value = fields.iter().find(|(name, _)| *name == slot.name).map(|(_, value)| value);
        match value.filter(|_| slot.source == Source::Input && !slot.hidden)? {
            Value::UInt(value) => Some(Choice::Int(i128::from(*value))),
            Value::Int(value) => Some(Choice::Int(i128::from(*value))),
            Value::Bytes(bytes) => content(bytes, delimited, turn),
            Value::Text(text) => content(text.as_bytes(), delimited, turn),
        }
    };
    (0..most).find_map(|turn| {
        let slots = plan.slots.iter().zip(&delimited);
        let mut draft = Draft { values: slots.map(|(slot, delimited)| choice(slot, *delimited, turn)).collect() };
        for region in &plan.regions {
            let Some(sentinel) = region.sentinel else { continue };
            let there = draft.values.get(sentinel.field.0).is_some_and(Option::is_some);
            if let Some(place) = draft.values.get_mut(region.length.0) {
                *place = Some(Choice::Int(sentinel.told(there)));
            }
        }
        lay(plan, &draft).filter(|laid| laid.bytes == bytes)
    })
}

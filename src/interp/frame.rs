//! What is made of a complete frame.

use std::borrow::Cow;

use super::cursor::Cursor;
use super::mask::masked;
use super::wire::{Window, length, part};
use crate::plan::{Emit, Kind, Plan, SlotId};
use crate::value::{Fields, Value};

/// All visible fields in wire order; those that are absent are left out.
pub(super) fn fields(plan: &Plan, cursor: &Cursor, frame: &[u8]) -> Fields {
    let visible = plan.slots.iter().enumerate().filter(|(_, slot)| !slot.hidden);
    visible
        .filter_map(|(index, slot)| {
            let id = SlotId(index);
            cursor.place(id).present.then(|| (slot.name.clone(), value(plan, slot.kind, id, cursor, frame)))
        })
        .collect()
}

/// The bytes of a slot's value.
fn content<'a>(plan: &Plan, slot: SlotId, cursor: &Cursor, frame: &'a [u8]) -> Cow<'a, [u8]> {
    let place = cursor.place(slot);
    masked(cursor.key(plan, slot, Window::whole(frame)), part(frame, place.start, place.value_end))
}

fn value(plan: &Plan, kind: Kind, slot: SlotId, cursor: &Cursor, frame: &[u8]) -> Value {
    let place = cursor.place(slot);
    match kind {
        Kind::Int(int) if int.signed => Value::Int(i64::try_from(place.value).unwrap_or_default()),
        Kind::Int(_) | Kind::Bits(_) => Value::UInt(u64::try_from(place.value).unwrap_or_default()),
        Kind::Bytes => Value::Bytes(content(plan, slot, cursor, frame).into_owned()),
        Kind::Text => {
            let bytes = content(plan, slot, cursor, frame).into_owned();
            String::from_utf8(bytes).map_or_else(|error| Value::Bytes(error.into_bytes()), Value::Text)
        }
    }
}

/// The bytes that a frame-level user is handed.
pub(super) fn emitted<'a>(plan: &Plan, cursor: &Cursor, frame: &'a [u8]) -> Cow<'a, [u8]> {
    Cow::Borrowed(match plan.emit {
        Emit::Frame => frame,
        Emit::Value(slot) => return content(plan, slot, cursor, frame),
        Emit::Span(first, last) => {
            let mut places = (first.0..=last.0).map(|slot| cursor.place(SlotId(slot))).filter(|place| place.present);
            let Some(first) = places.next() else { return Cow::Borrowed(&[]) };
            part(frame, first.start, places.next_back().unwrap_or(first).end)
        }
        Emit::Strip(bytes) => part(frame, bytes, length(frame)),
    })
}

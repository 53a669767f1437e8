//! What is made of a complete frame.

use super::cursor::{Cursor, Place};
use super::wire::{length, part};
use crate::plan::{Emit, Kind, Plan, SlotId};
use crate::value::{Fields, Value};

/// All visible fields in wire order; those that are absent are left out.
pub(super) fn fields(plan: &Plan, cursor: &Cursor, frame: &[u8]) -> Fields {
    let visible = plan.slots.iter().enumerate().filter(|(_, slot)| !slot.hidden);
    visible
        .filter_map(|(index, slot)| {
            let place = cursor.place(SlotId(index));
            place.present.then(|| (slot.name.clone(), value(slot.kind, place, frame)))
        })
        .collect()
}

fn value(kind: Kind, place: Place, frame: &[u8]) -> Value {
    match kind {
        Kind::Int(int) if int.signed => Value::Int(i64::try_from(place.value).unwrap_or_default()),
        Kind::Int(_) | Kind::Bits(_) => Value::UInt(u64::try_from(place.value).unwrap_or_default()),
        Kind::Bytes => Value::Bytes(part(frame, place.start, place.value_end).to_vec()),
        Kind::Text => {
            let bytes = part(frame, place.start, place.value_end);
            std::str::from_utf8(bytes)
                .map_or_else(|_| Value::Bytes(bytes.to_vec()), |text| Value::Text(text.to_owned()))
        }
    }
}

/// The bytes that a frame-level user is handed.
pub(super) fn emitted<'a>(plan: &Plan, cursor: &Cursor, frame: &'a [u8]) -> &'a [u8] {
    match plan.emit {
        Emit::Frame => frame,
        Emit::Value(slot) => {
            let place = cursor.place(slot);
            part(frame, place.start, place.value_end)
        }
        Emit::Span(first, last) => {
            let mut places = (first.0..=last.0).map(|slot| cursor.place(SlotId(slot))).filter(|place| place.present);
            let Some(first) = places.next() else { return &[] };
            part(frame, first.start, places.next_back().unwrap_or(first).end)
        }
        Emit::Strip(bytes) => part(frame, bytes, length(frame)),
    }
}

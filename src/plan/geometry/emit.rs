//! What a frame-level user is handed, as bytes off the frame's front.

use super::layout::Layout;
use super::{field_of, slot_phrase};
use crate::plan::{Emit, Plan, SlotId};

/// How many bytes `emit` takes off the front.
///
/// # Errors
///
/// What is handed out does not reach from a fixed offset to the frame's end.
pub(super) fn strip(plan: &Plan, layout: &Layout) -> Result<u64, String> {
    let (first, last) = match plan.emit {
        Emit::Frame => return Ok(0),
        Emit::Strip(bytes) => return Ok(bytes),
        Emit::Value(slot) if plan.slot(slot).is_some_and(|slot| slot.mask.is_some()) => {
            return Err(format!("`emit` hands out {} unmasked", slot_phrase(plan, slot.0)));
        }
        Emit::Value(slot) => (slot, slot),
        Emit::Span(first, last) => (first, last),
    };
    let Some(first_op) = op_of(plan, first) else { return Err("`emit` names no field".to_owned()) };
    let last_op = op_of(plan, last).unwrap_or(first_op);
    for (index, op) in plan.ops.iter().enumerate() {
        if index > last_op && op.kind.has_bytes() {
            return Err(format!(
                "`emit` hands out {} and not what follows it, {}; framing decoders strip the front only",
                slot_phrase(plan, last.0),
                field_of(plan, index)
            ));
        }
        if (index == first_op || index == last_op) && op.guard.is_some() {
            return Err(format!("`emit` hands out {}, which is optional", field_of(plan, index)));
        }
    }
    layout
        .start(first_op)
        .and_then(|start| start.constant())
        .and_then(|start| u64::try_from(start).ok())
        .ok_or_else(|| format!("`emit` begins with {}, which has no fixed offset", slot_phrase(plan, first.0)))
}

/// Whether a frame that is one delimited field is handed out without its delimiter.
///
/// # Errors
///
/// `emit` takes bytes off the front.
pub(super) fn without_delimiter(plan: &Plan, kept: bool) -> Result<bool, String> {
    match plan.emit {
        Emit::Frame | Emit::Span(_, _) | Emit::Strip(0) => Ok(false),
        Emit::Value(_) => Ok(!kept),
        Emit::Strip(bytes) => Err(format!("`emit` takes {bytes} bytes off the front of a delimited frame")),
    }
}

fn op_of(plan: &Plan, slot: SlotId) -> Option<usize> {
    plan.ops.iter().position(|op| op.kind.slots().first() == Some(&slot))
}

//! Expressions over the integers of a frame.

use crate::plan::{Expr, OpKind, Plan, SlotId, Source};

/// Whether the expression reads this slot.
pub(crate) fn reads(expr: &Expr, slot: SlotId) -> bool {
    match expr {
        Expr::Int(_) => false,
        Expr::Slot(read) => *read == slot,
        Expr::Unary(_, operand) => reads(operand, slot),
        Expr::Binary(_, left, right) => reads(left, slot) || reads(right, slot),
    }
}

/// The first slot that an expression reads.
pub(super) fn first(expr: &Expr) -> Option<SlotId> {
    match expr {
        Expr::Int(_) => None,
        Expr::Slot(slot) => Some(*slot),
        Expr::Unary(_, inner) => first(inner),
        Expr::Binary(_, left, right) => first(left).or_else(|| first(right)),
    }
}

/// Whether a frame's size follows from this slot: it is a length, part of a condition, or a piece of an integer whose end it tells.
pub(super) fn decides_size(plan: &Plan, slot: SlotId) -> bool {
    plan.slot(slot).is_some_and(|slot| matches!(slot.source, Source::Piece(_)))
        || plan.regions.iter().any(|region| region.length == slot)
        || plan.ops.iter().any(|op| {
            !matches!(op.kind, OpKind::Check(..)) && op.guard.as_ref().is_some_and(|guard| reads(guard, slot))
        })
}

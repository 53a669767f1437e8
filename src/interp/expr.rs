//! Expressions over the integers of a frame.

use crate::plan::{Binary, Expr, OpKind, Plan, SlotId, Source, Unary};

/// The value of an expression; `value` gives that of a slot.
///
/// Validation proves that no value leaves −2^63 … 2^64−1, no divisor is 0 and no shift leaves 0..=63. On a plan that was never
/// validated the result is saturated, and what cannot be divided or shifted gives 0, so that nothing panics.
pub(crate) fn eval(expr: &Expr, value: &impl Fn(SlotId) -> i128) -> i128 {
    match expr {
        Expr::Int(number) => *number,
        Expr::Slot(slot) => value(*slot),
        Expr::Unary(operator, operand) => {
            let operand = eval(operand, value);
            match operator {
                Unary::Neg => operand.saturating_neg(),
                Unary::Not => i128::from(operand == 0),
                Unary::Invert => !operand,
            }
        }
        // Neither operand does anything but have a value, so both are evaluated.
        Expr::Binary(operator, left, right) => binary(*operator, eval(left, value), eval(right, value)),
    }
}

fn binary(operator: Binary, left: i128, right: i128) -> i128 {
    match operator {
        Binary::Mul => left.saturating_mul(right),
        Binary::Div => left.checked_div(right).unwrap_or(0),
        Binary::Rem => left.checked_rem(right).unwrap_or(0),
        Binary::Add => left.saturating_add(right),
        Binary::Sub => left.saturating_sub(right),
        Binary::Shl => shift(right).and_then(|by| left.checked_shl(by)).unwrap_or(0),
        Binary::Shr => shift(right).and_then(|by| left.checked_shr(by)).unwrap_or(0),
        Binary::And => left & right,
        Binary::Xor => left ^ right,
        Binary::Or => left | right,
        Binary::Eq => i128::from(left == right),
        Binary::Ne => i128::from(left != right),
        Binary::Lt => i128::from(left < right),
        Binary::Le => i128::from(left <= right),
        Binary::Gt => i128::from(left > right),
        Binary::Ge => i128::from(left >= right),
        Binary::AndAlso => i128::from(left != 0 && right != 0),
        Binary::OrElse => i128::from(left != 0 || right != 0),
    }
}

fn shift(by: i128) -> Option<u32> {
    u32::try_from(by).ok()
}

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

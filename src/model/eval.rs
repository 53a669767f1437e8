//! The value of an expression.

use super::types::{Binary, Expr, SlotId, Unary};

impl Expr {
    /// The value of an expression; `value` gives that of a slot.
    ///
    /// Validation proves that no value leaves −2^63 … 2^64−1, no divisor is 0 and no shift leaves 0..=63. On a plan that was never
    /// validated the result is saturated, and what cannot be divided or shifted gives 0, so that nothing panics.
    pub(crate) fn eval(&self, value: &impl Fn(SlotId) -> i128) -> i128 {
        match self {
            Self::Int(number) => *number,
            Self::Slot(slot) => value(*slot),
            Self::Unary(operator, operand) => {
                let operand = operand.eval(value);
                match operator {
                    Unary::Neg => operand.saturating_neg(),
                    Unary::Not => i128::from(operand == 0),
                    Unary::Invert => !operand,
                }
            }
            // Neither operand does anything but have a value, so both are evaluated.
            Self::Binary(operator, left, right) => binary(*operator, left.eval(value), right.eval(value)),
        }
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

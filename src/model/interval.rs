//! Which values an expression can have.

use super::types::{Binary, Expr, SlotId, Unary};

/// The smallest and the largest value of any expression.
pub(super) const LOW: i128 = -(1 << 63);
pub(super) const HIGH: i128 = (1 << 64) - 1;
const SIGNED_HIGH: i128 = (1 << 63) - 1;

/// Whether all these values fit 64 bits of one signedness.
pub(super) fn one_type(ranges: &[(i128, i128)]) -> bool {
    ranges.iter().all(|(low, high)| *low >= LOW && *high <= SIGNED_HIGH)
        || ranges.iter().all(|(low, high)| *low >= 0 && *high <= HIGH)
}

impl Expr {
    /// The smallest and the largest value, from those of its slots.
    pub(crate) fn bounds(&self, slot: &impl Fn(SlotId) -> (i128, i128)) -> (i128, i128) {
        match self {
            Self::Int(value) => (*value, *value),
            Self::Slot(id) => slot(*id),
            Self::Unary(operator, operand) => unary(*operator, operand.bounds(slot)),
            Self::Binary(operator, left, right) => binary(*operator, left.bounds(slot), right.bounds(slot)),
        }
    }
}

/// The values that an operator can give, from those of its operand.
pub(super) fn unary(operator: Unary, (low, high): (i128, i128)) -> (i128, i128) {
    match operator {
        Unary::Neg => (high.saturating_neg(), low.saturating_neg()),
        Unary::Invert => (!high, !low),
        Unary::Not => (0, 1),
    }
}

/// The values that an operator can give, from those of its operands; all lie within 65 bits.
pub(super) fn binary(operator: Binary, (a, b): (i128, i128), (c, d): (i128, i128)) -> (i128, i128) {
    let corners = |of: fn(i128, i128) -> i128| {
        let all = [of(a, c), of(a, d), of(b, c), of(b, d)];
        (all.into_iter().min().unwrap_or(0), all.into_iter().max().unwrap_or(0))
    };
    match operator {
        Binary::Mul => corners(i128::saturating_mul),
        Binary::Add => corners(i128::saturating_add),
        Binary::Sub => corners(i128::saturating_sub),
        Binary::Shl => corners(|value, by| value.saturating_mul(1_i128.wrapping_shl(u32::try_from(by).unwrap_or(0)))),
        Binary::Shr => corners(|value, by| value.wrapping_shr(u32::try_from(by).unwrap_or(0))),
        // A divisor is never 0, so all of one sign: the value moves one way with each operand.
        Binary::Div => corners(|value, by| value.checked_div(by).unwrap_or(0)),
        Binary::Rem => {
            let most = c.saturating_abs().max(d.saturating_abs()).saturating_sub(1);
            (if a < 0 { most.saturating_neg() } else { 0 }, if b > 0 { most } else { 0 })
        }
        Binary::And | Binary::Or | Binary::Xor => bitwise(operator, (a, b), (c, d)),
        Binary::Eq
        | Binary::Ne
        | Binary::Lt
        | Binary::Le
        | Binary::Gt
        | Binary::Ge
        | Binary::AndAlso
        | Binary::OrElse => (0, 1),
    }
}

fn bitwise(operator: Binary, (a, b): (i128, i128), (c, d): (i128, i128)) -> (i128, i128) {
    let bits = |value: i128| 128_u32.saturating_sub(if value < 0 { !value } else { value }.leading_zeros());
    let width = [a, b, c, d].into_iter().map(bits).max().unwrap_or(0);
    let all = 1_i128.wrapping_shl(width.min(100)).wrapping_sub(1);
    if a >= 0 && c >= 0 {
        return (0, if matches!(operator, Binary::And) { b.min(d) } else { all });
    }
    if matches!(operator, Binary::And) && (a >= 0 || c >= 0) {
        return (0, if a >= 0 { b } else { d });
    }
    (!all, all)
}

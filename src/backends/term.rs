//! Expressions whose every step has a type of 64 bits.

use crate::plan::{Binary, Expr, SlotId, Unary};

const SIGNED_MOST: i128 = (1 << 63) - 1;

/// An expression with the values that it can have. Validation proves that the operands and the value of every arithmetic or
/// comparing step fit one [`Num`].
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    pub(super) kind: TermKind,
    pub(super) low: i128,
    pub(super) high: i128,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TermKind {
    Int(i128),
    Slot(SlotId),
    Unary(Unary, Box<Term>),
    Binary(Binary, Box<Term>, Box<Term>),
}

/// A type of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Num {
    /// −2^63 … 2^63−1: whatever fits it.
    Signed,
    /// 0 … 2^64−1: where values above 2^63−1 take part.
    Unsigned,
}

impl Term {
    /// `bounds`: the smallest and the largest value of each slot.
    pub(super) fn new(expr: &Expr, bounds: &[(i128, i128)]) -> Self {
        let slot = |slot: SlotId| bounds.get(slot.0).copied().unwrap_or((0, 0));
        let (low, high) = expr.bounds(&slot);
        let inner = |expr: &Expr| Box::new(Self::new(expr, bounds));
        let kind = match expr {
            Expr::Int(value) => TermKind::Int(*value),
            Expr::Slot(slot) => TermKind::Slot(*slot),
            Expr::Unary(operator, operand) => TermKind::Unary(*operator, inner(operand)),
            Expr::Binary(operator, left, right) => TermKind::Binary(*operator, inner(left), inner(right)),
        };
        Self { kind, low, high }
    }

    /// The type that holds its value.
    pub(super) fn num(&self) -> Num {
        if self.high > SIGNED_MOST { Num::Unsigned } else { Num::Signed }
    }

    /// The type in which its operator works: that of its operands and its value, the number of a shift aside.
    pub(super) fn works_in(&self) -> Num {
        let unsigned = |term: &Self| term.num() == Num::Unsigned;
        let wide = match &self.kind {
            TermKind::Int(_) | TermKind::Slot(_) => false,
            TermKind::Unary(_, operand) => unsigned(operand),
            TermKind::Binary(Binary::Shl | Binary::Shr, left, _) => unsigned(left),
            TermKind::Binary(_, left, right) => unsigned(left) || unsigned(right),
        };
        if wide || unsigned(self) { Num::Unsigned } else { Num::Signed }
    }

    /// Its value is 0 or 1, by the nature of its operator.
    pub(super) fn is_truth(&self) -> bool {
        match &self.kind {
            TermKind::Int(_) | TermKind::Slot(_) => false,
            TermKind::Unary(operator, _) => *operator == Unary::Not,
            TermKind::Binary(operator, _, _) => match operator {
                Binary::Eq
                | Binary::Ne
                | Binary::Lt
                | Binary::Le
                | Binary::Gt
                | Binary::Ge
                | Binary::AndAlso
                | Binary::OrElse => true,
                Binary::Mul
                | Binary::Div
                | Binary::Rem
                | Binary::Add
                | Binary::Sub
                | Binary::Shl
                | Binary::Shr
                | Binary::And
                | Binary::Xor
                | Binary::Or => false,
            },
        }
    }

    /// Whether it reads this slot.
    pub(super) fn reads(&self, slot: SlotId) -> bool {
        match &self.kind {
            TermKind::Int(_) => false,
            TermKind::Slot(read) => *read == slot,
            TermKind::Unary(_, operand) => operand.reads(slot),
            TermKind::Binary(_, left, right) => left.reads(slot) || right.reads(slot),
        }
    }
}

//! Integers that are written in pieces: frames up to such an integer with another value, and with pieces that make none.

use super::draft::{Laid, demanded, digits, group, refusal};
use crate::interp::{Class, reads};
use crate::plan::{Content, Demand, Expr, Op, OpKind, Plan, SlotId, Source};

/// The beginning of a frame that is refused at its last byte.
pub(super) struct Wrong {
    pub(super) bytes: Vec<u8>,
    /// The integer's own bytes.
    pub(super) written: Vec<u8>,
    pub(super) class: Class,
}

/// A frame up to the integer at an op, in pieces or decimal digits, with these values. Nothing where it cannot be written so.
pub(super) fn rewritten(plan: &Plan, laid: &Laid, until: usize, ints: Vec<i128>) -> Option<Vec<u8>> {
    let mut walk = Walk { plan, laid, ints, bytes: Vec::new() };
    for (index, op) in plan.ops.iter().enumerate().take(until) {
        for slot in op.kind.slots() {
            if let Some(Source::Piece(value)) = plan.slot(slot).map(|slot| &slot.source) {
                let value = walk.eval(value);
                walk.set(slot, value);
            }
        }
        walk.step(index, op);
    }
    match &plan.ops.get(until)?.kind {
        OpKind::Let { slot, value, .. } => (walk.eval(value) == walk.ints.get(slot.0).copied()?).then_some(walk.bytes),
        OpKind::Bytes { slot, size, content: Content::Decimal(decimal) } => {
            let value = walk.ints.get(slot.0).copied()?;
            let (low, high) = decimal.bounds();
            let (written, delimiter) = digits(*decimal, size, value);
            (low..=high).contains(&value).then(|| [walk.bytes, written, delimiter].concat())
        }
        _ => None,
    }
}

/// The bytes of the integer at an op where all of its pieces are there.
pub(super) fn longest(plan: &Plan, index: usize) -> usize {
    let Some(Op { kind: OpKind::Let { pieces, .. }, .. }) = plan.ops.get(index) else { return 0 };
    let bytes = |op: &Op| match &op.kind {
        OpKind::Int { slot, int, .. } if pieces.contains(slot) => usize::from(int.bytes),
        _ => 0,
    };
    plan.ops.iter().map(bytes).sum()
}

/// For each class, pieces of the integer at an op that are refused by it.
pub(super) fn wrong(plan: &Plan, laid: &Laid, index: usize) -> Vec<Wrong> {
    let Some(Op { kind: OpKind::Let { pieces, .. }, .. }) = plan.ops.get(index) else { return Vec::new() };
    let Some(start) = laid.piece(index).map(|piece| piece.start) else { return Vec::new() };
    let guards = || plan.ops.iter().filter(|op| op.kind.slots().iter().any(|slot| pieces.contains(slot)));
    let mut values = vec![0, 1, 127, 128, 129, 255];
    guards().filter_map(|op| op.guard.as_ref()).for_each(|guard| constants(guard, &mut values));
    // A short integer that stands elsewhere comes first.
    let base = (0..plan.slots.len()).map(SlotId).filter(|slot| {
        let piece = plan.slot(*slot).is_some_and(|slot| matches!(slot.source, Source::Piece(_)));
        piece && !pieces.contains(slot) && guards().filter_map(|op| op.guard.as_ref()).any(|guard| reads(guard, *slot))
    });
    let all: Vec<SlotId> = base.chain(pieces.iter().copied()).collect();
    let mut found: Vec<Wrong> = Vec::new();
    for repeated in 0..all.len() {
        for (first, last) in values.iter().flat_map(|first| values.iter().map(move |last| (*first, *last))) {
            let mut walk = Walk { plan, laid, ints: laid.ints.clone(), bytes: Vec::new() };
            for (place, slot) in all.iter().enumerate() {
                let value = match place.cmp(&repeated) {
                    std::cmp::Ordering::Less => first,
                    std::cmp::Ordering::Equal => last,
                    std::cmp::Ordering::Greater => 0,
                };
                walk.set(*slot, value);
            }
            if let Some(class) = walk.refusal(index).filter(|class| found.iter().all(|known| known.class != *class)) {
                let written = walk.bytes.get(start.min(walk.bytes.len())..).unwrap_or_default().to_vec();
                found.push(Wrong { bytes: walk.bytes, written, class });
            }
        }
    }
    found
}

struct Walk<'a> {
    plan: &'a Plan,
    laid: &'a Laid,
    ints: Vec<i128>,
    bytes: Vec<u8>,
}

impl Walk<'_> {
    fn eval(&self, expr: &Expr) -> i128 {
        expr.eval(&|slot| self.ints.get(slot.0).copied().unwrap_or(0))
    }

    fn set(&mut self, slot: SlotId, value: i128) {
        if let Some(place) = self.ints.get_mut(slot.0) {
            *place = value;
        }
    }

    /// Writes an op; one that is absent counts as 0. Gives whether it is there.
    fn step(&mut self, index: usize, op: &Op) -> bool {
        if op.guard.as_ref().is_some_and(|guard| self.eval(guard) == 0) {
            op.kind.slots().into_iter().for_each(|slot| self.set(slot, 0));
            return false;
        }
        match &op.kind {
            OpKind::Int { slot, int, .. } => {
                self.bytes.extend(int.to_wire(self.ints.get(slot.0).copied().unwrap_or(0)));
            }
            OpKind::Bits { int, parts } => self.bytes.extend(group(*int, parts, &self.ints)),
            _ if op.kind.has_bytes() => {
                let piece = self.laid.piece(index).and_then(|piece| self.laid.bytes.get(piece.start..piece.end));
                self.bytes.extend(piece.unwrap_or_default());
            }
            _ => {}
        }
        true
    }

    /// The class by which the first of these values is refused that is not taken, written up to there.
    fn refusal(&mut self, until: usize) -> Option<Class> {
        for (index, op) in self.plan.ops.iter().enumerate().take(until) {
            if !self.step(index, op) {
                continue;
            }
            if let OpKind::Check(check, demand @ Demand::Minimal) = &op.kind
                && self.eval(check) == 0
            {
                return Some(demanded(*demand));
            }
            for integer in op.kind.integers() {
                // What does not fit its type is no other value of it.
                let value = self.ints.get(integer.slot.0).copied().unwrap_or(0);
                if value > integer.bounds.1 {
                    return None;
                }
                if let Some(class) = refusal(self.plan, integer.accept, value) {
                    return Some(class);
                }
            }
        }
        None
    }
}

/// The constants of an expression.
fn constants(expr: &Expr, into: &mut Vec<i128>) {
    match expr {
        Expr::Int(value) => into.push(*value),
        Expr::Slot(_) => {}
        Expr::Unary(_, inner) => constants(inner, into),
        Expr::Binary(_, left, right) => {
            constants(left, into);
            constants(right, into);
        }
    }
}

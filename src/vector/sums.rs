//! Frames with a checksum that is not that of the bytes.

use super::compose::{Cause, Fault, Refused};
use super::draft::{Laid, Piece};
use super::search::Space;
use crate::interp::Class;
use crate::plan::{Codec, Content, Kind, MarkId, OpKind, Plan, Size, Source, Sum, SumId, SumPart};

/// The checksum wrong in its first and its last byte, and computed of another body.
pub(super) fn wrong(space: &Space, index: usize, id: SumId) -> Vec<Fault> {
    let plan = space.plan;
    let Some(sum) = plan.sum(id) else { return Vec::new() };
    let there = |laid: &Laid| laid.is_good() && field(plan, sum, laid).is_some() && judged(plan, index, laid);
    let full = space.find(&[], |laid| there(laid) && body(plan, sum, laid).is_some());
    let Some((_, laid)) = full.or_else(|| space.find(&[], there)) else { return Vec::new() };
    let (Some(piece), Some(slot)) = (field(plan, sum, &laid), plan.slot(sum.slot)) else { return Vec::new() };
    let name = &slot.name;
    let mut wrong = vec![(piece.start, format!("{name}/first"), format!("{name} wrong in its first byte"))];
    if piece.value_end - piece.start > 1 {
        wrong.push((piece.value_end - 1, format!("{name}/last"), format!("{name} wrong in its last byte")));
    }
    wrong.extend(body(plan, sum, &laid).map(|at| (at, format!("{name}/covered"), format!("{name} of other bytes"))));
    let fault = |(byte, key, name)| {
        let mut bytes = laid.bytes.clone();
        // The last bit of a decimal digit makes another digit.
        *bytes.get_mut(byte)? ^= 0x01;
        Some(Fault {
            key,
            name,
            flags: vec!["checksum"],
            bytes,
            class: Class::BadChecksum,
            at: first_to_tell(plan, &laid, byte)? - 1,
            cause: Cause::Value(Refused::Body),
            laid: laid.clone(),
        })
    };
    wrong.into_iter().filter_map(fault).collect()
}

/// How many bytes the first checksum needs that a byte is part of, or that covers it.
fn first_to_tell(plan: &Plan, laid: &Laid, byte: usize) -> Option<usize> {
    let tells = |(index, id): (usize, SumId)| {
        let sum = plan.sum(id)?;
        let own = field(plan, sum, laid).is_some_and(|piece| (piece.start..piece.end).contains(&byte));
        if !judged(plan, index, laid) || !own && !covers(sum, laid, byte) {
            return None;
        }
        laid.pieces.iter().filter(|piece| piece.op < index).map(|piece| piece.end).max()
    };
    let sums = plan.ops.iter().enumerate().filter_map(|(index, op)| match op.kind {
        OpKind::Sum(id) => Some((index, id)),
        _ => None,
    });
    sums.filter_map(tells).min()
}

fn judged(plan: &Plan, index: usize, laid: &Laid) -> bool {
    let guard = plan.ops.get(index).and_then(|op| op.guard.as_ref());
    guard.is_none_or(|guard| guard.eval(&|slot| laid.ints.get(slot.0).copied().unwrap_or(0)) != 0)
}

fn field<'l>(plan: &Plan, sum: &Sum, laid: &'l Laid) -> Option<&'l Piece> {
    laid.pieces.iter().find(|piece| plan.ops.get(piece.op).is_some_and(|op| op.kind.slots().contains(&sum.slot)))
}

fn covers(sum: &Sum, laid: &Laid, byte: usize) -> bool {
    let mark = |mark: MarkId| laid.marks.get(mark.0).copied().unwrap_or(0);
    sum.parts.iter().any(|part| match part {
        SumPart::Bytes(from, to) => (mark(*from)..mark(*to)).contains(&byte),
        SumPart::Zeros(_) | SumPart::Byte(_) => false,
    })
}

/// The last byte of a body that is covered and that nothing else judges.
fn body(plan: &Plan, sum: &Sum, laid: &Laid) -> Option<usize> {
    let raw = |piece: &&Piece| match plan.ops.get(piece.op).map(|op| &op.kind) {
        Some(OpKind::Bytes { slot, size: Size::Rest(_) | Size::Fixed(_), content: Content::Always(Codec::Raw) }) => {
            plan.slot(*slot).is_some_and(|slot| slot.kind == Kind::Bytes && slot.source == Source::Input)
        }
        _ => false,
    };
    let last = |piece: &Piece| piece.end.checked_sub(1).filter(|last| *last >= piece.start && covers(sum, laid, *last));
    laid.pieces.iter().filter(raw).find_map(last)
}

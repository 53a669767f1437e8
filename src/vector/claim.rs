//! What a length makes impossible, told at its last byte.
//!
//! Worked out from the sizes of the fields, as spec/README.md has it under "Length fields", for one length of a frame that is right
//! otherwise. The plan's own [`OpKind::Fit`]s are not looked at.

use super::body;
use super::draft::{Laid, codec, padding, refusal};
use super::pieces;
use crate::interp::{Class, reads};
use crate::plan::{Accept, Codec, Content, Expr, OpKind, PadSize, Plan, RegionId, Size, SlotId};

/// What a decoder makes of a frame that ends with the length field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It refuses it, at the length's last byte.
    Reject(Class),
    /// It waits for more.
    Waits,
    /// The frame is complete.
    Complete,
}

/// Where a region lies in the program.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    /// Index of the op that holds the length.
    pub(super) length: usize,
    open: usize,
    close: usize,
}

/// The extent of a region; nothing on a plan that is not whole.
pub(super) fn extent(plan: &Plan, id: RegionId) -> Option<Extent> {
    let find = |wanted: &OpKind| plan.ops.iter().position(|op| op.kind == *wanted);
    let slot = plan.region(id)?.length;
    let length = plan.ops.iter().position(|op| op.kind.slots().contains(&slot))?;
    Some(Extent { length, open: find(&OpKind::Open(id))?, close: find(&OpKind::Close(id))? })
}

/// The verdict on a value of a region's length. Nothing where the language leaves it open.
pub(super) fn verdict(plan: &Plan, laid: &Laid, id: RegionId, value: i128) -> Option<Verdict> {
    let own = extent(plan, id)?;
    let region = plan.region(id)?;
    let piece = laid.piece(own.length)?;
    let mut ints = laid.ints.clone();
    *ints.get_mut(region.length.0)? = value;
    let end = match plan.ops.get(own.length).map(|op| &op.kind) {
        Some(OpKind::Let { .. } | OpKind::Bytes { .. }) => {
            pieces::rewritten(plan, laid, own.length, ints.clone())?.len()
        }
        _ => piece.end,
    };
    let mut state = State { plan, laid, ints, read: own.length, pos: i128::try_from(end).ok()? };
    // Each piece of an integer is judged by itself, before the integer is.
    if matches!(plan.ops.get(own.length).map(|op| &op.kind), Some(OpKind::Let { .. })) && !state.has_room()? {
        return None;
    }
    state.read = own.length + 1;
    if let Some(class) = refusal(plan, accept(plan, own.length, region.length), value) {
        return Some(Verdict::Reject(class));
    }
    if region.sentinel.is_some_and(|sentinel| sentinel.value == value) {
        return None;
    }
    let claim = state.claim(id)?;
    let (need, exact) = state.need(id)?;
    if claim < 0 || claim < need {
        return Some(Verdict::Reject(Class::LengthTooSmall));
    }
    let claims_more = exact && claim > need;
    let (rest, _) = state.least(own.length + 1, plan.ops.len(), None)?;
    let too_large = state.pos + rest > i128::from(plan.max_frame);
    match (claims_more, too_large) {
        (true, true) => return None,
        (true, false) => return Some(Verdict::Reject(Class::OutOfRange)),
        (false, true) => return Some(Verdict::Reject(Class::FrameTooLarge)),
        (false, false) => {}
    }
    if let Some(class) = state.around(id, own)? {
        return Some(Verdict::Reject(class));
    }
    state.go_on()
}

fn accept(plan: &Plan, op: usize, slot: SlotId) -> Accept {
    match plan.ops.get(op).map(|op| &op.kind) {
        Some(OpKind::Int { accept, .. } | OpKind::Let { accept, .. }) => *accept,
        Some(OpKind::Bytes { content: Content::Decimal(decimal), .. }) => decimal.accept,
        Some(OpKind::Bits { parts, .. }) => {
            parts.iter().find(|part| part.slot == slot).map_or(Accept::Any, |part| part.accept)
        }
        _ => Accept::Any,
    }
}

/// The most bytes that a field at an op may take, from what is known before it.
pub(super) fn room(plan: &Plan, laid: &Laid, op: usize) -> Option<i128> {
    // What a peek looks at is what follows.
    let next = plan
        .ops
        .get(op)
        .map_or(op + 1, |each| if matches!(each.kind, OpKind::Peek { .. }) { usize::MAX } else { op + 1 });
    let start = laid.piece(op)?.start;
    let state = State { plan, laid, ints: laid.ints.clone(), read: op, pos: i128::try_from(start).ok()? };
    match state.innermost(op) {
        Some(id) => {
            let (tail, _) = state.least(next, extent(plan, id)?.close, Some(id))?;
            Some(state.start(id)? + state.claim(id)? - state.pos - tail)
        }
        None => {
            let (tail, _) = state.least(next, plan.ops.len(), None)?;
            Some(i128::from(plan.max_frame) - state.pos - tail)
        }
    }
}

struct State<'a> {
    plan: &'a Plan,
    laid: &'a Laid,
    ints: Vec<i128>,
    /// How many ops have been read.
    read: usize,
    /// Bytes read.
    pos: i128,
}

impl State<'_> {
    fn eval(&self, expr: &Expr) -> i128 {
        expr.eval(&|slot| self.ints.get(slot.0).copied().unwrap_or(0))
    }

    /// Its length has been read.
    fn is_claimed(&self, id: RegionId) -> bool {
        extent(self.plan, id)
            .is_some_and(|extent| extent.length < self.read && self.laid.piece(extent.length).is_some())
    }

    fn claimed(&self) -> impl Iterator<Item = (RegionId, Extent)> {
        let all = (0..self.plan.regions.len()).map(RegionId).filter(|id| self.is_claimed(*id));
        all.filter_map(|id| Some((id, extent(self.plan, id)?)))
    }

    fn claim(&self, id: RegionId) -> Option<i128> {
        let region = self.plan.region(id)?;
        let value = self.ints.get(region.length.0)?;
        Some(value * i128::from(region.unit) - i128::from(region.plus))
    }

    fn start(&self, id: RegionId) -> Option<i128> {
        i128::try_from(self.laid.regions.get(id.0)?.0).ok()
    }

    /// What a region must hold at least, and whether it must hold just that.
    fn need(&self, id: RegionId) -> Option<(i128, bool)> {
        let at = extent(self.plan, id)?;
        let begun = at.open < self.read;
        let (rest, exact) = self.least(if begun { self.read } else { at.open }, at.close, Some(id))?;
        let read = if begun { self.pos - self.start(id)? } else { 0 };
        Some((read + rest, exact))
    }

    /// The least bytes of the ops `from..to`, a part of `target`, as far as they can be known now; and whether they are known.
    fn least(&self, from: usize, to: usize, target: Option<RegionId>) -> Option<(i128, bool)> {
        let outer = target.and_then(|id| extent(self.plan, id));
        let within = |id: RegionId, at: &Extent| {
            Some(id) != target && at.close < to && outer.is_none_or(|outer| at.open >= outer.open)
        };
        let (mut sum, mut exact, mut at) = (0, true, from);
        let open = self.claimed().filter(|(id, each)| within(*id, each) && each.open < from && each.close >= from);
        if let Some((id, each)) = open.max_by_key(|(_, each)| each.close) {
            sum += self.start(id)? + self.claim(id)? - self.pos;
            at = each.close + 1;
        }
        while at < to {
            let op = self.plan.ops.get(at)?;
            if let OpKind::Open(id) = &op.kind
                && let Some(inner) = extent(self.plan, *id)
                && self.is_claimed(*id)
                && within(*id, &inner)
            {
                sum += self.claim(*id)?.max(0);
                at = inner.close + 1;
                continue;
            }
            at += 1;
            let (size, sure) = least(&op.kind);
            match &op.guard {
                None => {
                    sum += size;
                    exact &= sure;
                }
                Some(_) if !op.kind.has_bytes() => {}
                Some(guard) if self.is_known(guard) => {
                    if self.eval(guard) != 0 {
                        sum += size;
                        exact &= sure;
                    }
                }
                Some(_) => exact = false,
            }
        }
        Some((sum, exact))
    }

    /// All that an expression reads has been read.
    fn is_known(&self, expr: &Expr) -> bool {
        let later = self.plan.ops.iter().skip(self.read);
        !later.flat_map(|op| op.kind.slots()).any(|slot| reads(expr, slot))
    }

    /// The frame and the claims around have room for what is read: for the pieces of an integer, each of which is judged by itself.
    fn has_room(&self) -> Option<bool> {
        let (rest, _) = self.least(self.read, self.plan.ops.len(), None)?;
        if self.pos + rest > i128::from(self.plan.max_frame) {
            return Some(false);
        }
        for (id, _) in self.claimed().filter(|(_, each)| each.open < self.read && each.close > self.read) {
            let (need, _) = self.need(id)?;
            if self.claim(id)? < need {
                return Some(false);
            }
        }
        Some(true)
    }

    /// What the claims around a region say, the innermost first.
    fn around(&self, id: RegionId, own: Extent) -> Option<Option<Class>> {
        let holds = |each: &Extent| each.open <= own.open && each.close >= own.close;
        let mut outer: Vec<_> = self.claimed().filter(|(other, each)| *other != id && holds(each)).collect();
        outer.sort_by_key(|(_, each)| each.close - each.open);
        for (other, _) in outer {
            let (need, exact) = self.need(other)?;
            let claim = self.claim(other)?;
            if claim < need {
                return Some(Some(Class::LengthTooSmall));
            }
            if exact && claim > need {
                return Some(Some(Class::OutOfRange));
            }
        }
        Some(None)
    }

    fn innermost(&self, op: usize) -> Option<RegionId> {
        let around = self.claimed().filter(|(_, each)| each.open < op && each.close > op);
        around.min_by_key(|(_, each)| each.close - each.open).map(|(id, _)| id)
    }

    /// Runs what has no bytes behind the length: checks, and bodies that are empty.
    fn go_on(&mut self) -> Option<Verdict> {
        let mut starts: Vec<Option<i128>> = vec![None; self.plan.regions.len()];
        for index in self.read..self.plan.ops.len() {
            let op = self.plan.ops.get(index)?;
            if op.guard.as_ref().is_some_and(|guard| self.eval(guard) == 0) {
                continue;
            }
            match &op.kind {
                OpKind::Check(expr, _) => {
                    if self.eval(expr) == 0 {
                        return Some(Verdict::Reject(Class::BadCheck));
                    }
                }
                OpKind::Open(id) => *starts.get_mut(id.0)? = Some(self.pos),
                OpKind::Carry { .. }
                | OpKind::Close(_)
                | OpKind::Claim(_)
                | OpKind::Fit { .. }
                | OpKind::Let { .. }
                | OpKind::Mark(_) => {}
                // It covers a frame that is no longer what was laid out, or looks at it.
                OpKind::Sum(_) | OpKind::Peek { .. } => return None,
                OpKind::Bytes { size: Size::Rest(_), content, .. } => {
                    let id = self.innermost(index)?;
                    let start = starts.get(id.0).copied().flatten().or(self.start(id))?;
                    let (tail, _) = self.least(index + 1, extent(self.plan, id)?.close, Some(id))?;
                    if start + self.claim(id)? - self.pos - tail > 0 {
                        return Some(Verdict::Waits);
                    }
                    let codec = codec(content, &self.ints);
                    if codec != Codec::Raw && !body::passes(codec, &[]) {
                        return Some(Verdict::Reject(Class::BadBody));
                    }
                }
                OpKind::Pad { size: PadSize::Align(to), .. } => {
                    let pos = usize::try_from(self.pos).ok()?;
                    if padding(pos, usize::try_from(*to).ok()?) > 0 {
                        return Some(Verdict::Waits);
                    }
                }
                OpKind::Frames { .. } => {
                    let times = self.plan.frames_inside(&|slot| self.ints.get(slot.0).copied().unwrap_or(0));
                    if i128::from(times) * i128::from(self.plan.min_frame) > i128::from(self.plan.max_frame) - self.pos
                    {
                        return Some(Verdict::Reject(Class::FrameTooLarge));
                    }
                    if times > 0 {
                        return Some(Verdict::Waits);
                    }
                }
                OpKind::Int { .. }
                | OpKind::Const { .. }
                | OpKind::Bits { .. }
                | OpKind::Bytes { size: Size::Fixed(_) | Size::Until { .. }, .. }
                | OpKind::Msgpack { .. }
                | OpKind::Pad { size: PadSize::Fixed(_), .. } => return Some(Verdict::Waits),
            }
        }
        Some(Verdict::Complete)
    }
}

/// The least bytes of an op that is there, and whether it always has just these.
fn least(kind: &OpKind) -> (i128, bool) {
    let count = |size: usize| i128::try_from(size).unwrap_or(i128::MAX);
    match kind {
        OpKind::Int { int, .. } | OpKind::Bits { int, .. } => (i128::from(int.bytes), true),
        OpKind::Const { bytes, .. } => (count(bytes.len()), true),
        OpKind::Bytes { size: Size::Fixed(size), .. } | OpKind::Pad { size: PadSize::Fixed(size), .. } => {
            (i128::from(*size), true)
        }
        OpKind::Bytes { size: Size::Rest(_), .. } | OpKind::Pad { size: PadSize::Align(_), .. } => (0, false),
        OpKind::Bytes { size: Size::Until { delimiters, .. }, .. } => {
            (count(delimiters.iter().map(Vec::len).min().unwrap_or(0)), false)
        }
        OpKind::Msgpack { .. } => (1, false),
        OpKind::Frames { .. } => (0, false),
        OpKind::Carry { .. }
        | OpKind::Open(_)
        | OpKind::Close(_)
        | OpKind::Claim(_)
        | OpKind::Fit { .. }
        | OpKind::Let { .. }
        | OpKind::Peek { .. }
        | OpKind::Check(..)
        | OpKind::Mark(_)
        | OpKind::Sum(_) => (0, true),
    }
}

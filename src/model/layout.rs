//! Which sizes are known when.
//!
//! A *boundary* is an index of an item: everything before it has been read. A range is *claimed* at a boundary behind its length,
//! and *open* where it began before the boundary and ends behind it.

mod ahead;

use super::types::{
    Accept, Binary, Content, EnumDef, Expr, Kind, PEEKED, PadSize, RegionId, SizeExpr, SizeTerm, Slot, SlotId, Source,
};
use super::{Body, Counted, Extent, Item};

/// The items of a frame and what their lengths count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout<'a> {
    pub(crate) items: &'a [Item],
    pub(crate) counts: &'a [Counted],
    pub(crate) slots: &'a [Slot],
}

/// The size of some items, as far as it is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// At least so much; exactly, where nothing is unknown.
    pub(crate) size: SizeExpr,
    /// The items whose sizes are not known.
    pub(crate) unknown: Vec<usize>,
}

impl Layout<'_> {
    /// What is known at the boundary `known` of the items from `from` to the end of a range, or of the frame.
    pub(crate) fn rest(&self, from: usize, known: usize, range: Option<usize>) -> Known {
        self.rest_beside(None, from, known, range)
    }

    /// The same beside an item: those that exclude it are left aside.
    pub(crate) fn rest_beside(&self, beside: Option<usize>, from: usize, known: usize, range: Option<usize>) -> Known {
        let target = range.and_then(|range| self.counts.get(range));
        let first = target.map_or(0, |target| target.first);
        let end = target.map_or(self.items.len(), |target| target.last.saturating_add(1));
        let inside = |id: usize, each: &Counted| {
            Some(id) != range && each.length < known && each.first >= first && each.last < end
        };
        let mut result = Known::default();
        let mut at = from;
        let open = self.widest(|id, each| inside(id, each) && each.first < from && each.last >= from);
        if let Some((id, each)) = open {
            result.size.terms.push(SizeTerm::Rest(RegionId(id)));
            at = each.last.saturating_add(1);
        }
        while at < end {
            if let Some((id, each)) = self.widest(|id, each| inside(id, each) && each.first == at) {
                result.size.terms.push(SizeTerm::Whole(RegionId(id)));
                at = each.last.saturating_add(1);
                continue;
            }
            if let Some(item) = self.items.get(at).filter(|_| !self.excludes(beside, at)) {
                self.add(item, at, known, &mut result);
            }
            at = at.saturating_add(1);
        }
        result
    }

    /// Whether two items stand in different arms of one match.
    fn excludes(&self, one: Option<usize>, other: usize) -> bool {
        let arms = |item: usize| self.items.get(item).map_or(&[][..], |item| item.arms.as_slice());
        let pairs = one.map_or(&[][..], arms).iter().zip(arms(other));
        pairs.into_iter().find(|(one, other)| one != other).is_some_and(|(one, other)| one.0 == other.0)
    }

    fn widest(&self, fits: impl Fn(usize, &Counted) -> bool) -> Option<(usize, &Counted)> {
        let all = self.counts.iter().enumerate().filter(|(id, each)| fits(*id, each));
        all.max_by_key(|(_, each)| each.last.saturating_sub(each.first))
    }

    fn add(&self, item: &Item, at: usize, known: usize, result: &mut Known) {
        let (least, sure) = least(&item.body);
        let readable = item.guard.as_ref().is_none_or(|guard| self.is_known(guard, known));
        if !sure || !readable {
            result.unknown.push(at);
        }
        match &item.guard {
            None => result.size.fixed = result.size.fixed.saturating_add(least),
            Some(guard) if readable && least > 0 => {
                let size = SizeExpr { fixed: least, terms: Vec::new() };
                result.size.terms.push(SizeTerm::If(guard.clone(), size));
            }
            Some(_) => {}
        }
    }

    pub(crate) fn is_known(&self, guard: &Expr, known: usize) -> bool {
        slots_of(guard).into_iter().all(|slot| self.item_of(slot).is_some_and(|item| item < known))
    }

    /// The item that holds a slot.
    pub(crate) fn item_of(&self, slot: SlotId) -> Option<usize> {
        self.items.iter().position(|item| item.body.slots().contains(&slot))
    }

    /// The innermost range that counts an item and has its length before it.
    pub(crate) fn innermost(&self, item: usize) -> Option<usize> {
        let around = self.counts.iter().enumerate();
        let around = around.filter(|(_, each)| each.length < item && (each.first..=each.last).contains(&item));
        around.min_by_key(|(_, each)| each.last.saturating_sub(each.first)).map(|(id, _)| id)
    }

    /// The most bytes that a range can claim.
    pub(crate) fn most_claimed(&self, counted: &Counted) -> i128 {
        let (_, high) = self.length_bounds(counted);
        high.saturating_mul(i128::from(counted.region.unit)).saturating_sub(i128::from(counted.region.plus))
    }

    /// The values that a length can have.
    pub(crate) fn length_bounds(&self, counted: &Counted) -> (i128, i128) {
        let slot = counted.region.length;
        let accept = self.items.get(counted.length).and_then(|item| match &item.body {
            Body::Carry { accept, .. } | Body::Int { accept, .. } | Body::Let { accept, .. } => Some(*accept),
            Body::Bits { parts, .. } => parts.iter().find(|part| part.slot == slot).map(|part| part.accept),
            Body::Bytes { content: Content::Decimal(decimal), .. } => Some(decimal.accept),
            Body::Const { .. }
            | Body::Bytes { .. }
            | Body::Msgpack { .. }
            | Body::Frames { .. }
            | Body::Pad { .. }
            | Body::Peek { .. }
            | Body::Check(..) => None,
        });
        if let Some(Accept::Range(low, high)) = accept {
            return (low, high);
        }
        self.slots.get(slot.0).map_or((0, 0), Slot::bounds)
    }

    /// The bytes of the smallest frame that the types allow, for all values that those of the session can have together; one that has
    /// many is left aside, and so is what is too much together.
    pub(crate) fn smallest(&self, enums: &[EnumDef]) -> Vec<(Vec<(SlotId, i128)>, u64)> {
        let least = |session: &Vec<(SlotId, i128)>| self.least_bytes(0, self.items.len(), None, true, session.into());
        let sessions = self.sessions(enums).into_iter();
        sessions.map(|session| (session.clone(), least(&session))).collect()
    }

    /// The least bytes of what a length counts, wherever it begins; the length's own values are not looked at.
    pub(crate) fn least_of(&self, range: usize) -> u64 {
        let target = self.counts.get(range);
        target.map_or(0, |target| {
            self.least_bytes(target.first, target.last.saturating_add(1), Some(range), false, (&Vec::new()).into())
        })
    }

    fn sessions(&self, enums: &[EnumDef]) -> Vec<Vec<(SlotId, i128)>> {
        const MOST: usize = 4096;
        let mut all = vec![Vec::new()];
        for item in self.items {
            let (slot, int, accept) = match item.body {
                Body::Carry { slot, int, accept } => (slot, int, accept),
                Body::Peek { slot, accept, .. } => (slot, PEEKED, accept),
                _ => continue,
            };
            if !self.items.iter().any(|item| item.reads(slot)) {
                continue;
            }
            let (low, high) = if let Accept::Range(low, high) = accept { (low, high) } else { int.bounds() };
            let named = if let Accept::Enum(id) = accept { enums.get(id.0) } else { None };
            let values: Vec<i128> = match named.filter(|named| named.other.is_none()) {
                Some(named) => named.members.iter().map(|(value, _)| *value).collect(),
                None if high.saturating_sub(low) < 256 => (low..=high).collect(),
                None => continue,
            };
            if all.len().saturating_mul(values.len()) > MOST {
                continue;
            }
            let with = |known: &Vec<(SlotId, i128)>, value: i128| [known.as_slice(), &[(slot, value)]].concat();
            all = all.iter().flat_map(|known| values.iter().map(move |value| with(known, *value))).collect();
        }
        all
    }

    /// The least bytes of the items from `first` up to `end`. `aligned`: `first` is where the frame begins. The larger a start, the
    /// larger the end of padding behind it, so least starts give least ends.
    fn least_bytes(&self, first: usize, end: usize, except: Option<usize>, aligned: bool, given: Given<'_>) -> u64 {
        let mut starts = vec![0_u64];
        let known = self.known_with(given.values);
        let given = Given { values: &known, ..given };
        let sure = |item: usize| self.items.get(item).is_some_and(|item| is_there(item, given) == Some(true));
        for at in first..end {
            let start = starts.last().copied().unwrap_or(0);
            let mut next = match self.items.get(at).filter(|_| sure(at)).map(|item| &item.body) {
                Some(Body::Pad { size: PadSize::Align(to), .. }) if aligned => {
                    start.checked_next_multiple_of(*to).unwrap_or(start)
                }
                Some(body) => start.saturating_add(least(body).0),
                None => start,
            };
            for (id, each) in self.counts.iter().enumerate().filter(|(_, each)| each.last == at && each.first >= first)
            {
                let always = sure(each.length);
                let begin = starts.get(each.first.saturating_sub(first)).copied();
                if let (Some(begin), true) = (begin, always && Some(id) != except) {
                    let claim = u64::try_from(self.least_claimed(each).max(0)).unwrap_or(u64::MAX);
                    next = next.max(begin.saturating_add(claim));
                }
            }
            starts.push(next);
        }
        starts.last().copied().unwrap_or(0)
    }

    /// What is known before a frame comes, from the values of a session: what is absent for sure is 0.
    fn known_with(&self, session: Session<'_>) -> Vec<(SlotId, i128)> {
        let mut known = session.to_vec();
        for item in self.items {
            if is_there(item, (&known).into()) == Some(false) {
                known.extend(item.body.slots().into_iter().map(|slot| (slot, 0)));
            }
        }
        known
    }

    /// Whether a check can refuse a frame of which no byte was read: in some session, none stands for sure up to what it reads.
    pub(crate) fn is_early(&self, check: &Expr, sessions: &[(Vec<(SlotId, i128)>, u64)]) -> bool {
        let due = slots_of(check).into_iter().filter_map(|slot| self.item_of(slot)).max().unwrap_or(0);
        sessions.iter().any(|(session, _)| {
            let known = self.known_with(session);
            let passes = evaluated(check, (&known).into()).is_some_and(|value| value != 0);
            // What a peek looks at has come.
            let looks =
                |item: &Item| matches!(item.body, Body::Peek { .. }) && is_there(item, (&known).into()) == Some(true);
            let looked = self.items.iter().take(due.saturating_add(1)).any(looks);
            !passes && !looked && self.least_bytes(0, due.saturating_add(1), None, true, session.into()) == 0
        })
    }

    /// The fewest bytes that a range can claim; negative where values of the length are refused.
    fn least_claimed(&self, counted: &Counted) -> i128 {
        let (low, _) = self.length_bounds(counted);
        low.saturating_mul(i128::from(counted.region.unit)).saturating_sub(i128::from(counted.region.plus))
    }

    /// The largest frame that the types allow, where there is one.
    pub(crate) fn most(&self) -> Option<u64> {
        let most = self.most_of(0, self.items.len(), None)?;
        u64::try_from(most).ok()
    }

    fn most_of(&self, first: usize, end: usize, inside: Option<usize>) -> Option<i128> {
        let mut total = 0_i128;
        let mut at = first;
        while at < end {
            let narrower = |id: usize, each: &Counted| {
                let outer = inside.and_then(|inside| self.counts.get(inside));
                let within = outer
                    .is_none_or(|outer| each.last.saturating_sub(each.first) < outer.last.saturating_sub(outer.first));
                Some(id) != inside && within && each.first == at && each.last < end
            };
            if let Some((id, each)) = self.widest(narrower) {
                let after = each.last.saturating_add(1);
                let claim = self.most_claimed(each).max(0);
                let content = self.most_of(at, after, Some(id));
                total = total.saturating_add(content.map_or(claim, |content| content.min(claim)));
                at = after;
                continue;
            }
            // Bytes whose range began earlier are bounded by that range's claim, so they add nothing of their own.
            let item = self.items.get(at).map(|item| &item.body);
            match item {
                Some(Body::Bytes { extent: Extent::Counted, .. }) => return None,
                Some(Body::Bytes { extent: Extent::Until { max: None, .. }, .. }) => return None,
                Some(Body::Msgpack { .. } | Body::Frames { .. }) => return None,
                Some(Body::Bytes { extent: Extent::Until { delimiters, max: Some(max), .. }, .. }) => {
                    let longest = delimiters.iter().map(Vec::len).max().unwrap_or(0);
                    total = total.saturating_add(i128::from(*max)).saturating_add(i128::try_from(longest).ok()?);
                }
                Some(Body::Pad { size: PadSize::Align(to), .. }) => {
                    total = total.saturating_add(i128::from(*to)).saturating_sub(1);
                }
                Some(body) => total = total.saturating_add(i128::from(least(body).0)),
                None => {}
            }
            at = at.saturating_add(1);
        }
        Some(total)
    }
}

/// Values that are known before a frame comes: those of a session.
type Session<'a> = &'a [(SlotId, i128)];

/// What is known of a frame.
#[derive(Clone, Copy)]
struct Given<'a> {
    values: &'a [(SlotId, i128)],
    /// A condition that holds.
    holds: Option<&'a Expr>,
}

impl<'a> From<&'a Vec<(SlotId, i128)>> for Given<'a> {
    fn from(values: &'a Vec<(SlotId, i128)>) -> Self {
        Self { values, holds: None }
    }
}

/// Whether a condition is another, or that one and more.
pub(crate) fn implies(condition: &Expr, other: &Expr) -> bool {
    condition == other
        || matches!(condition, Expr::Binary(Binary::AndAlso, left, right) if implies(left, other) || implies(right, other))
}

/// Whether an item is there, as far as is known.
fn is_there(item: &Item, given: Given<'_>) -> Option<bool> {
    item.guard.as_ref().map_or(Some(true), |guard| evaluated(guard, given).map(|value| value != 0))
}

/// The value of an expression; nothing where it hangs on what is not known.
fn evaluated(expr: &Expr, given: Given<'_>) -> Option<i128> {
    if given.holds.is_some_and(|holds| implies(holds, expr)) {
        return Some(1);
    }
    let known = given.values;
    if let Expr::Binary(operator @ (Binary::AndAlso | Binary::OrElse), left, right) = expr {
        let holds = |operand: &Expr| evaluated(operand, given).map(|value| value != 0);
        let deciding = *operator == Binary::OrElse;
        return match (holds(left), holds(right)) {
            (Some(one), _) | (_, Some(one)) if one == deciding => Some(i128::from(deciding)),
            (Some(_), Some(_)) => Some(i128::from(!deciding)),
            (Some(_) | None, Some(_) | None) => None,
        };
    }
    let value = |slot: SlotId| known.iter().find(|(known, _)| *known == slot).map_or(0, |(_, value)| *value);
    let is_known = |slot: &SlotId| known.iter().any(|(known, _)| known == slot);
    slots_of(expr).iter().all(is_known).then(|| expr.eval(&value))
}

/// The least bytes of an item that is present, and whether it always has just these.
fn least(body: &Body) -> (u64, bool) {
    match body {
        Body::Int { int, .. } | Body::Bits { int, .. } => (u64::from(int.bytes), true),
        Body::Const { bytes, .. } => (u64::try_from(bytes.len()).unwrap_or(u64::MAX), true),
        Body::Bytes { extent: Extent::Fixed(size), .. } | Body::Pad { size: PadSize::Fixed(size), .. } => (*size, true),
        Body::Bytes { extent: Extent::Counted, .. } | Body::Pad { size: PadSize::Align(_), .. } => (0, false),
        Body::Bytes { extent: Extent::Until { delimiters, .. }, .. } => {
            let shortest = delimiters.iter().map(Vec::len).min().unwrap_or(0);
            (u64::try_from(shortest).unwrap_or(u64::MAX), false)
        }
        Body::Msgpack { .. } => (1, false),
        Body::Frames { .. } => (0, false),
        Body::Carry { .. } | Body::Let { .. } | Body::Peek { .. } | Body::Check(..) => (0, true),
    }
}

impl Item {
    /// Whether it is there, or passes, by this slot's value.
    fn reads(&self, slot: SlotId) -> bool {
        let check = if let Body::Check(check, _) = &self.body { Some(check) } else { None };
        self.guard.iter().chain(check).any(|expr| slots_of(expr).contains(&slot))
    }
}

/// An item whose size no fixed number tells.
pub(crate) fn varies(item: &Item) -> bool {
    !least(&item.body).1
}

impl Body {
    /// The slots that an item holds.
    pub(crate) fn slots(&self) -> Vec<SlotId> {
        match self {
            Self::Carry { slot, .. }
            | Self::Int { slot, .. }
            | Self::Const { slot, .. }
            | Self::Bytes { slot, .. }
            | Self::Msgpack { slot }
            | Self::Frames { slot, .. }
            | Self::Pad { slot, .. }
            | Self::Let { slot, .. }
            | Self::Peek { slot, .. } => vec![*slot],
            Self::Bits { parts, .. } => parts.iter().map(|part| part.slot).collect(),
            Self::Check(..) => Vec::new(),
        }
    }
}

impl Slot {
    /// The smallest and the largest integer that the slot's type holds, or its constant; 0 for bytes.
    #[must_use]
    pub fn bounds(&self) -> (i128, i128) {
        match (&self.source, self.kind) {
            (Source::Const(value), _) => (*value, *value),
            (_, Kind::Int(int)) => int.bounds(),
            (_, Kind::Bits(width)) => (0, 1_i128.wrapping_shl(u32::from(width)).wrapping_sub(1)),
            (_, Kind::Bytes | Kind::Text) => (0, 0),
        }
    }
}

/// The slots that an expression reads, in order and without repetition.
pub(crate) fn slots_of(expr: &Expr) -> Vec<SlotId> {
    fn collect(expr: &Expr, into: &mut Vec<SlotId>) {
        match expr {
            Expr::Int(_) => {}
            Expr::Slot(slot) => into.push(*slot),
            Expr::Unary(_, inner) => collect(inner, into),
            Expr::Binary(_, left, right) => {
                collect(left, into);
                collect(right, into);
            }
        }
    }
    let mut slots = Vec::new();
    collect(expr, &mut slots);
    slots.sort_unstable();
    slots.dedup();
    slots
}

//! Values that together make a frame of a wanted kind.

use super::body;
use super::draft::{Choice, Draft, LARGEST, Laid, lay};
use super::samples;
use crate::plan::{Accept, Ahead, Codec, Content, Endian, Expr, Integer, Op, OpKind, Plan, Size, SlotId, Source};

/// The values from which frames are made.
#[derive(Debug)]
pub(super) struct Space<'a> {
    pub(super) plan: &'a Plan,
    /// By slot; none for those that the encoder computes. The first is the usual one.
    choices: Vec<Vec<Choice>>,
    /// By slot: the op that it belongs to, and whether its bytes are laid out elsewhere.
    ops: Vec<Option<(usize, bool)>>,
    /// A right frame.
    pub(super) base: Draft,
}

impl<'a> Space<'a> {
    /// Frames that begin with this session; nothing where no right one is found.
    pub(super) fn new(plan: &'a Plan, session: &[i128]) -> Option<Self> {
        let numbers = numbers(plan);
        let mut choices = vec![Vec::new(); plan.slots.len()];
        for op in &plan.ops {
            for (slot, choice) in all(plan, op, &numbers) {
                let known: &mut Vec<Choice> = choices.get_mut(slot.0)?;
                if !known.contains(&choice) {
                    known.push(choice);
                }
            }
        }
        for (slot, choice) in looked_at(plan) {
            let known: &mut Vec<Choice> = choices.get_mut(slot.0)?;
            if !known.contains(&choice) {
                known.push(choice);
            }
        }
        for (carried, value) in plan.session.iter().zip(session) {
            *choices.get_mut(carried.slot.0)? = vec![Choice::Int(*value)];
        }
        let first = Draft { values: choices.iter().map(|choices| choices.first().cloned()).collect() };
        let mut ops = vec![None; plan.slots.len()];
        for (index, op) in plan.ops.iter().enumerate() {
            for slot in op.kind.slots() {
                ops.get_mut(slot.0)?.get_or_insert((index, matches!(op.kind, OpKind::Let { .. })));
            }
        }
        let mut space = Self { plan, choices, ops, base: first };
        let (base, laid) = space.find(&[], Laid::is_good)?;
        space.base = base;
        if let Some(nested) = plan.nested() {
            // A frame without any inside, for there was none to put there.
            let inside = Some(Choice::Frames(vec![laid.bytes]));
            *space.base.values.get_mut(nested.slot.0)? = inside;
        }
        Some(space)
    }

    /// The base with some values, and as few others changed as make the frame what is wanted; two at most.
    pub(super) fn find(&self, pinned: &[(SlotId, Choice)], wanted: impl Fn(&Laid) -> bool) -> Option<(Draft, Laid)> {
        let mut draft = self.base.clone();
        for (slot, choice) in pinned {
            *draft.values.get_mut(slot.0)? = Some(choice.clone());
        }
        let is_free = |slot: &usize| pinned.iter().all(|(pinned, _)| pinned.0 != *slot);
        let free: Vec<usize> = (0..self.choices.len()).filter(is_free).collect();
        (0..=2).find_map(|changes| self.change(&draft, &free, changes, &wanted))
    }

    fn change(
        &self,
        draft: &Draft,
        free: &[usize],
        changes: usize,
        wanted: &impl Fn(&Laid) -> bool,
    ) -> Option<(Draft, Laid)> {
        let laid = lay(self.plan, draft);
        if changes == 0 {
            return Some((draft.clone(), laid.filter(wanted)?));
        }
        for (index, slot) in free.iter().enumerate().filter(|(_, slot)| self.matters(laid.as_ref(), **slot)) {
            // What it is already was tried with fewer changes.
            let own = draft.values.get(*slot)?.as_ref();
            for choice in self.choices.get(*slot)?.iter().filter(|choice| Some(*choice) != own) {
                let mut changed = draft.clone();
                *changed.values.get_mut(*slot)? = Some(choice.clone());
                let rest = free.get(index + 1..).unwrap_or_default();
                if let Some(found) = self.change(&changed, rest, changes - 1, wanted) {
                    return Some(found);
                }
            }
        }
        None
    }

    /// Whether another value of this slot can make another frame. Conditions read earlier slots alone, so no later change brings in
    /// a field that is absent. The pieces of an integer are laid out from its value, wherever that stands.
    fn matters(&self, laid: Option<&Laid>, slot: usize) -> bool {
        let Some(laid) = laid else { return true };
        let Some(Some((op, elsewhere))) = self.ops.get(slot) else { return true };
        *elsewhere || laid.piece(*op).is_some()
    }
}

/// What fields hold that stand behind a peek, so that it finds each of its texts: the text and what more the field must have.
fn looked_at(plan: &Plan) -> Vec<(SlotId, Choice)> {
    let mut choices = Vec::new();
    for (index, op) in plan.ops.iter().enumerate() {
        let OpKind::Peek { texts, ahead: Ahead::Next, .. } = &op.kind else { continue };
        let mut before = None;
        for op in plan.ops.iter().skip(index + 1).filter(|op| op.kind.has_bytes()) {
            // Behind bytes of the same arm nothing is looked at.
            if before != Some(&op.guard) {
                choices.extend(texts.iter().filter_map(|text| beginning(plan, op, text)));
            }
            before = Some(&op.guard);
            if op.guard.is_none() {
                break;
            }
        }
    }
    choices
}

/// A value of this op that begins with a text.
fn beginning(plan: &Plan, op: &Op, text: &[u8]) -> Option<(SlotId, Choice)> {
    let padded = |size: usize| text.iter().copied().chain(std::iter::repeat(b'a')).take(size).collect::<Vec<u8>>();
    let slot = op.kind.slots().first().copied()?;
    plan.slot(slot).filter(|slot| slot.source == Source::Input)?;
    Some((
        slot,
        match &op.kind {
            OpKind::Int { int, .. } => {
                let mut bytes = padded(usize::from(int.bytes));
                if int.endian == Endian::Little {
                    bytes.reverse();
                }
                let value = bytes.iter().fold(0_i128, |value, byte| (value << 8) | i128::from(*byte));
                Choice::Int(value)
            }
            OpKind::Bytes { content: Content::Decimal(_), .. } => return None,
            OpKind::Bytes { size: Size::Fixed(size), .. } => Choice::Bytes(padded(usize::try_from(*size).ok()?), 0),
            OpKind::Bytes { size: Size::Until { delimiters, .. }, .. } => {
                let ending = delimiters.iter().position(|delimiter| text.ends_with(delimiter));
                let delimiter = ending.and_then(|ending| delimiters.get(ending)).map_or(0, Vec::len);
                Choice::Bytes(text.get(..text.len() - delimiter)?.to_vec(), ending.unwrap_or(0))
            }
            OpKind::Bytes { size: Size::Rest(_), .. } => Choice::Bytes(text.to_vec(), 0),
            _ => return None,
        },
    ))
}

/// The codecs that a content can have, with the value of the slot that decides.
pub(super) fn codecs(content: &Content) -> Vec<(Codec, Option<(SlotId, i128)>)> {
    match content {
        Content::Always(codec) => vec![(*codec, None)],
        Content::Decimal(_) => Vec::new(),
        Content::By(slot, rows) => rows.iter().map(|(value, codec)| (*codec, Some((*slot, *value)))).collect(),
    }
}

/// The usual value of an integer of a range: bytes that all differ, so that their order shows.
pub(super) fn usual(plan: &Plan, accept: Accept, (min, max): (i128, i128)) -> i128 {
    match accept {
        Accept::Any => {
            let counting = (1..=8).fold(0_i128, |value, byte| {
                let next = (value << 8) | byte;
                if next <= max { next } else { value }
            });
            counting.max(min)
        }
        Accept::Const(value) | Accept::Range(value, _) => value,
        Accept::Enum(id) => {
            plan.enums.get(id.0).and_then(|known| known.members.first()).map_or(min, |(value, _)| *value)
        }
    }
}

fn all(plan: &Plan, op: &Op, numbers: &[i128]) -> Vec<(SlotId, Choice)> {
    match &op.kind {
        OpKind::Carry { .. } => Vec::new(),
        OpKind::Int { accept, .. } | OpKind::Let { accept, .. } | OpKind::Peek { accept, .. } => {
            integers(plan, op, numbers, &|_| *accept)
        }
        OpKind::Bits { parts, .. } => integers(plan, op, numbers, &|slot| {
            parts.iter().find(|part| part.slot == slot).map_or(Accept::Any, |part| part.accept)
        }),
        OpKind::Bytes { content: Content::Decimal(decimal), .. } => integers(plan, op, numbers, &|_| decimal.accept),
        OpKind::Bytes { slot, size, content } => {
            let mut sizes = vec![2, 0, 1];
            sizes.extend(3..=16);
            if let Size::Fixed(size) = size {
                sizes = usize::try_from(*size).into_iter().filter(|size| *size <= LARGEST).collect();
            }
            let kinds = codecs(content).into_iter().map(|(codec, _)| codec).chain([Codec::Raw]);
            let contents = kinds.flat_map(|codec| sizes.iter().filter_map(move |size| body::sized(codec, *size)));
            contents.map(|content| (*slot, Choice::Bytes(content, 0))).collect()
        }
        OpKind::Msgpack { slot, .. } => {
            let objects = body::taken(Codec::Msgpack).into_iter();
            objects.map(|(_, bytes)| (*slot, Choice::Bytes(bytes, 0))).collect()
        }
        OpKind::Frames { slot, .. } => vec![(*slot, Choice::Frames(Vec::new()))],
        OpKind::Const { .. }
        | OpKind::Pad { .. }
        | OpKind::Open(_)
        | OpKind::Close(_)
        | OpKind::Claim(_)
        | OpKind::Fit { .. }
        | OpKind::Check(..)
        | OpKind::Mark(_)
        | OpKind::Sum(_) => Vec::new(),
    }
}

fn integers(plan: &Plan, op: &Op, numbers: &[i128], accept: &dyn Fn(SlotId) -> Accept) -> Vec<(SlotId, Choice)> {
    let mut choices = Vec::new();
    for Integer { slot, bounds: (min, max), .. } in op.kind.integers() {
        // The sentinel says that a field is absent, any other value that it is there.
        let sentinel = plan.regions.iter().find(|region| region.length == slot).and_then(|region| region.sentinel);
        if let Some(sentinel) = sentinel {
            choices.extend([true, false].map(|there| (slot, Choice::Int(sentinel.told(there)))));
        }
        if plan.slot(slot).is_none_or(|slot| slot.source != Source::Input) {
            continue;
        }
        let accept = accept(slot);
        let first = [usual(plan, accept, (min, max)), 0, 1];
        let values = first.into_iter().chain(samples::members(plan, accept)).chain(numbers.iter().copied());
        let fits = values.filter(|value| (min..=max).contains(value));
        choices.extend(fits.map(|value| (slot, Choice::Int(value))));
    }
    choices
}

/// The numbers of the plan's conditions and checks and their neighbours.
fn numbers(plan: &Plan) -> Vec<i128> {
    fn collect(expr: &Expr, into: &mut Vec<i128>) {
        match expr {
            Expr::Int(number) => into.extend([*number, number - 1, number + 1]),
            Expr::Slot(_) => {}
            Expr::Unary(_, inner) => collect(inner, into),
            Expr::Binary(_, left, right) => {
                collect(left, into);
                collect(right, into);
            }
        }
    }
    let mut numbers = Vec::new();
    for op in &plan.ops {
        if let OpKind::Check(expr, _) = &op.kind {
            collect(expr, &mut numbers);
        }
        if let OpKind::Frames { times, .. } = &op.kind {
            collect(times, &mut numbers);
        }
        op.guard.iter().for_each(|guard| collect(guard, &mut numbers));
    }
    let then = plan.session.iter().filter_map(|carried| carried.then.as_ref());
    then.for_each(|then| collect(then, &mut numbers));
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

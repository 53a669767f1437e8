//! Values and their bytes, and values that no frame has.

use super::EncodeVector;
use super::body;
use super::derive::Ids;
use super::draft::{Choice, Laid, int_value, lay};
use super::good::{Good, has};
use super::nested;
use super::samples::integers;
use super::search::{Space, codecs};
use crate::interp::{Class, EncodeClass};
use crate::plan::{Codec, Content, Demand, OpKind, Plan, Sentinel, Size, Slot, SlotId, Source};
use crate::value::{Fields, Value};

/// Frames of more bytes are left to decoders.
const LARGEST: usize = 300;

/// All encode vectors, right values first; `words` is what keys and names begin with.
pub(super) fn all<'a>(space: &Space<'a>, good: &[Good], words: &str, ids: &mut Ids<'a>, found: &mut Vec<EncodeVector>) {
    let mut all = Refusals { plan: space.plan, words, ids, found };
    for frame in good.iter().filter(|frame| frame.laid.canonical && frame.laid.bytes.len() <= LARGEST) {
        let key = format!("encode/{}", frame.key);
        all.add(&key, frame.name.clone(), "canonical", frame.laid.inputs.clone(), Ok(frame.laid.bytes.clone()));
    }
    if let Some(usual) = good.first() {
        all.fields(&usual.laid);
        all.absent(good);
    }
    for (index, op) in space.plan.ops.iter().enumerate() {
        all.integers(space, index);
        match &op.kind {
            OpKind::Bytes { content: Content::Decimal(_), .. } => {}
            OpKind::Bytes { slot, size, content } => {
                all.sizes(space, *slot, size);
                all.bodies(space, index, *slot, content);
            }
            OpKind::Frames { slot, .. } => {
                for (what, value) in nested::refused(space, *slot) {
                    all.refuse(&what, value, EncodeClass::BadBody);
                }
            }
            OpKind::Msgpack { slot, .. } => {
                for (what, object) in body::refused(Codec::Msgpack) {
                    all.replaced(space, *slot, Value::Bytes(object), what, EncodeClass::BadBody);
                }
            }
            OpKind::Check(_, Demand::Check) => all.check(space, index),
            OpKind::Check(_, Demand::Minimal)
            | OpKind::Carry { .. }
            | OpKind::Let { .. }
            | OpKind::Peek { .. }
            | OpKind::Int { .. }
            | OpKind::Const { .. }
            | OpKind::Bits { .. }
            | OpKind::Pad { .. }
            | OpKind::Open(_)
            | OpKind::Close(_)
            | OpKind::Claim(_)
            | OpKind::Fit { .. }
            | OpKind::Mark(_)
            | OpKind::Sum(_) => {}
        }
    }
    all.too_much(space);
}

struct Refusals<'a, 'b> {
    plan: &'a Plan,
    words: &'b str,
    ids: &'b mut Ids<'a>,
    found: &'b mut Vec<EncodeVector>,
}

impl Refusals<'_, '_> {
    fn add(&mut self, key: &str, name: String, flag: &str, value: Fields, expect: Result<Vec<u8>, EncodeClass>) {
        if self.found.iter().any(|known| known.value == value) {
            return;
        }
        let words = self.words;
        self.found.push(EncodeVector {
            id: self.ids.of(&format!("{words}{key}")),
            name: format!("{words}{name}"),
            flags: vec![flag.to_owned()],
            source: None,
            derived: true,
            value,
            expect,
        });
    }

    fn refuse(&mut self, what: &str, value: Fields, class: EncodeClass) {
        self.add(&format!("refuse/{what}"), what.to_owned(), "refusal", value, Err(class));
    }

    fn slot(&self, slot: SlotId) -> Option<&Slot> {
        self.plan.slot(slot)
    }

    /// The length whose sentinel says that this field is absent: where the length is there, the field may be or not.
    fn sentinel_length(&self, name: &str) -> Option<&Slot> {
        let counted = |sentinel: Sentinel| self.slot(sentinel.field).is_some_and(|slot| slot.name == name);
        let region = self.plan.regions.iter().find(|region| region.sentinel.is_some_and(counted))?;
        self.slot(region.length)
    }

    /// A field missing, one too many, one of the wrong kind.
    fn fields(&mut self, usual: &Laid) {
        for (index, (name, value)) in usual.inputs.iter().enumerate() {
            let mut without = usual.inputs.clone();
            without.remove(index);
            if self.sentinel_length(name).is_none() {
                self.refuse(&format!("{name} is missing"), without, EncodeClass::MissingField);
            }
            let mut wrong = usual.inputs.clone();
            let (kind, other) = match value {
                Value::UInt(_) | Value::Int(_) => ("text", Value::Text("one".to_owned())),
                Value::Bytes(_) | Value::Text(_) => ("an integer", Value::UInt(1)),
            };
            if let Some((_, place)) = wrong.get_mut(index) {
                *place = other;
            }
            self.refuse(&format!("{name} is {kind}"), wrong, EncodeClass::WrongType);
        }
        let unknown = (1_u32..)
            .map(|n| format!("unknown_{n}"))
            .find(|name| self.plan.slots.iter().all(|slot| slot.name != *name));
        let with = |name: String, value: Value| usual.inputs.iter().cloned().chain([(name, value)]).collect();
        self.refuse(
            "a field that does not exist",
            with(unknown.unwrap_or_default(), Value::UInt(1)),
            EncodeClass::UnknownField,
        );
        for (name, value) in &usual.fields {
            let slot = self.plan.slots.iter().find(|slot| slot.name == *name && !slot.hidden);
            if slot.is_some_and(|slot| slot.source != Source::Input) {
                let value = with(name.clone(), value.clone());
                self.refuse(&format!("{name} is given, which is computed"), value, EncodeClass::UnknownField);
            }
        }
    }

    /// A field given where its condition does not hold.
    fn absent(&mut self, good: &[Good]) {
        for with in good {
            let Some(without) = good.iter().find(|frame| frame.key == with.key.replacen("with/", "without/", 1)) else {
                continue;
            };
            let lacks = |(name, _): &&(String, Value)| {
                without.laid.inputs.iter().all(|(known, _)| known != name)
                    && self.sentinel_length(name).is_none_or(|length| {
                        !length.hidden && without.laid.fields.iter().all(|(known, _)| *known != length.name)
                    })
            };
            if let Some((name, value)) = with.laid.inputs.iter().find(lacks) {
                let mut fields = without.laid.inputs.clone();
                fields.push((name.clone(), value.clone()));
                self.refuse(&format!("{name} is given where it is absent"), fields, EncodeClass::UnknownField);
            }
        }
    }

    /// The usual value with one field replaced.
    fn replaced(&mut self, space: &Space, slot: SlotId, value: Value, what: &str, class: EncodeClass) {
        let there = |laid: &Laid| laid.is_good() && laid.canonical && self.given(laid, slot).is_some();
        let Some((_, laid)) = space.find(&[], there) else { return };
        let mut fields = laid.inputs.clone();
        let Some(place) = self.given(&laid, slot).and_then(|index| fields.get_mut(index)) else { return };
        place.1 = value;
        let name = self.slot(slot).map(|slot| slot.name.clone()).unwrap_or_default();
        self.refuse(&format!("{name}: {what}"), fields, class);
    }

    fn given(&self, laid: &Laid, slot: SlotId) -> Option<usize> {
        let name = &self.slot(slot)?.name;
        laid.inputs.iter().position(|(given, _)| given == name)
    }

    fn integers(&mut self, space: &Space, index: usize) {
        let Some(op) = space.plan.ops.get(index) else { return };
        for integer in integers(space.plan, &op.kind) {
            let (min, max) = integer.bounds;
            let Some(kind) = self.slot(integer.slot).map(|slot| slot.kind) else { continue };
            for value in [min - 1, max + 1] {
                let value = int_value(kind, value).or_else(|| i64::try_from(value).ok().map(Value::Int));
                if let Some(value) = value {
                    let what = if value == Value::Int(-1) { "negative" } else { "just outside of its type" };
                    let what = if min < 0 { format!("{what}: {value:?}") } else { what.to_owned() };
                    self.replaced(space, integer.slot, value, &what, EncodeClass::DoesNotFit);
                }
            }
            for value in integer.refused(space.plan) {
                let class = match super::draft::refusal(space.plan, integer.accept, value) {
                    Some(Class::BadEnum) => EncodeClass::BadEnum,
                    _ => EncodeClass::OutOfRange,
                };
                if let Some(given) = int_value(kind, value) {
                    self.replaced(space, integer.slot, given, &format!("{value}, which is refused"), class);
                }
            }
        }
    }

    fn sizes(&mut self, space: &Space, slot: SlotId, size: &Size) {
        let is_text = self.slot(slot).is_some_and(|slot| slot.kind == crate::plan::Kind::Text);
        let content = |bytes: Vec<u8>| {
            if is_text { String::from_utf8(bytes).ok().map(Value::Text) } else { Some(Value::Bytes(bytes)) }
        };
        let letters = |size: usize| content(vec![b'a'; size]);
        match size {
            Size::Fixed(size) => {
                let Ok(size) = usize::try_from(*size) else { return };
                if size > LARGEST {
                    return;
                }
                for (size, what) in [(size.saturating_sub(1), "a byte too short"), (size + 1, "a byte too long")] {
                    letters(size)
                        .into_iter()
                        .for_each(|value| self.replaced(space, slot, value, what, EncodeClass::WrongSize));
                }
            }
            Size::Rest(_) => {}
            Size::Until { delimiters, kept, max, .. } => {
                for delimiter in delimiters {
                    let early = [b"a", delimiter.as_slice(), b"b"].concat();
                    let last = if *kept { delimiter.as_slice() } else { b"" };
                    let value = content([early.as_slice(), last].concat());
                    let what = format!("{} inside", super::notes::escaped(delimiter));
                    let class = EncodeClass::ContainsDelimiter;
                    value.into_iter().for_each(|value| self.replaced(space, slot, value, &what, class));
                }
                if *kept {
                    let without = letters(2);
                    let what = "no delimiter";
                    without
                        .into_iter()
                        .for_each(|value| self.replaced(space, slot, value, what, EncodeClass::WrongSize));
                }
                let above = max.and_then(|max| usize::try_from(max).ok()).filter(|max| *max <= LARGEST && !*kept);
                let above = above.and_then(|max| letters(max + 1));
                let what = "a byte more than its most";
                above.into_iter().for_each(|value| self.replaced(space, slot, value, what, EncodeClass::WrongSize));
            }
        }
    }

    fn bodies(&mut self, space: &Space, index: usize, slot: SlotId, content: &Content) {
        let name = self.slot(slot).map(|slot| slot.name.clone()).unwrap_or_default();
        let is_text = self.slot(slot).is_some_and(|slot| slot.kind == crate::plan::Kind::Text);
        if is_text {
            return;
        }
        for (codec, selector) in codecs(content) {
            for (what, bytes) in body::refused(codec) {
                let mut pinned = vec![(slot, Choice::Bytes(bytes, 0))];
                pinned.extend(selector.map(|(slot, value)| (slot, Choice::Int(value))));
                let wanted = |laid: &Laid| {
                    laid.violations.iter().all(|each| each.op == index && each.class == Class::BadBody)
                        && !laid.is_good()
                        && has(space, laid, &pinned)
                };
                if let Some((_, laid)) = space.find(&pinned, wanted) {
                    self.refuse(&format!("{name} is not {codec:?}: {what}"), laid.inputs, EncodeClass::BadBody);
                }
            }
        }
    }

    fn check(&mut self, space: &Space, index: usize) {
        let only = |laid: &Laid| !laid.is_good() && laid.violations.iter().all(|each| each.op == index);
        if let Some((_, laid)) = space.find(&[], only) {
            let checks = space
                .plan
                .ops
                .iter()
                .take(index)
                .filter(|op| matches!(op.kind, OpKind::Check(_, Demand::Check)))
                .count();
            self.refuse(&format!("check {} does not hold", checks + 1), laid.inputs, EncodeClass::BadCheck);
        }
    }

    /// Bodies too large for their length, for the frame, or for no whole number of units.
    fn too_much(&mut self, space: &Space) {
        for op in &space.plan.ops {
            let OpKind::Bytes { slot, size: Size::Rest(_), content: Content::Always(Codec::Raw) } = &op.kind else {
                continue;
            };
            self.larger_than_length(space, *slot);
        }
    }

    /// The usual frame with a body a byte larger than the largest that can be laid out, where that is small.
    fn larger_than_length(&mut self, space: &Space, slot: SlotId) {
        let Some(index) = space.plan.ops.iter().position(|op| op.kind.slots().contains(&slot)) else {
            return;
        };
        let Some((draft, laid)) = space.find(&[], |laid| laid.is_good() && laid.piece(index).is_some()) else { return };
        let fits = |size: usize| {
            let mut draft = draft.clone();
            let place = draft.values.get_mut(slot.0)?;
            *place = body::sized(Codec::Raw, size).map(|bytes| Choice::Bytes(bytes, 0));
            lay(space.plan, &draft)
        };
        if fits(LARGEST).is_some() {
            return;
        }
        let Some(most) = (0..LARGEST).rev().find(|size| fits(*size).is_some()) else { return };
        let Some(class) = self.overflow(space.plan, &laid, index, most + 1) else { return };
        let Some(bytes) = body::sized(Codec::Raw, most + 1) else { return };
        self.replaced(space, slot, Value::Bytes(bytes), "a byte more than fits", class);
    }

    /// What a body of so many bytes makes the encoder say: the lengths come before the frame's own limit.
    fn overflow(&self, plan: &Plan, laid: &Laid, index: usize, size: usize) -> Option<EncodeClass> {
        let piece = laid.piece(index)?;
        let more = i128::try_from(size).ok()? - i128::try_from(piece.end - piece.start).ok()?;
        let mut around = Vec::new();
        for (id, region) in plan.regions.iter().enumerate() {
            let (start, counted) = laid.regions.get(id)?;
            if *start <= piece.start && start + counted >= piece.end {
                around.push((region, i128::try_from(*counted).ok()? + more + i128::from(region.plus)));
            }
        }
        let units = around.iter().any(|(region, bytes)| bytes % i128::from(region.unit) != 0);
        let bounds = |region: &crate::plan::Region| {
            let mut integers = plan.ops.iter().flat_map(|op| op.kind.integers());
            integers.find(|integer| integer.slot == region.length).map(|integer| integer.bounds)
        };
        let ranged = |region: &crate::plan::Region| {
            plan.ops.iter().any(|op| match &op.kind {
                OpKind::Int { slot, accept, .. } | OpKind::Let { slot, accept, .. } => {
                    *slot == region.length && *accept != crate::plan::Accept::Any
                }
                OpKind::Bytes { slot, content: Content::Decimal(decimal), .. } => {
                    *slot == region.length && decimal.accept != crate::plan::Accept::Any
                }
                OpKind::Bits { parts, .. } => {
                    parts.iter().any(|part| part.slot == region.length && part.accept != crate::plan::Accept::Any)
                }
                _ => false,
            })
        };
        let over = around
            .iter()
            .filter(|(region, bytes)| bounds(region).is_none_or(|(_, max)| bytes / i128::from(region.unit) > max));
        match (units, over.count(), around.iter().any(|(region, _)| ranged(region))) {
            (_, _, true) => None,
            (true, 0, _) => Some(EncodeClass::WrongSize),
            (false, 0, _) => Some(EncodeClass::FrameTooLarge),
            (false, _, _) => Some(EncodeClass::DoesNotFit),
            (true, _, _) => None,
        }
    }
}

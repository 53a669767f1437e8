//! Where in a frame the decoder stands, and how it goes on.
//!
//! The state after a prefix is a function of the prefix alone, however it was cut: every op is run as far as the bytes reach, and
//! ops without bytes run as soon as the op before them is complete.

use super::mask::masked;
use super::nested::Nest;
use super::wire::{Window, count, extract, length, padding, part, signed, unsigned};
use super::{Class, body, checksum, delimiter, expr, msgpack};
use crate::plan::{
    Accept, Ahead, BitPart, Bound, Content, Decimal, Demand, IntType, Op, OpKind, PadSize, Plan, RegionId, Size,
    SizeExpr, SizeTerm, SlotId, Source, SumId,
};

/// How far a frame has been understood. Offsets are from its first byte.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cursor {
    /// Index of the op at hand.
    op: usize,
    /// The op at hand has begun: its guard holds, `goal` is known.
    begun: bool,
    /// Where the op at hand begins.
    pos: u64,
    /// How far the op at hand has looked.
    seen: u64,
    /// Where the op at hand ends; of a delimited field: where it has to end.
    goal: u64,
    /// MessagePack objects that are still to come, the one at `seen` included.
    pending: u64,
    /// Values are no longer judged: the frame was refused and only its size matters.
    muted: bool,
    /// The frame's size, from where lengths tell it.
    whole: Option<u64>,
    /// How far a peek has looked.
    looked: u64,
    /// Of a frame inside another: where in that it begins, and the bytes that it may have.
    inside: Option<(u64, u64)>,
    /// The frames inside, once they have begun.
    nest: Option<Box<Nest>>,
    /// Empty at a frame's start.
    slots: Vec<Place>,
    /// Where the marks are that were passed.
    marks: Vec<u64>,
}

/// Where a slot's value stands in the frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Place {
    /// It is there. A field whose condition is 0 is not.
    pub(super) present: bool,
    /// Of an integer.
    pub(super) value: i128,
    pub(super) start: u64,
    /// One past the last byte of the value.
    pub(super) value_end: u64,
    /// One past the last byte on the wire: behind the delimiter.
    pub(super) end: u64,
    /// Of a length: where what it counts begins, once it has begun.
    counted_from: Option<u64>,
}

/// What the bytes so far amount to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step {
    /// The frame needs at least so many more; at least 1.
    Need(u64),
    /// The frame ends after so many.
    Done(u64),
    /// It is refused.
    Refuse(Refusal),
}

/// Why a frame is refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Refusal {
    pub(super) class: Class,
    /// The byte that makes it certain.
    pub(super) at: u64,
    /// Index of the op that refuses.
    pub(super) op: usize,
    pub(super) cause: Cause,
}

/// What was refused, which decides whether decoding can go on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cause {
    /// The value of a slot, or what a check or a codec says of values; the op's bytes are known all the same.
    Value(Option<SlotId>),
    /// Sizes that cannot be.
    Size,
}

impl Cursor {
    /// Back to the start of a frame; what was allocated is kept.
    pub(super) fn reset(&mut self) {
        self.op = 0;
        self.begun = false;
        self.pos = 0;
        self.seen = 0;
        self.goal = 0;
        self.pending = 0;
        self.muted = false;
        self.whole = None;
        self.looked = 0;
        self.inside = None;
        self.nest = None;
        self.slots.clear();
        self.marks.clear();
    }

    /// Goes on as far as the bytes reach. `frame` begins with those of the calls before, since the last reset, from [`held`](Self::held)
    /// of the last call on.
    /// `session` has the values that the frame begins with.
    pub(super) fn advance(&mut self, plan: &Plan, session: &[i128], frame: Window<'_>) -> Step {
        self.slots.resize(plan.slots.len(), Place::default());
        self.marks.resize(plan.marks, 0);
        if self.op == 0 {
            for (carried, value) in plan.session.iter().zip(session) {
                self.set(carried.slot, *value, 0, 0);
            }
        }
        while let Some(op) = plan.ops.get(self.op) {
            if !self.begun {
                if op.guard.as_ref().is_some_and(|guard| guard.eval(&|slot| self.value(slot)) == 0) {
                    self.op = self.op.saturating_add(1);
                    continue;
                }
                self.seen = self.pos;
                self.goal = self.pos;
            }
            if let Err(step) = self.run(plan, op, frame) {
                return step;
            }
        }
        Step::Done(self.pos)
    }

    /// The same of a frame inside another, from this offset on, where it may have so many bytes. Those inside it are left to whoever asks, and
    /// a refusal is told by its offset in the one around.
    pub(super) fn advance_inside(&mut self, plan: &Plan, at: u64, most: u64, frame: Window<'_>) -> Step {
        self.inside = Some((at, most));
        self.advance(plan, &[], frame.behind(at))
    }

    pub(super) fn muted(&self) -> bool {
        self.muted
    }

    /// Goes on with a refused frame only until its size is known: then it is over, whatever its bytes are.
    pub(super) fn mute(&mut self, plan: &Plan) {
        self.muted = true;
        if let Some(whole) = self.whole {
            self.op = plan.ops.len();
            self.complete(whole);
        }
    }

    /// From where on the bytes so far are still needed: of a refused frame only those of the op at hand that its size may depend on.
    pub(super) fn held(&self, plan: &Plan) -> u64 {
        match plan.ops.get(self.op).map(|op| &op.kind) {
            _ if !self.muted => 0,
            Some(OpKind::Bytes { size: Size::Until { .. }, .. } | OpKind::Peek { .. }) => self.pos,
            _ => self.seen,
        }
    }

    /// The frame's size, where lengths have told it.
    pub(super) fn whole(&self) -> Option<u64> {
        self.whole
    }

    pub(super) fn place(&self, slot: SlotId) -> Place {
        self.slots.get(slot.0).copied().unwrap_or_default()
    }

    /// Where the op at hand begins.
    pub(super) fn field_start(&self) -> u64 {
        self.pos
    }

    pub(super) fn value(&self, slot: SlotId) -> i128 {
        self.slots.get(slot.0).map_or(0, |place| place.value)
    }

    /// What a slot's bytes are masked with; nothing where they are not.
    pub(super) fn key<'a>(&self, plan: &Plan, slot: SlotId, frame: Window<'a>) -> &'a [u8] {
        let key = plan.slot(slot).and_then(|slot| slot.mask).map(|key| self.place(key)).unwrap_or_default();
        frame.part(key.start, key.value_end)
    }

    /// Runs the op at hand to its end, or says why not.
    fn run(&mut self, plan: &Plan, op: &Op, frame: Window<'_>) -> Result<(), Step> {
        match &op.kind {
            OpKind::Carry { .. } => {
                self.complete(self.pos);
                Ok(())
            }
            OpKind::Int { slot, int, accept } => {
                let start = self.pos;
                let bytes = self.take(frame, u64::from(int.bytes))?;
                let value = signed(*int, unsigned(bytes, int.endian));
                self.set(*slot, value, start, self.pos);
                self.accept(plan, *slot, *accept, value)
            }
            OpKind::Const { slot, bytes } => self.constant(plan, *slot, bytes, frame),
            OpKind::Bits { int, parts } => self.bits(plan, *int, parts, frame),
            OpKind::Bytes { slot, size, content } => {
                let start = self.pos;
                let value_end = match size {
                    // Its value is read also where it is not judged: the frame's size may hang on it.
                    Size::Fixed(size) if matches!(content, Content::Decimal(_)) => {
                        self.take(frame, *size).map(|_| self.pos)?
                    }
                    Size::Fixed(size) => self.content(frame, *size).map(|_| self.pos)?,
                    Size::Rest(bound) => {
                        let size = self.rest(plan, bound)?;
                        self.content(frame, size).map(|_| self.pos)?
                    }
                    Size::Until { delimiters, kept, max, room } => {
                        let length = self.until(plan, delimiters, *max, room, frame)?;
                        if *kept { self.pos } else { self.pos.saturating_sub(length) }
                    }
                };
                let value = frame.part(start, value_end);
                if let Content::Decimal(decimal) = content {
                    return self.decimal(plan, *slot, *decimal, start, value_end, value);
                }
                self.set(*slot, 0, start, value_end);
                let value = || masked(self.key(plan, *slot, frame), value);
                let passes = self.muted || body::passes(content, |slot| self.value(slot), &value());
                if passes { Ok(()) } else { self.refuse(Class::BadBody, Cause::Value(None)) }
            }
            OpKind::Msgpack { slot, room } => {
                let start = self.pos;
                self.msgpack(plan, room, frame)?;
                self.set(*slot, 0, start, self.pos);
                Ok(())
            }
            OpKind::Frames { slot, .. } => {
                let start = self.pos;
                let end = if self.inside.is_none() { self.frames(plan, frame)? } else { start };
                self.complete(end);
                self.set(*slot, 0, start, end);
                Ok(())
            }
            OpKind::Pad { slot, size, room } => {
                let start = self.pos;
                let size = match size {
                    PadSize::Fixed(size) => *size,
                    PadSize::Align(to) => padding(start, *to),
                };
                self.holds(plan, room, start, size, start)?;
                self.content(frame, size)?;
                self.set(*slot, 0, start, self.pos);
                Ok(())
            }
            OpKind::Open(region) => {
                let from = self.pos;
                if let Some(place) = plan.region(*region).and_then(|region| self.slots.get_mut(region.length.0)) {
                    place.counted_from = Some(from);
                }
                self.complete(from);
                Ok(())
            }
            OpKind::Close(_) => {
                self.complete(self.pos);
                Ok(())
            }
            OpKind::Claim(region) => self.claim(plan, *region),
            OpKind::Fit { bound, exact } => self.fit(plan, bound, *exact),
            OpKind::Let { slot, bits: _, value, pieces: _, accept } => {
                self.complete(self.pos);
                let value = value.eval(&|slot| self.value(slot));
                self.set(*slot, value, self.pos, self.pos);
                self.accept(plan, *slot, *accept, value)
            }
            OpKind::Peek { slot, accept: _, texts, ahead, others, room } => {
                let value = match ahead {
                    Ahead::Next => self.begins(plan, *slot, texts, *others, room, frame)?,
                    Ahead::First { max } => self.comes_first(plan, texts, *max, room, frame)?,
                };
                self.set(*slot, i128::try_from(value).unwrap_or(0), self.pos, self.pos);
                Ok(())
            }
            OpKind::Check(expr, demand) => {
                self.complete(self.pos);
                let passes = self.muted || expr.eval(&|slot| self.value(slot)) != 0;
                let (class, slot) = match demand {
                    Demand::Check => (Class::BadCheck, None),
                    Demand::Minimal => (Class::NonMinimal, expr::first(expr)),
                };
                if passes { Ok(()) } else { self.refuse(class, Cause::Value(slot)) }
            }
            OpKind::Mark(mark) => {
                if let Some(place) = self.marks.get_mut(mark.0) {
                    *place = self.pos;
                }
                self.complete(self.pos);
                Ok(())
            }
            OpKind::Sum(sum) => self.sum(plan, *sum, frame),
        }
    }

    /// The op at hand is over.
    fn complete(&mut self, end: u64) {
        self.op = self.op.saturating_add(1);
        self.begun = false;
        self.pos = end;
    }

    /// Waits for more bytes inside the op at hand.
    fn need<T>(&mut self, bytes: u64) -> Result<T, Step> {
        self.begun = true;
        Err(Step::Need(bytes.max(1)))
    }

    /// Refuses by the op just completed, at the last byte consumed.
    fn refuse<T>(&self, class: Class, cause: Cause) -> Result<T, Step> {
        self.refuse_at(class, cause, self.op.saturating_sub(1), self.pos)
    }

    /// Refuses by the byte before `end`; of what a peek has looked at, by the last byte of that.
    fn refuse_at<T>(&self, class: Class, cause: Cause, op: usize, end: u64) -> Result<T, Step> {
        let from = self.inside.map_or(0, |(at, _)| at);
        let at = from.saturating_add(end.max(self.looked)).saturating_sub(1);
        Err(Step::Refuse(Refusal { class, at, op, cause }))
    }

    /// The next bytes, once they are all there.
    fn take<'a>(&mut self, frame: Window<'a>, size: u64) -> Result<&'a [u8], Step> {
        let (start, end) = (self.pos, self.pos.saturating_add(size));
        let have = frame.have();
        if have < end {
            return self.need(end.saturating_sub(have));
        }
        self.complete(end);
        Ok(frame.part(start, end))
    }

    /// The next bytes, once they are all there; of a refused frame nobody reads them.
    fn content<'a>(&mut self, frame: Window<'a>, size: u64) -> Result<&'a [u8], Step> {
        if self.muted {
            self.seen = frame.have().min(self.pos.saturating_add(size));
        }
        self.take(frame, size)
    }

    fn set(&mut self, slot: SlotId, value: i128, start: u64, value_end: u64) {
        let end = self.pos;
        if let Some(place) = self.slots.get_mut(slot.0) {
            *place = Place { present: true, value, start, value_end, end, counted_from: place.counted_from };
        }
    }

    fn accept(&self, plan: &Plan, slot: SlotId, accept: Accept, value: i128) -> Result<(), Step> {
        match judge(plan, accept, value) {
            Some(class) if !self.muted => self.refuse(class, Cause::Value(Some(slot))),
            _ => Ok(()),
        }
    }

    fn constant(&mut self, plan: &Plan, slot: SlotId, bytes: &[u8], frame: Window<'_>) -> Result<(), Step> {
        let (start, have) = (self.pos, frame.have());
        let end = start.saturating_add(length(bytes));
        let wanted = part(bytes, self.seen.saturating_sub(start), length(bytes));
        let come = frame.part(self.seen, have.min(end));
        let wrong = if self.muted { None } else { wanted.iter().zip(come).position(|(wanted, come)| wanted != come) };
        if let Some(wrong) = wrong {
            self.begun = true;
            self.seen = self.seen.saturating_add(count(wrong)).saturating_add(1);
            return self.refuse_at(Class::BadConst, Cause::Value(Some(slot)), self.op, self.seen);
        }
        self.seen = have.min(end);
        if have < end {
            return self.need(end.saturating_sub(have));
        }
        self.complete(end);
        let value = match plan.slot(slot).map(|slot| &slot.source) {
            Some(Source::Const(value)) => *value,
            _ => 0,
        };
        self.set(slot, value, start, end);
        Ok(())
    }

    /// Judges a checksum, which has come with all that it covers.
    fn sum(&mut self, plan: &Plan, sum: SumId, frame: Window<'_>) -> Result<(), Step> {
        self.complete(self.pos);
        let Some(sum) = plan.sum(sum).filter(|_| !self.muted) else { return Ok(()) };
        let mark = |mark: crate::plan::MarkId| self.marks.get(mark.0).copied().unwrap_or(0);
        let right = checksum::of(sum, |from, to| frame.part(mark(from), mark(to)), &|slot| self.value(slot));
        let place = self.place(sum.slot);
        let told = if sum.algorithm.is_digest() {
            right.starts_with(frame.part(place.start, place.value_end))
        } else {
            place.value == i128::from(unsigned(&right, crate::plan::Endian::Big))
        };
        if told { Ok(()) } else { self.refuse(Class::BadChecksum, Cause::Value(None)) }
    }

    fn bits(&mut self, plan: &Plan, int: IntType, parts: &[BitPart], frame: Window<'_>) -> Result<(), Step> {
        let start = self.pos;
        let group = unsigned(self.take(frame, u64::from(int.bytes))?, int.endian);
        for part in parts {
            self.set(part.slot, extract(group, part), start, self.pos);
        }
        for part in parts {
            self.accept(plan, part.slot, part.accept, extract(group, part))?;
        }
        Ok(())
    }

    /// Judges decimal digits, which were just read.
    fn decimal(
        &mut self,
        plan: &Plan,
        slot: SlotId,
        decimal: Decimal,
        start: u64,
        value_end: u64,
        digits: &[u8],
    ) -> Result<(), Step> {
        let Some((value, minimal)) = body::decimal(decimal, digits) else {
            self.set(slot, 0, start, value_end);
            let sized = expr::decides_size(plan, slot);
            return match self.muted {
                false => self.refuse(Class::BadBody, Cause::Value(Some(slot))),
                // Of a refused frame only the size is wanted, which hangs on it.
                true if sized => self.refuse(Class::BadBody, Cause::Size),
                true => Ok(()),
            };
        };
        self.set(slot, value, start, value_end);
        if decimal.minimal && !minimal && !self.muted {
            return self.refuse(Class::NonMinimal, Cause::Value(Some(slot)));
        }
        self.accept(plan, slot, decimal.accept, value)
    }

    /// Which of the texts the next bytes begin with; one more where there may be others. The op is then complete, and nothing taken.
    fn begins(
        &mut self,
        plan: &Plan,
        slot: SlotId,
        texts: &[Vec<u8>],
        others: bool,
        room: &Bound,
        frame: Window<'_>,
    ) -> Result<usize, Step> {
        let start = self.pos;
        let room = u64::try_from(self.room(plan, room).unwrap_or(0)).unwrap_or(0);
        let texts: Vec<(usize, &[u8])> = (0..).zip(texts.iter().map(Vec::as_slice)).collect();
        let mut open: Vec<(usize, &[u8])> = texts.iter().filter(|(_, text)| length(text) <= room).copied().collect();
        for seen in 0_u64.. {
            self.looked = self.looked.max(start.saturating_add(seen));
            if let Some((value, _)) = open.iter().find(|(_, text)| length(text) == seen) {
                self.complete(start);
                return Ok(*value);
            }
            if open.is_empty() {
                break;
            }
            let at = start.saturating_add(seen);
            let Some(byte) = frame.part(at, at.saturating_add(1)).first() else { return self.need(1) };
            open.retain(|(_, text)| part(text, seen, seen.saturating_add(1)) == [*byte]);
        }
        self.complete(start);
        if others || self.muted {
            return Ok(texts.len());
        }
        self.refuse(Class::BadEnum, Cause::Value(Some(slot)))
    }

    /// Which of the texts comes first. The op is then complete, and nothing taken.
    fn comes_first(
        &mut self,
        plan: &Plan,
        texts: &[Vec<u8>],
        max: Option<u64>,
        room: &Bound,
        frame: Window<'_>,
    ) -> Result<usize, Step> {
        let start = self.pos;
        let size = self.until(plan, texts, max, std::slice::from_ref(room), frame)?;
        let end = std::mem::replace(&mut self.pos, start);
        self.looked = self.looked.max(end);
        let found = frame.part(end.saturating_sub(size), end);
        Ok(texts.iter().position(|text| text == found).unwrap_or(texts.len()))
    }

    /// Looks for a delimiter and gives its length; the op is then complete.
    ///
    /// A delimiter found behind `max` is the reject's last byte: no later one can end the field, for none has another inside.
    fn until(
        &mut self,
        plan: &Plan,
        delimiters: &[Vec<u8>],
        max: Option<u64>,
        room: &[Bound],
        frame: Window<'_>,
    ) -> Result<u64, Step> {
        let (start, have) = (self.pos, frame.have());
        if !self.begun {
            let longest = count(delimiter::longest(delimiters));
            let most = max.map_or(u64::MAX, |max| max.saturating_add(longest));
            let room = room.iter().filter_map(|bound| self.room(plan, bound)).min().unwrap_or(i128::MAX);
            self.goal = start.saturating_add(u64::try_from(room.max(0)).unwrap_or(u64::MAX).min(most));
        }
        let field = frame.part(start, have.min(self.goal));
        let from = usize::try_from(self.seen.saturating_sub(start)).unwrap_or(usize::MAX);
        let found = delimiter::find(delimiters, field, from);
        if let Some((end, size)) = found {
            let end = start.saturating_add(count(end));
            let size = count(size);
            if max.is_none_or(|max| end.saturating_sub(start).saturating_sub(size) <= max) {
                self.complete(end);
                return Ok(size);
            }
            return self.refuse_at(Class::DelimiterTooFar, Cause::Size, self.op, end);
        }
        self.seen = have.min(self.goal);
        if have >= self.goal {
            return self.refuse_at(Class::DelimiterTooFar, Cause::Size, self.op, self.goal);
        }
        self.need(1)
    }

    /// Goes on from object to object; no object is begun that its room cannot hold with all that must still follow.
    fn msgpack(&mut self, plan: &Plan, room: &[Bound], frame: Window<'_>) -> Result<(), Step> {
        let have = frame.have();
        if !self.begun {
            self.pending = 1;
            self.holds(plan, room, self.pos, 1, self.pos)?;
        }
        while self.pending > 0 {
            let at = self.seen;
            let Some(first) = frame.part(at, at.saturating_add(1)).first() else {
                return self.need(at.saturating_sub(have).saturating_add(self.pending));
            };
            let after_first = at.saturating_add(1);
            let Some(head) = msgpack::head(*first) else {
                return self.refuse_at(Class::BadBody, Cause::Size, self.op, after_first);
            };
            let others = self.pending.saturating_sub(1);
            let least = head.size_bytes.saturating_add(head.fixed).saturating_add(others);
            self.holds(plan, room, after_first, least, after_first)?;
            let header_end = after_first.saturating_add(head.size_bytes);
            if have < header_end {
                return self.need(after_first.saturating_add(least).saturating_sub(have));
            }
            let (payload, inside) = head.claims(frame.part(after_first, header_end));
            let pending = others.saturating_add(inside);
            self.holds(plan, room, header_end, payload.saturating_add(pending), header_end)?;
            self.pending = pending;
            self.seen = header_end.saturating_add(payload);
        }
        if have < self.seen {
            return self.need(self.seen.saturating_sub(have));
        }
        self.complete(self.seen);
        Ok(())
    }

    /// Goes on from frame to frame, and gives where the last one ends.
    fn frames(&mut self, plan: &Plan, frame: Window<'_>) -> Result<u64, Step> {
        if self.nest.is_none() {
            let times = plan.frames_inside(&|slot| self.value(slot));
            self.nest = match Nest::new(plan, self.pos, times) {
                Ok(nest) => Some(Box::new(nest)),
                Err(class) => return self.refuse_at(class, Cause::Size, self.op, self.pos),
            };
        }
        match self.nest.as_mut().map_or(Step::Done(self.pos), |nest| nest.advance(plan, frame)) {
            Step::Done(end) => Ok(end),
            Step::Need(bytes) => self.need(bytes),
            Step::Refuse(refusal) => Err(Step::Refuse(Refusal { op: self.op, ..refusal })),
        }
    }

    /// Refuses by the byte before `end` where so many bytes from `from` on do not fit the room of the op at hand.
    fn holds(&self, plan: &Plan, room: &[Bound], from: u64, bytes: u64, end: u64) -> Result<(), Step> {
        let used = i128::from(from.saturating_sub(self.pos)).saturating_add(i128::from(bytes));
        for bound in room {
            if self.room(plan, bound).is_some_and(|room| used > room) {
                return self.refuse_at(too_little(bound), Cause::Size, self.op, end);
            }
        }
        Ok(())
    }

    fn claim(&mut self, plan: &Plan, region: RegionId) -> Result<(), Step> {
        self.complete(self.pos);
        let negative = self.claimed(plan, region).is_some_and(|size| size < 0);
        if negative { self.refuse(Class::LengthTooSmall, Cause::Size) } else { Ok(()) }
    }

    fn fit(&mut self, plan: &Plan, bound: &Bound, exact: bool) -> Result<(), Step> {
        self.complete(self.pos);
        let Some(room) = self.room(plan, bound) else { return Ok(()) };
        if exact && bound.region.is_none() {
            let whole = i128::from(self.pos).saturating_add(self.size(plan, &bound.tail));
            self.whole = Some(u64::try_from(whole).unwrap_or(u64::MAX));
        }
        if room < 0 {
            return self.refuse(too_little(bound), Cause::Size);
        }
        if exact && bound.region.is_some() && room > 0 {
            return self.refuse(Class::OutOfRange, Cause::Size);
        }
        if self.muted {
            self.mute(plan);
        }
        Ok(())
    }

    /// The size of a field that takes what is left. A fit before it has made sure that it is not negative.
    fn rest(&self, plan: &Plan, bound: &Bound) -> Result<u64, Step> {
        match u64::try_from(self.room(plan, bound).unwrap_or(0)) {
            Ok(size) => Ok(size),
            Err(_) => self.refuse_at(too_little(bound), Cause::Size, self.op, self.pos),
        }
    }

    /// What the bound leaves from where the op at hand begins, its tail set aside. Nothing where the region was never claimed: its
    /// length is absent.
    fn room(&self, plan: &Plan, bound: &Bound) -> Option<i128> {
        let left = match bound.region {
            None => {
                i128::from(self.inside.map_or(plan.max_frame, |(_, most)| most)).saturating_sub(i128::from(self.pos))
            }
            Some(region) => self.left(plan, region)?,
        };
        Some(left.saturating_sub(self.size(plan, &bound.tail)))
    }

    /// What a region claims: value × unit − plus. Nothing where its length is absent.
    fn claimed(&self, plan: &Plan, region: RegionId) -> Option<i128> {
        let region = plan.region(region)?;
        let sentinel = region.sentinel.map(|sentinel| sentinel.value);
        let length = self.slots.get(region.length.0).filter(|place| place.present && Some(place.value) != sentinel)?;
        Some(length.value.saturating_mul(i128::from(region.unit)).saturating_sub(i128::from(region.plus)))
    }

    fn left(&self, plan: &Plan, region: RegionId) -> Option<i128> {
        let from = self.slots.get(plan.region(region)?.length.0)?.counted_from;
        let inside = from.map_or(0, |from| self.pos.saturating_sub(from));
        Some(self.claimed(plan, region)?.saturating_sub(i128::from(inside)))
    }

    fn size(&self, plan: &Plan, size: &SizeExpr) -> i128 {
        size.terms.iter().fold(i128::from(size.fixed), |sum, term| {
            sum.saturating_add(match term {
                SizeTerm::Whole(region) => self.claimed(plan, *region).map_or(0, |size| size.max(0)),
                SizeTerm::Rest(region) => self.left(plan, *region).map_or(0, |left| left.max(0)),
                SizeTerm::If(condition, size) => {
                    if condition.eval(&|slot| self.value(slot)) == 0 {
                        0
                    } else {
                        self.size(plan, size)
                    }
                }
            })
        })
    }
}

fn too_little(bound: &Bound) -> Class {
    if bound.region.is_some() { Class::LengthTooSmall } else { Class::FrameTooLarge }
}

/// The class by which a value does not pass.
pub(super) fn judge(plan: &Plan, accept: Accept, value: i128) -> Option<Class> {
    let (passes, class) = match accept {
        Accept::Any => return None,
        Accept::Const(constant) => (value == constant, Class::BadConst),
        Accept::Range(min, max) => ((min..=max).contains(&value), Class::OutOfRange),
        Accept::Enum(id) => {
            let known = plan.enums.get(id.0);
            let passes = known
                .is_none_or(|known| known.other.is_some() || known.members.iter().any(|(member, _)| *member == value));
            (passes, Class::BadEnum)
        }
    };
    if passes { None } else { Some(class) }
}

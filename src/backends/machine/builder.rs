//! From ops to stages.

use super::*;

/// Where a range begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Begin {
    /// Behind what was read so far.
    Later,
    /// At the same offset in all frames.
    At(u64),
    /// At an offset that is kept.
    Kept,
}

pub(super) struct Builder<'a, 'p> {
    pub(super) plan: &'p Plan,
    pub(super) bounds: &'a [(i128, i128)],
    /// The same, whatever of it is refused.
    pub(super) all: Vec<(i128, i128)>,
    pub(super) guards: &'a [Option<&'p Expr>],
    pub(super) stages: Vec<Stage>,
    /// Offset of what comes next, where that is the same in all frames.
    pub(super) pos: Option<u64>,
    pub(super) begins: Vec<Begin>,
    pub(super) marks: Vec<Begin>,
    /// The keys that bodies are judged with; their marks follow those of the plan.
    pub(super) keys: Vec<(SlotId, Begin)>,
}

impl<'p> Builder<'_, 'p> {
    fn term(&self, expr: &Expr) -> Term {
        Term::new(expr, self.bounds)
    }

    pub(super) fn op(&mut self, op: &'p Op) {
        let guard = op.guard.as_ref().map(|guard| self.term(guard));
        match &op.kind {
            // It is there before the first byte; they come behind the last stage.
            OpKind::Carry { .. } | OpKind::Frames { .. } => {}
            OpKind::Int { slot, int, accept } => {
                let judgements = self.accept(*slot, *accept, int.bounds()).into_iter().collect();
                let word = Word { offset: 0, int: *int, parts: WordParts::Whole(*slot) };
                let read = Read::Fixed { size: u64::from(int.bytes), words: vec![word], spans: Vec::new() };
                self.stage(guard, read, judgements);
            }
            OpKind::Bits { int, parts } => {
                let judged = parts.iter().filter_map(|part| self.accept(part.slot, part.accept, part.bounds()));
                let judgements = judged.collect();
                let named = parts.iter().filter(|part| self.is_named(part.slot));
                let named = named.map(|part| (part.slot, part.shift, part.width)).collect();
                let word = Word { offset: 0, int: *int, parts: WordParts::Bits(named) };
                let read = Read::Fixed { size: u64::from(int.bytes), words: vec![word], spans: Vec::new() };
                self.stage(guard, read, judgements);
            }
            OpKind::Const { slot, bytes } => {
                let read = Read::Const { slot: *slot, bytes: bytes.clone(), after: self.after(*slot) };
                self.stage(guard, read, Vec::new());
            }
            OpKind::Bytes { slot, size, content } => {
                self.key(*slot);
                let read = match size {
                    Size::Fixed(size) => {
                        let spans = vec![Span { slot: *slot, offset: 0, size: *size }];
                        Read::Fixed { size: *size, words: Vec::new(), spans }
                    }
                    Size::Rest(bound) => Read::Rest { slot: *slot, size: self.room(bound) },
                    Size::Until { delimiters, kept, max, room } => Read::Until {
                        slot: *slot,
                        delimiters: delimiters.clone(),
                        kept: *kept,
                        max: *max,
                        room: self.rooms(room),
                    },
                };
                let judgements = match content {
                    Content::Always(Codec::Raw) => Vec::new(),
                    Content::Always(_) | Content::By(..) => {
                        vec![Judgement::Content { slot: *slot, content: content.clone() }]
                    }
                    Content::Decimal(decimal) => {
                        let after = self.after(*slot);
                        let value = Judgement::Decimal { slot: *slot, decimal: *decimal, after };
                        let bounds = self.plan.slot(*slot).map_or((0, 0), crate::plan::Slot::bounds);
                        [Some(value), self.accept(*slot, decimal.accept, bounds)].into_iter().flatten().collect()
                    }
                };
                self.stage(guard, read, judgements);
            }
            OpKind::Msgpack { slot, room } => {
                let read = Read::Msgpack { slot: *slot, room: self.rooms(room), class: too_little(room) };
                self.stage(guard, read, Vec::new());
            }
            OpKind::Pad { size: PadSize::Fixed(size), .. } => {
                self.stage(guard, Read::Fixed { size: *size, words: Vec::new(), spans: Vec::new() }, Vec::new());
            }
            OpKind::Pad { size: PadSize::Align(to), room, .. } => {
                self.stage(guard, Read::Align { to: *to, room: self.rooms(room), class: too_little(room) }, Vec::new());
            }
            OpKind::Open(region) => {
                let begin = self.pos.map_or(Begin::Kept, Begin::At);
                if let Some(place) = self.begins.get_mut(region.0) {
                    *place = begin;
                }
                if begin == Begin::Kept {
                    self.act(guard, ActionKind::Open(*region));
                }
            }
            OpKind::Close(_) => {}
            OpKind::Claim(region) => self.act(guard, ActionKind::Claim(*region)),
            OpKind::Fit { bound, exact } => {
                let (have, inside) = self.left(bound.region);
                let need = sum(vec![inside, self.size(&bound.tail)]);
                let (class, whole) = (too_little(std::slice::from_ref(bound)), *exact && bound.region.is_none());
                let guard = self.and_present(op.guard.as_ref(), bound.region);
                let exact = *exact && bound.region.is_some();
                self.act(guard, ActionKind::Fit { need, have, class, exact, whole });
            }
            OpKind::Let { slot, value, accept, .. } => {
                let value = self.term(value);
                self.act(guard.clone(), ActionKind::Let { slot: *slot, value });
                let bounds = op.kind.integers().first().map_or((0, 0), |integer| integer.bounds);
                if let Some(Judgement::Accept { class, after, .. }) = self.accept(*slot, *accept, bounds)
                    && let Some(holds) = self.passes(*slot, *accept)
                {
                    self.act(guard, ActionKind::Check { holds, class, after });
                }
            }
            OpKind::Peek { slot, accept: _, texts, ahead, others, room } => {
                let (room, after) = (self.room(room), self.after(*slot));
                let (texts, ahead, others) = (texts.clone(), *ahead, *others);
                self.stage(guard, Read::Peek { slot: *slot, texts, ahead, others, room, after }, Vec::new());
            }
            OpKind::Check(expr, demand) => {
                let (class, after) = match demand {
                    Demand::Check => ("bad-check", AfterValue::Policy),
                    // The frame's size hangs on the pieces.
                    Demand::Minimal => ("non-minimal", AfterValue::Close),
                };
                self.act(guard, ActionKind::Check { holds: self.term(expr), class, after });
            }
            OpKind::Mark(mark) => {
                let here = self.pos.map_or(Begin::Kept, Begin::At);
                if let Some(place) = self.marks.get_mut(mark.0) {
                    *place = here;
                }
                if here == Begin::Kept && self.plan.sums.iter().any(|sum| judged_by(sum, *mark)) {
                    self.act(guard, ActionKind::Mark(*mark));
                }
            }
            OpKind::Sum(sum) => self.act(guard, ActionKind::Sum(*sum)),
        }
    }

    /// Marks the place of what comes next, if it is a key that bodies are judged with.
    fn key(&mut self, slot: SlotId) {
        let here = self.pos.map_or(Begin::Kept, Begin::At);
        let Some(index) = self.keys.iter().position(|(key, _)| *key == slot) else { return };
        if let Some((_, begin)) = self.keys.get_mut(index) {
            *begin = here;
        }
        if here == Begin::Kept {
            self.act(None, ActionKind::Mark(MarkId(self.plan.marks.saturating_add(index))));
        }
    }

    pub(super) fn placed_keys(&self) -> Vec<(SlotId, Amount)> {
        let place = |(index, (key, begin)): (usize, &(SlotId, Begin))| {
            let at = match begin {
                Begin::At(at) => Amount::Bytes(i128::from(*at)),
                Begin::Kept | Begin::Later => Amount::Mark(MarkId(self.plan.marks.saturating_add(index))),
            };
            (*key, at)
        };
        self.keys.iter().enumerate().map(place).collect()
    }

    /// How many frames stand inside one of which all else is known.
    pub(super) fn nested(&self) -> Option<Inside> {
        let nested = self.plan.nested()?;
        let times = Amount::AtLeast0(Box::new(Amount::Count(self.term(nested.times))));
        let times = match nested.guard {
            Some(guard) => Amount::If(self.term(guard), Box::new(times)),
            None => times,
        };
        Some(Inside { slot: nested.slot, times, deep: nested.deep })
    }

    pub(super) fn summed(&self, sum: &Sum) -> Summed {
        let place = |mark: MarkId| match self.marks.get(mark.0) {
            Some(Begin::At(at)) => Amount::Bytes(i128::from(*at)),
            Some(Begin::Kept | Begin::Later) | None => Amount::Mark(mark),
        };
        let part = |part: &SumPart| match part {
            SumPart::Bytes(from, to) => SummedPart::Bytes(place(*from), place(*to)),
            SumPart::Zeros(_) => SummedPart::Zeros,
            SumPart::Byte(value) => SummedPart::Byte(self.term(value)),
        };
        Summed { at: place(sum.at), parts: sum.parts.iter().map(part).collect() }
    }

    fn is_named(&self, slot: SlotId) -> bool {
        self.plan.slot(slot).is_some_and(is_named)
    }

    fn act(&mut self, guard: Option<Term>, kind: ActionKind) {
        // Nothing but a range that begins with the frame stands before the first stage, and its offset is known.
        if let Some(stage) = self.stages.last_mut() {
            stage.actions.push(Action { guard, kind });
        }
    }

    /// Adds a stage, or adds its bytes to the one before where nothing stands between them.
    fn stage(&mut self, guard: Option<Term>, read: Read, judgements: Vec<Judgement>) {
        let at = self.pos;
        self.pos = match &read {
            Read::Fixed { size, .. } if guard.is_none() => at.map(|at| at.saturating_add(*size)),
            Read::Const { bytes, .. } if guard.is_none() => {
                at.map(|at| at.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX)))
            }
            Read::Peek { .. } => at,
            _ => None,
        };
        let stage = Stage { guard, read, judgements, actions: Vec::new(), at };
        match self.stages.last_mut() {
            Some(before) if before.takes(&stage) => before.take(stage),
            Some(_) | None => self.stages.push(stage),
        }
    }

    fn accept(&self, slot: SlotId, accept: Accept, (low, high): (i128, i128)) -> Option<Judgement> {
        let class = match accept {
            Accept::Any => return None,
            Accept::Const(_) => "bad-const",
            Accept::Range(least, most) if least <= low && most >= high => return None,
            Accept::Range(..) => "out-of-range",
            Accept::Enum(id) => {
                let named: &EnumDef = self.plan.enums.get(id.0)?;
                if named.other.is_some() {
                    return None;
                }
                "bad-enum"
            }
        };
        Some(Judgement::Accept { slot, accept, class, after: self.after(slot) })
    }

    /// Whether the value of a slot passes.
    fn passes(&self, slot: SlotId, accept: Accept) -> Option<Term> {
        let value = || Box::new(Expr::Slot(slot));
        let with = |operator, number| Expr::Binary(operator, value(), Box::new(Expr::Int(number)));
        let join = |operator, left, right| Expr::Binary(operator, Box::new(left), Box::new(right));
        let holds = match accept {
            Accept::Any => return None,
            Accept::Const(constant) => with(Binary::Eq, constant),
            Accept::Range(0, high) => with(Binary::Le, high),
            Accept::Range(low, high) => join(Binary::AndAlso, with(Binary::Ge, low), with(Binary::Le, high)),
            Accept::Enum(id) => {
                let members = self.plan.enums.get(id.0)?.members.iter().map(|(member, _)| with(Binary::Eq, *member));
                members.reduce(|one, other| join(Binary::OrElse, one, other))?
            }
        };
        Some(Term::new(&holds, &self.all))
    }

    fn after(&self, slot: SlotId) -> AfterValue {
        if self.decides_size(slot) { AfterValue::Close } else { AfterValue::Policy }
    }

    /// Whether a frame's size follows from this slot: it is a length, part of a condition, or a piece of an integer whose end it tells.
    fn decides_size(&self, slot: SlotId) -> bool {
        self.plan.slot(slot).is_some_and(|slot| matches!(slot.source, Source::Piece(_)))
            || self.plan.regions.iter().any(|region| region.length == slot)
            || self.plan.ops.iter().filter(|op| !matches!(op.kind, OpKind::Check(..))).any(|op| {
                let guard = op.guard.as_ref().map(|guard| self.term(guard));
                guard.is_some_and(|guard| guard.reads(slot))
            })
    }

    /// A bound's guard: besides its own, that the length is there.
    fn and_present(&self, guard: Option<&Expr>, region: Option<RegionId>) -> Option<Term> {
        let region = region.and_then(|region| self.plan.region(region));
        let length = region.and_then(|region| self.guards.get(region.length.0).copied().flatten().cloned());
        let present = both(length, region.and_then(crate::plan::Region::counts));
        match (guard, present.as_ref()) {
            (Some(guard), Some(present)) if guard != present => {
                let both = Expr::Binary(Binary::AndAlso, Box::new(present.clone()), Box::new(guard.clone()));
                Some(self.term(&both))
            }
            (Some(one), _) | (None, Some(one)) => Some(self.term(one)),
            (None, None) => None,
        }
    }

    /// What a range, or the frame, has room for, and how much of that lies behind.
    fn left(&self, region: Option<RegionId>) -> (Amount, Amount) {
        let pos = self.pos.map_or(Amount::Pos, |pos| Amount::Bytes(i128::from(pos)));
        let Some(region) = region else {
            let most = Amount::Bytes(i128::from(self.plan.max_frame));
            return (self.plan.nested().map_or(most, |_| Amount::Most), pos);
        };
        let inside = match self.begins.get(region.0) {
            Some(Begin::At(begin)) => less(pos, Amount::Bytes(i128::from(*begin))),
            Some(Begin::Kept) => less(pos, Amount::Begin(region)),
            Some(Begin::Later) | None => Amount::Bytes(0),
        };
        (Amount::Claimed(region), inside)
    }

    fn room(&self, bound: &Bound) -> Amount {
        let (have, inside) = self.left(bound.region);
        less(have, sum(vec![inside, self.size(&bound.tail)]))
    }

    /// The plan never has more than one bound here.
    fn rooms(&self, bounds: &[Bound]) -> Amount {
        bounds.first().map_or(Amount::Bytes(CLAIM_MOST), |bound| self.room(bound))
    }

    fn size(&self, size: &SizeExpr) -> Amount {
        let mut terms = vec![Amount::Bytes(i128::from(size.fixed))];
        for term in &size.terms {
            terms.push(match term {
                SizeTerm::Whole(region) => Amount::Claimed(*region),
                SizeTerm::Rest(region) => {
                    let (have, inside) = self.left(Some(*region));
                    Amount::AtLeast0(Box::new(less(have, inside)))
                }
                SizeTerm::If(condition, size) => Amount::If(self.term(condition), Box::new(self.size(size))),
            });
        }
        sum(terms)
    }
}

impl Stage {
    /// The slot whose bytes are its last, where any slot's are.
    pub(in crate::backends) fn last_slot(&self) -> Option<SlotId> {
        match &self.read {
            Read::Const { slot, .. }
            | Read::Rest { slot, .. }
            | Read::Until { slot, .. }
            | Read::Msgpack { slot, .. }
            | Read::Peek { slot, .. } => Some(*slot),
            Read::Fixed { words, spans, .. } => {
                let word = words.last().map(|word| {
                    let slot = match &word.parts {
                        WordParts::Whole(slot) => Some(*slot),
                        WordParts::Bits(parts) => parts.last().map(|(slot, _, _)| *slot),
                    };
                    (word.offset, slot)
                });
                let span = spans.last().map(|span| (span.offset, Some(span.slot)));
                word.into_iter().chain(span).max_by_key(|(offset, _)| *offset).and_then(|(_, slot)| slot)
            }
            Read::Align { .. } => None,
        }
    }

    /// Whether another stage's bytes can be awaited together with this one's.
    fn takes(&self, next: &Self) -> bool {
        let small = |stage: &Self| match &stage.read {
            Read::Fixed { size, .. } => stage.guard.is_none() && *size <= SMALL,
            _ => false,
        };
        let nothing_between = self.judgements.is_empty() && self.actions.is_empty();
        // Content is judged by the stage's own bytes.
        let whole = |judgement: &Judgement| matches!(judgement, Judgement::Content { .. } | Judgement::Decimal { .. });
        let whole = next.judgements.iter().any(whole);
        small(self) && small(next) && nothing_between && !whole
    }

    fn take(&mut self, next: Self) {
        if let (Read::Fixed { size, words, spans }, Read::Fixed { size: more, words: new, spans: newer }) =
            (&mut self.read, next.read)
        {
            let offset = *size;
            words.extend(new.into_iter().map(|word| Word { offset, ..word }));
            spans.extend(newer.into_iter().map(|span| Span { offset, ..span }));
            *size = size.saturating_add(more);
        }
        self.judgements = next.judgements;
        self.actions = next.actions;
    }
}

impl Amount {
    /// Whether it hangs on a slot's value.
    pub(in crate::backends) fn reads(&self, slot: SlotId) -> bool {
        match self {
            Self::Bytes(_) | Self::Most | Self::Claimed(_) | Self::Pos | Self::Begin(_) | Self::Mark(_) => false,
            Self::Count(term) => term.reads(slot),
            Self::Sum(terms) => terms.iter().any(|term| term.reads(slot)),
            Self::Less(have, less) => have.reads(slot) || less.reads(slot),
            Self::AtLeast0(inner) => inner.reads(slot),
            Self::If(guard, inner) => guard.reads(slot) || inner.reads(slot),
        }
    }

    /// Whether it hangs on the offset in the frame.
    pub(in crate::backends) fn reads_pos(&self) -> bool {
        match self {
            Self::Bytes(_) | Self::Most | Self::Count(_) | Self::Claimed(_) | Self::Begin(_) | Self::Mark(_) => false,
            Self::Pos => true,
            Self::Sum(terms) => terms.iter().any(Self::reads_pos),
            Self::Less(have, less) => have.reads_pos() || less.reads_pos(),
            Self::AtLeast0(inner) | Self::If(_, inner) => inner.reads_pos(),
        }
    }
}

/// Whether a decoder must know a place: where an integer stands it need not, for it has its value.
fn judged_by(sum: &Sum, mark: MarkId) -> bool {
    sum.at == mark && sum.algorithm.is_digest()
        || sum.parts.iter().any(|part| matches!(part, SumPart::Bytes(from, to) if *from == mark || *to == mark))
}

fn too_little(bounds: &[Bound]) -> &'static str {
    let region = bounds.first().and_then(|bound| bound.region);
    if region.is_some() { "length-too-small" } else { "frame-too-large" }
}

fn sum(amounts: Vec<Amount>) -> Amount {
    let (mut fixed, mut terms) = (0_i128, Vec::new());
    for amount in amounts {
        match amount {
            Amount::Bytes(bytes) => fixed = fixed.saturating_add(bytes),
            Amount::Sum(inner) => {
                for term in inner {
                    match term {
                        Amount::Bytes(bytes) => fixed = fixed.saturating_add(bytes),
                        other => terms.push(other),
                    }
                }
            }
            other => terms.push(other),
        }
    }
    if fixed != 0 {
        terms.insert(0, Amount::Bytes(fixed));
    }
    match terms.len() {
        0 => Amount::Bytes(0),
        1 => terms.remove(0),
        _ => Amount::Sum(terms),
    }
}

fn less(have: Amount, less: Amount) -> Amount {
    match (have, less) {
        (have, Amount::Bytes(0)) => have,
        (Amount::Bytes(have), Amount::Bytes(less)) => Amount::Bytes(have.saturating_sub(less)),
        (have, less) => Amount::Less(Box::new(have), Box::new(less)),
    }
}

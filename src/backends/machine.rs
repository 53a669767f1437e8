//! A plan as generated decoders and encoders work through it: stages instead of ops.
//!
//! A stage is a run of bytes that is awaited as a whole and then judged, with all that is certain once it is complete. What an op leaves
//! to be found out when a frame is read, and follows from the spec alone, is decided here: which offsets are the same in all
//! frames, which ranges have begun, what a refusal leads to. Nothing here knows a language.

use super::term::Term;
use crate::plan::{
    Accept, Binary, Bound, Codec, Content, Decimal, Demand, EnumDef, Expr, IntType, MarkId, OnReject, Op, OpKind,
    Oversize, PadSize, Plan, RegionId, Size, SizeExpr, SizeTerm, SlotId, Source, Sum, SumId, SumPart, both,
};

/// Spans of fixed size up to this many bytes are read together with what stands next to them.
const SMALL: u64 = 64;

/// Claims beyond this many bytes are taken for this many: no frame comes near, and sums of them stay exact in 53 bits.
pub(super) const CLAIM_MOST: i128 = 1 << 48;

/// What a generated codec does, in order.
#[derive(Debug)]
pub(super) struct Machine<'p> {
    pub(super) plan: &'p Plan,
    /// In wire order.
    pub(super) stages: Vec<Stage>,
    /// In wire order: what the encoder writes.
    pub(super) parts: Vec<Part>,
    /// By slot: the smallest and the largest value that an expression can meet, 0 for absence included.
    pub(super) bounds: Vec<(i128, i128)>,
    /// By slot: when it is there; nothing where it always is.
    pub(super) guards: Vec<Option<Term>>,
    /// By value of the session: what it is behind a frame; nothing where it stays.
    pub(super) session: Vec<Option<Term>>,
    /// By checksum.
    pub(super) sums: Vec<Summed>,
}

/// A run of bytes that is awaited as a whole.
#[derive(Debug)]
pub(super) struct Stage {
    /// The bytes are absent where this is 0. The actions are taken all the same.
    pub(super) guard: Option<Term>,
    pub(super) read: Read,
    /// Judged in order at the last byte.
    pub(super) judgements: Vec<Judgement>,
    pub(super) actions: Vec<Action>,
    /// Offset in the frame of its first byte, where that is the same in all frames.
    pub(super) at: Option<u64>,
}

/// How the end of a stage is found.
#[derive(Debug)]
pub(super) enum Read {
    /// Judged byte by byte.
    Const { slot: SlotId, bytes: Vec<u8>, after: AfterValue },
    /// Words and spans next to each other; bytes of neither are ignored.
    Fixed { size: u64, words: Vec<Word>, spans: Vec<Span> },
    /// As many bytes as a length leaves.
    Rest { slot: SlotId, size: Amount },
    /// Through a delimiter. `room`: delimiter included.
    Until { slot: SlotId, delimiters: Vec<Vec<u8>>, kept: bool, max: Option<u64>, room: Amount },
    /// One MessagePack object. Too large for its room is `class`.
    Msgpack { slot: SlotId, room: Amount, class: &'static str },
    /// Padding up to a multiple. Too large for its room is `class`, at the byte before the padding.
    Align { to: u64, room: Amount, class: &'static str },
}

/// An integer on the wire, and what it is made of: itself, or the parts of a bit group.
#[derive(Debug)]
pub(super) struct Word {
    /// From the stage's first byte.
    pub(super) offset: u64,
    pub(super) int: IntType,
    pub(super) parts: WordParts,
}

#[derive(Debug)]
pub(super) enum WordParts {
    Whole(SlotId),
    /// Slot, shift and width of each part that has a name.
    Bits(Vec<(SlotId, u8, u8)>),
}

/// Bytes of fixed size.
#[derive(Debug)]
pub(super) struct Span {
    pub(super) slot: SlotId,
    /// From the stage's first byte.
    pub(super) offset: u64,
    pub(super) size: u64,
}

/// What is judged once a stage is complete.
#[derive(Debug)]
pub(super) enum Judgement {
    /// An integer.
    Accept { slot: SlotId, accept: Accept, class: &'static str, after: AfterValue },
    /// The stage's bytes.
    Content { slot: SlotId, content: Content },
    /// The stage's bytes, which are digits; then there is a value.
    Decimal { slot: SlotId, decimal: Decimal, after: AfterValue },
}

/// What is certain once a stage is complete. `at` of a refusal is the last byte before.
#[derive(Debug)]
pub(super) struct Action {
    pub(super) guard: Option<Term>,
    pub(super) kind: ActionKind,
}

#[derive(Debug)]
pub(super) enum ActionKind {
    /// A counted range begins here, at an offset that differs from frame to frame.
    Open(RegionId),
    /// A length has been read: what it claims. Below 0 is `length-too-small`.
    Claim(RegionId),
    /// More than there can be is refused by `class`; where `exact`, less by `out-of-range`.
    Fit { need: Amount, have: Amount, class: &'static str, exact: bool, whole: bool },
    /// An integer in pieces has been read: its value.
    Let { slot: SlotId, value: Term },
    /// 0 is refused as `class`.
    Check { holds: Term, class: &'static str, after: AfterValue },
    /// A checksum names this place, at an offset that differs from frame to frame.
    Mark(MarkId),
    /// A checksum that is another is refused.
    Sum(SumId),
}

/// A checksum.
#[derive(Debug)]
pub(super) struct Summed {
    /// Where its field is.
    pub(super) at: Amount,
    pub(super) parts: Vec<SummedPart>,
}

/// What a checksum is computed from.
#[derive(Debug)]
pub(super) enum SummedPart {
    /// The frame's bytes from one offset to another.
    Bytes(Amount, Amount),
    Zeros,
    /// The low 8 bits of a value.
    Byte(Term),
}

/// A number of bytes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Amount {
    Bytes(i128),
    /// What a length claims; 0 where the length is absent.
    Claimed(RegionId),
    /// Offset in the frame: behind the stage for its actions, before it for its size.
    Pos,
    /// Offset in the frame of a range's first byte.
    Begin(RegionId),
    /// Offset in the frame of a place.
    Mark(MarkId),
    Sum(Vec<Self>),
    Less(Box<Self>, Box<Self>),
    AtLeast0(Box<Self>),
    If(Term, Box<Self>),
}

/// Where decoding goes on after a value was refused, as far as the spec tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AfterValue {
    /// As the policy says.
    Policy,
    /// The frame's size hangs on the value, so that it cannot be skipped.
    Close,
}

/// What the encoder writes, in wire order.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) guard: Option<Term>,
    pub(super) opens: Vec<RegionId>,
    pub(super) kind: PartKind,
    pub(super) closes: Vec<RegionId>,
}

#[derive(Debug)]
pub(super) enum PartKind {
    Int {
        slot: SlotId,
        int: IntType,
    },
    /// An integer in pieces, which stand behind it here, or a value of the session. No bytes of its own.
    Let {
        slot: SlotId,
    },
    Const {
        slot: SlotId,
        bytes: Vec<u8>,
    },
    Bits {
        int: IntType,
        parts: Vec<crate::plan::BitPart>,
    },
    Fixed {
        slot: SlotId,
        size: u64,
    },
    Rest {
        slot: SlotId,
    },
    Until {
        slot: SlotId,
        delimiters: Vec<Vec<u8>>,
        kept: bool,
        max: Option<u64>,
    },
    /// Digits, so many, or as few as can be and a delimiter.
    Decimal {
        slot: SlotId,
        width: Option<u8>,
        delimiter: Vec<u8>,
    },
    Msgpack {
        slot: SlotId,
    },
    Pad(PadSize),
    /// A checksum names this place. No bytes.
    Mark(MarkId),
}

impl<'p> Machine<'p> {
    pub(super) fn new(plan: &'p Plan) -> Self {
        let guards = guards(plan);
        let bounds = bounds(plan, &guards);
        let mut builder = Builder {
            plan,
            bounds: &bounds,
            all: plan.slots.iter().map(crate::plan::Slot::bounds).collect(),
            guards: &guards,
            stages: Vec::new(),
            pos: Some(0),
            begins: vec![Begin::Later; plan.regions.len()],
            marks: vec![Begin::Later; plan.marks],
        };
        for op in &plan.ops {
            builder.op(op);
        }
        let sums = plan.sums.iter().map(|sum| builder.summed(sum)).collect();
        let stages = builder.stages;
        let term = |guard: &Expr| Term::new(guard, &bounds);
        let session = plan.session.iter().map(|carried| carried.then.as_ref().map(term)).collect();
        let parts = parts(plan, &term);
        let guards = guards.iter().map(|guard| guard.map(|guard| Term::new(guard, &bounds))).collect();
        Self { plan, stages, parts, bounds, guards, session, sums }
    }

    /// What the policy may read on of a refused frame: until its size is known.
    pub(super) fn mutes(&self) -> bool {
        self.plan.policy.on_reject == OnReject::Skip || self.plan.policy.oversize == Oversize::Skip
    }

    /// The constant that is searched for after a reject.
    pub(super) fn resync(&self) -> Option<&[u8]> {
        match self.stages.first().map(|stage| &stage.read) {
            Some(Read::Const { bytes, .. }) if self.plan.policy.on_reject == OnReject::Resync => Some(bytes),
            _ => None,
        }
    }

    /// The delimiters at the end of a frame, where frames that are too large are skipped up to them.
    pub(super) fn last_delimiters(&self) -> Option<&[Vec<u8>]> {
        self.plan.last_delimiters().filter(|_| self.plan.policy.oversize == Oversize::Skip)
    }

    /// Whether what the encoder has put together may still be refused by a decoder: by a check, a codec or a room.
    pub(super) fn rechecks(&self) -> bool {
        let text = |slot: SlotId| matches!(self.plan.slot(slot).map(|slot| slot.kind), Some(crate::plan::Kind::Text));
        self.plan.ops.iter().any(|op| match &op.kind {
            OpKind::Check(_, Demand::Check) | OpKind::Pad { size: PadSize::Align(_), .. } => true,
            OpKind::Bytes { content: Content::Decimal(_), .. } => false,
            OpKind::Msgpack { .. } => !self.plan.regions.is_empty(),
            OpKind::Bytes { slot, size, content } => {
                let delimited = matches!(size, Size::Until { .. }) && !self.plan.regions.is_empty();
                delimited || *content != Content::Always(Codec::Raw) && !text(*slot)
            }
            OpKind::Fit { .. } | OpKind::Claim(_) => op.guard.is_some(),
            OpKind::Carry { .. }
            | OpKind::Int { .. }
            | OpKind::Let { .. }
            | OpKind::Check(_, Demand::Minimal)
            | OpKind::Const { .. }
            | OpKind::Bits { .. }
            | OpKind::Pad { .. }
            | OpKind::Open(_)
            | OpKind::Close(_)
            | OpKind::Mark(_)
            | OpKind::Sum(_) => false,
        })
    }

    /// The codecs that judge a body, as often as they do.
    pub(super) fn codecs(&self) -> Vec<Codec> {
        let contents = self.plan.ops.iter().filter_map(|op| match &op.kind {
            OpKind::Bytes { content, .. } => Some(content),
            _ => None,
        });
        contents
            .flat_map(|content| match content {
                Content::Always(codec) => vec![*codec],
                Content::By(_, rows) => rows.iter().map(|(_, codec)| *codec).collect(),
                Content::Decimal(_) => Vec::new(),
            })
            .collect()
    }
}

/// Where a range begins.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Begin {
    /// Behind what was read so far.
    Later,
    /// At the same offset in all frames.
    At(u64),
    /// At an offset that is kept.
    Kept,
}

struct Builder<'a, 'p> {
    plan: &'p Plan,
    bounds: &'a [(i128, i128)],
    /// The same, whatever of it is refused.
    all: Vec<(i128, i128)>,
    guards: &'a [Option<&'p Expr>],
    stages: Vec<Stage>,
    /// Offset of what comes next, where that is the same in all frames.
    pos: Option<u64>,
    begins: Vec<Begin>,
    marks: Vec<Begin>,
}

impl<'p> Builder<'_, 'p> {
    fn term(&self, expr: &Expr) -> Term {
        Term::new(expr, self.bounds)
    }

    fn op(&mut self, op: &'p Op) {
        let guard = op.guard.as_ref().map(|guard| self.term(guard));
        match &op.kind {
            // It is there before the first byte.
            OpKind::Carry { .. } => {}
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

    fn summed(&self, sum: &Sum) -> Summed {
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
        let Some(region) = region else { return (Amount::Bytes(i128::from(self.plan.max_frame)), pos) };
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
    pub(super) fn last_slot(&self) -> Option<SlotId> {
        match &self.read {
            Read::Const { slot, .. }
            | Read::Rest { slot, .. }
            | Read::Until { slot, .. }
            | Read::Msgpack { slot, .. } => Some(*slot),
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
    /// Whether it hangs on the offset in the frame.
    pub(super) fn reads_pos(&self) -> bool {
        match self {
            Self::Bytes(_) | Self::Claimed(_) | Self::Begin(_) | Self::Mark(_) => false,
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

/// Something reads or writes it: no padding.
pub(super) fn is_named(slot: &crate::plan::Slot) -> bool {
    !slot.hidden || matches!(slot.source, Source::Piece(_) | Source::Length(_))
}

/// By slot: the condition of its op.
pub(super) fn guards(plan: &Plan) -> Vec<Option<&Expr>> {
    let mut guards = vec![None; plan.slots.len()];
    for op in &plan.ops {
        for slot in op.kind.slots() {
            if let Some(place) = guards.get_mut(slot.0) {
                *place = op.guard.as_ref();
            }
        }
    }
    guards
}

fn bounds(plan: &Plan, guards: &[Option<&Expr>]) -> Vec<(i128, i128)> {
    let mut bounds = vec![(0, 0); plan.slots.len()];
    for (index, slot) in plan.slots.iter().enumerate() {
        if let (Source::Const(value), Some(place)) = (&slot.source, bounds.get_mut(index)) {
            *place = (*value, *value);
        }
    }
    for integer in plan.ops.iter().flat_map(|op| op.kind.integers()) {
        if let Some(place) = bounds.get_mut(integer.slot.0) {
            *place = match integer.accept {
                Accept::Range(low, high) => (low, high),
                Accept::Const(value) => (value, value),
                Accept::Any | Accept::Enum(_) => integer.bounds,
            };
        }
    }
    for (place, guard) in bounds.iter_mut().zip(guards) {
        if guard.is_some() {
            *place = (place.0.min(0), place.1.max(0));
        }
    }
    bounds
}

/// The parts that have bytes, with the ranges that begin and end at them.
fn parts(plan: &Plan, term: &impl Fn(&Expr) -> Term) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut opens = Vec::new();
    for op in &plan.ops {
        let kind = match &op.kind {
            // Zeros, until it is computed.
            OpKind::Int { slot, int, .. } if plan.is_sum(*slot) => PartKind::Pad(PadSize::Fixed(u64::from(int.bytes))),
            OpKind::Bytes { slot, size: Size::Fixed(size), .. } if plan.is_sum(*slot) => {
                PartKind::Pad(PadSize::Fixed(*size))
            }
            OpKind::Mark(mark) => {
                let opens = Vec::new();
                parts.push(Part { guard: None, opens, kind: PartKind::Mark(*mark), closes: Vec::new() });
                continue;
            }
            OpKind::Carry { slot, .. } => PartKind::Let { slot: *slot },
            OpKind::Int { slot, int, accept: _ } => PartKind::Int { slot: *slot, int: *int },
            OpKind::Let { slot, pieces, .. } => {
                let part = Part {
                    guard: op.guard.as_ref().map(term),
                    opens: Vec::new(),
                    kind: PartKind::Let { slot: *slot },
                    closes: Vec::new(),
                };
                let of = |part: &Part| matches!(part.kind, PartKind::Int { slot, .. } if pieces.contains(&slot));
                let first = parts.iter().position(of).unwrap_or(parts.len());
                // A range that begins with the pieces begins with it.
                let opens = parts.get_mut(first).map(|part| std::mem::take(&mut part.opens)).unwrap_or_default();
                parts.insert(first, Part { opens, ..part });
                continue;
            }
            OpKind::Const { slot, bytes } => PartKind::Const { slot: *slot, bytes: bytes.clone() },
            OpKind::Bits { int, parts } => PartKind::Bits { int: *int, parts: parts.clone() },
            OpKind::Bytes { slot, size, content: Content::Decimal(decimal) } => match size {
                Size::Until { delimiters, .. } => PartKind::Decimal {
                    slot: *slot,
                    width: None,
                    delimiter: delimiters.first().cloned().unwrap_or_default(),
                },
                Size::Fixed(_) | Size::Rest(_) => {
                    PartKind::Decimal { slot: *slot, width: Some(decimal.digits), delimiter: Vec::new() }
                }
            },
            OpKind::Bytes { slot, size, content: _ } => match size {
                Size::Fixed(size) => PartKind::Fixed { slot: *slot, size: *size },
                Size::Rest(_) => PartKind::Rest { slot: *slot },
                Size::Until { delimiters, kept, max, room: _ } => {
                    PartKind::Until { slot: *slot, delimiters: delimiters.clone(), kept: *kept, max: *max }
                }
            },
            OpKind::Msgpack { slot, room: _ } => PartKind::Msgpack { slot: *slot },
            OpKind::Pad { size, .. } => PartKind::Pad(*size),
            OpKind::Open(region) => {
                opens.push(*region);
                continue;
            }
            OpKind::Close(region) => {
                let bytes = |part: &&mut Part| !matches!(part.kind, PartKind::Mark(_));
                if let Some(part) = parts.iter_mut().rev().find(bytes) {
                    part.closes.push(*region);
                }
                continue;
            }
            OpKind::Claim(_) | OpKind::Fit { .. } | OpKind::Check(..) | OpKind::Sum(_) => continue,
        };
        let guard = op.guard.as_ref().map(term);
        parts.push(Part { guard, opens: std::mem::take(&mut opens), kind, closes: Vec::new() });
    }
    parts
}

//! A plan as generated decoders and encoders work through it: stages instead of ops.
//!
//! A stage is a run of bytes that is awaited as a whole and then judged, with all that is certain once it is complete. What an op leaves
//! to be found out when a frame is read, and follows from the spec alone, is decided here: which offsets are the same in all
//! frames, which ranges have begun, what a refusal leads to. Nothing here knows a language.

mod builder;
mod parts;

use builder::{Begin, Builder};
use parts::parts;

use super::term::Term;
use crate::plan::{
    Accept, Ahead, Binary, Bound, Codec, Content, Decimal, Demand, EnumDef, Expr, IntType, MarkId, OnReject, Op,
    OpKind, Oversize, PadSize, Plan, RegionId, Size, SizeExpr, SizeTerm, SlotId, Source, Sum, SumId, SumPart, both,
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
    /// The frames inside a frame.
    pub(super) inside: Option<Inside>,
    /// Where the keys are that bodies are judged with.
    pub(super) keys: Vec<(SlotId, Amount)>,
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
    /// Nothing: what comes next tells the value.
    Peek { slot: SlotId, texts: Vec<Vec<u8>>, ahead: Ahead, others: bool, room: Amount, after: AfterValue },
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
    /// A checksum names this place, or a key stands here, at an offset that differs from frame to frame.
    Mark(MarkId),
    /// A checksum that is another is refused.
    Sum(SumId),
}

/// The frames inside a frame: behind its last stage the stages begin again.
#[derive(Debug)]
pub(super) struct Inside {
    pub(super) slot: SlotId,
    /// How many there are.
    pub(super) times: Amount,
    /// How deep they are nested at most.
    pub(super) deep: u8,
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
    /// What the frame may have: less than the largest one, where it stands inside another.
    Most,
    /// The value of an expression, no amount of bytes.
    Count(Term),
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
    Frames {
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
            keys: keys(plan).into_iter().map(|key| (key, Begin::Later)).collect(),
        };
        for op in &plan.ops {
            builder.op(op);
        }
        let sums = plan.sums.iter().map(|sum| builder.summed(sum)).collect();
        let keys = builder.placed_keys();
        let inside = builder.nested();
        let stages = builder.stages;
        let term = |guard: &Expr| Term::new(guard, &bounds);
        let session = plan.session.iter().map(|carried| carried.then.as_ref().map(term)).collect();
        let parts = parts(plan, &term);
        let guards = guards.iter().map(|guard| guard.map(|guard| Term::new(guard, &bounds))).collect();
        Self { plan, stages, parts, bounds, guards, session, sums, inside, keys }
    }

    /// How many places of a frame have a name: those that the plan marks, and those of keys.
    pub(super) fn marks(&self) -> usize {
        self.plan.marks.saturating_add(self.keys.len())
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
            OpKind::Check(_, Demand::Check) | OpKind::Pad { size: PadSize::Align(_), .. } | OpKind::Peek { .. } => true,
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
            | OpKind::Frames { .. }
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

/// Something reads or writes it: no padding.
pub(super) fn is_named(slot: &crate::plan::Slot) -> bool {
    !slot.hidden || matches!(slot.source, Source::Piece(_) | Source::Length(_))
}

/// The keys that must be known before a frame is complete: with them bodies are judged.
fn keys(plan: &Plan) -> Vec<SlotId> {
    let mut keys = Vec::new();
    for op in &plan.ops {
        if let OpKind::Bytes { slot, content, .. } = &op.kind
            && *content != Content::Always(Codec::Raw)
            && let Some(key) = plan.slot(*slot).and_then(|slot| slot.mask)
            && !keys.contains(&key)
        {
            keys.push(key);
        }
    }
    keys
}

/// By slot: the condition of its op.
fn guards(plan: &Plan) -> Vec<Option<&Expr>> {
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

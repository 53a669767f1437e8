//! `Plan`: the flat program that alone decides a protocol's bytes.
//!
//! Everything to the right of the model reads only this. A plan is a list of [`Op`]s in wire order. Each op that has bytes
//! belongs to one field (or one bit group); the zero-width ones ([`OpKind::Open`], [`OpKind::Claim`], [`OpKind::Fit`], …) say where a counted
//! range begins, what a length claims and which sizes that makes impossible. A new construct is a new op, or a new
//! variant of [`Size`], [`Source`] or [`Accept`].
//!
//! Offsets and sizes are in bytes. `at` of a reject by a zero-width op is the last byte consumed before it.

pub mod diagram;
pub mod framing;
pub mod geometry;
pub mod import;
mod lower;
pub mod peers;
mod session;
mod tokens;
pub(crate) mod words;

pub use lower::lower;
pub use tokens::{Token, dictionary, tokens};

pub use crate::model::{
    ALGORITHMS, Accept, Ahead, Algorithm, Binary, BitPart, Carried, Codec, Content, Crc, Decimal, Demand, Emit, Endian,
    EnumDef, EnumId, Expr, IntType, Kind, OnReject, Oversize, PEEKED, PadSize, Peers, Policy, Region, RegionId,
    Sentinel, SizeExpr, SizeTerm, Slot, SlotId, Source, SumId, Unary, both,
};

/// A protocol, ready for decoding, encoding and generation.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The protocol's name.
    pub name: String,
    /// Its doc string, or nothing.
    pub doc: String,
    /// Bytes of the largest whole frame that is let through. It decides which reject an impossible size gets, so it is what the spec says.
    pub max_frame: u64,
    /// Bytes of the largest whole frame that there can be: `max_frame`, or less where the types allow no more.
    pub largest: u64,
    /// Bytes of the smallest whole frame; at least 1.
    pub min_frame: u64,
    /// Enums in order of declaration.
    pub enums: Vec<EnumDef>,
    /// Every named value in wire order, and the hidden length prefixes.
    pub slots: Vec<Slot>,
    /// Every counted range.
    pub regions: Vec<Region>,
    /// The values that live from frame to frame.
    pub session: Vec<Carried>,
    /// Every checksum: each behind those that it covers.
    pub sums: Vec<Sum>,
    /// How many places of a frame are marked.
    pub marks: usize,
    /// The program, in wire order.
    pub ops: Vec<Op>,
    /// What a frame-level user is handed.
    pub emit: Emit,
    /// How decoding goes on after a reject.
    pub policy: Policy,
    /// What a peer's settings say beyond the bytes, kept so that an import can be shown again.
    pub peers: Peers,
}

/// One step of the program.
#[derive(Clone, Debug, PartialEq)]
pub struct Op {
    /// The op is passed over where this is 0. Its slots come earlier.
    pub guard: Option<Expr>,
    /// What is done.
    pub kind: OpKind,
}

/// What an op does.
#[derive(Clone, Debug, PartialEq)]
pub enum OpKind {
    /// A value of the session: it is what it was after the frame before. All of them come first.
    Carry {
        /// Its slot.
        slot: SlotId,
        /// Its type.
        int: IntType,
        /// Which values pass: those that it can have.
        accept: Accept,
    },
    /// An integer: read, then judged at its last byte.
    Int {
        /// Its slot.
        slot: SlotId,
        /// Its bytes.
        int: IntType,
        /// Which values pass.
        accept: Accept,
    },
    /// A constant, integer or bytes, as its wire bytes: judged byte by byte. Never empty.
    Const {
        /// Its slot.
        slot: SlotId,
        /// The bytes in wire order.
        bytes: Vec<u8>,
    },
    /// A bit group: one unsigned integer; its parts are judged in order at its last byte.
    Bits {
        /// The group's bytes, unsigned.
        int: IntType,
        /// Its parts in the order of the spec.
        parts: Vec<BitPart>,
    },
    /// Bytes or text, judged at the last byte.
    Bytes {
        /// Its slot.
        slot: SlotId,
        /// How many.
        size: Size,
        /// Which contents pass.
        content: Content,
    },
    /// One self-delimiting MessagePack object.
    Msgpack {
        /// Its slot.
        slot: SlotId,
        /// It may take at most what each of these leaves; more is `frame-too-large` (no region) or `length-too-small`.
        room: Vec<Bound>,
    },
    /// Frames of this very protocol, the last op of a plan: its other ops once more for each, whose own such op says how many more
    /// there are. Offsets and values in them begin anew. One that stands too deep is `bad-body`, and too many for what `max_frame` leaves are
    /// `frame-too-large`, both at the last byte before them; no frame of these may use what those behind it need at least.
    Frames {
        /// Its slot: the bytes of them all.
        slot: SlotId,
        /// How many; none where this is less than 1.
        times: Expr,
        /// How deep they are nested at most; at least 1.
        deep: u8,
    },
    /// Ignored bytes, written as zero.
    Pad {
        /// Its slot, hidden.
        slot: SlotId,
        /// How many.
        size: PadSize,
        /// Of alignment: it may take at most what each of these leaves; more is refused like a msgpack object that is too
        /// large, at the byte before the padding.
        room: Vec<Bound>,
    },
    /// A counted range begins here.
    Open(RegionId),
    /// A counted range ends here. That it ends exactly here was made sure by a [`OpKind::Fit`] or a [`Size::Rest`] before.
    Close(RegionId),
    /// The region's length has just been read: counted = value × unit − plus; negative is `length-too-small`.
    Claim(RegionId),
    /// What is known now must fit.
    Fit {
        /// What bounds, and what must still follow.
        bound: Bound,
        /// The tail is exact, not a lower bound. Of a region: more than the tail left is `out-of-range`. Of the frame: its
        /// whole size is known from here on, which `oversize: skip` needs.
        exact: bool,
    },
    /// An integer that was read in pieces, which end here: its value, from those; then it is judged.
    Let {
        /// Its slot.
        slot: SlotId,
        /// Bits of its largest value; 1 to 64.
        bits: u8,
        /// The value.
        value: Expr,
        /// The pieces that are its own bytes, in wire order; some may be absent.
        pieces: Vec<SlotId>,
        /// Which values pass.
        accept: Accept,
    },
    /// An integer without bytes: what those that come next tell, which are not taken by it. A field that they are part of is judged at the
    /// last byte looked at, where its own is an earlier one.
    Peek {
        /// Its slot.
        slot: SlotId,
        /// The enum of its texts: it has that member's value.
        accept: Accept,
        /// Never empty, none empty. Of [`Ahead::Next`] none begins another; else as delimiters are.
        texts: Vec<Vec<u8>>,
        /// How they are looked for.
        ahead: Ahead,
        /// Of [`Ahead::Next`]: other bytes have the value behind those of the texts. Else they are `bad-enum`, at the first that no text has.
        others: bool,
        /// No byte behind this is looked at.
        room: Bound,
    },
    /// The expression must not be 0.
    Check(Expr, Demand),
    /// This place of the frame is one that a checksum names.
    Mark(MarkId),
    /// All that a checksum covers has come, and so has the checksum: else `bad-checksum`.
    Sum(SumId),
}

/// A place of a frame: one of as many as a plan has marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MarkId(pub usize);

/// A checksum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// What is covered, in the spec's words.
    pub what: String,
    /// The field that holds it: an integer, decimal digits or bytes.
    pub slot: SlotId,
    /// The first byte of that field.
    pub at: MarkId,
    /// How it is computed.
    pub algorithm: Algorithm,
    /// What it is computed from, in order.
    pub parts: Vec<SumPart>,
}

/// Bytes that a checksum is computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SumPart {
    /// Those of the frame from one place to another.
    Bytes(MarkId, MarkId),
    /// So many zeros.
    Zeros(u64),
    /// The low 8 bits of a value.
    Byte(Expr),
}

/// An integer that an op reads, constants of whole bytes aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Integer {
    /// Its slot.
    pub slot: SlotId,
    /// Which values pass.
    pub accept: Accept,
    /// The smallest and the largest value of its type.
    pub bounds: (i128, i128),
}

/// The frames inside a frame: see [`OpKind::Frames`].
#[derive(Clone, Copy, Debug)]
pub struct Nested<'p> {
    /// The slot of their bytes.
    pub slot: SlotId,
    /// There are none where this is 0.
    pub guard: Option<&'p Expr>,
    /// How many there are.
    pub times: &'p Expr,
    /// How deep they are nested at most.
    pub deep: u8,
}

impl OpKind {
    /// It stands for bytes on the wire.
    #[must_use]
    pub fn has_bytes(&self) -> bool {
        !self.slots().is_empty() && !matches!(self, Self::Carry { .. } | Self::Let { .. } | Self::Peek { .. })
    }

    /// The integers that it reads, in the order of the spec.
    #[must_use]
    pub fn integers(&self) -> Vec<Integer> {
        match self {
            Self::Carry { slot, int, accept } | Self::Int { slot, int, accept } => {
                vec![Integer { slot: *slot, accept: *accept, bounds: int.bounds() }]
            }
            Self::Bits { parts, .. } => {
                let part = |part: &BitPart| Integer { slot: part.slot, accept: part.accept, bounds: part.bounds() };
                parts.iter().map(part).collect()
            }
            Self::Let { slot, bits, accept, .. } => {
                let bounds = (0, 1_i128.wrapping_shl(u32::from(*bits)).wrapping_sub(1));
                vec![Integer { slot: *slot, accept: *accept, bounds }]
            }
            Self::Peek { slot, accept, .. } => {
                vec![Integer { slot: *slot, accept: *accept, bounds: PEEKED.bounds() }]
            }
            Self::Bytes { slot, content: Content::Decimal(decimal), .. } => {
                vec![Integer { slot: *slot, accept: decimal.accept, bounds: decimal.bounds() }]
            }
            Self::Const { .. }
            | Self::Bytes { .. }
            | Self::Msgpack { .. }
            | Self::Frames { .. }
            | Self::Pad { .. }
            | Self::Open(_)
            | Self::Close(_)
            | Self::Claim(_)
            | Self::Fit { .. }
            | Self::Check(..)
            | Self::Mark(_)
            | Self::Sum(_) => Vec::new(),
        }
    }

    /// The pieces that end with it; none of anything but an integer that is written so.
    #[must_use]
    pub fn pieces(&self) -> &[SlotId] {
        if let Self::Let { pieces, .. } = self { pieces } else { &[] }
    }

    /// The slots that its bytes fill, in the order of the spec.
    #[must_use]
    pub fn slots(&self) -> Vec<SlotId> {
        match self {
            Self::Carry { slot, .. }
            | Self::Int { slot, .. }
            | Self::Const { slot, .. }
            | Self::Bytes { slot, .. }
            | Self::Msgpack { slot, .. }
            | Self::Frames { slot, .. }
            | Self::Pad { slot, .. }
            | Self::Let { slot, .. }
            | Self::Peek { slot, .. } => vec![*slot],
            Self::Bits { parts, .. } => parts.iter().map(|part| part.slot).collect(),
            Self::Open(_)
            | Self::Close(_)
            | Self::Claim(_)
            | Self::Fit { .. }
            | Self::Check(..)
            | Self::Mark(_)
            | Self::Sum(_) => Vec::new(),
        }
    }
}

/// How many bytes a field has.
#[derive(Clone, Debug, PartialEq)]
pub enum Size {
    /// So many.
    Fixed(u64),
    /// What is left of a region after its tail is set aside.
    Rest(Bound),
    /// Up to a delimiter.
    Until {
        /// Never empty, none empty, none inside another except as its end.
        delimiters: Vec<Vec<u8>>,
        /// The delimiter is part of the value.
        kept: bool,
        /// Bytes of content at most.
        max: Option<u64>,
        /// Content and delimiter may take at most what each of these leaves.
        room: Vec<Bound>,
    },
}

/// What is left of a region from here, and what must follow in it.
///
/// The rest of the frame (`region: None`) is `max_frame` less what was consumed; the rest of a region is its claimed end less the
/// position, or the whole claim where it has not begun.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// A region that has been claimed, or the frame.
    pub region: Option<RegionId>,
    /// Bytes that must still follow inside it, after the field at hand.
    pub tail: SizeExpr,
}

impl Plan {
    /// The slot of an id of this plan.
    #[must_use]
    pub fn slot(&self, id: SlotId) -> Option<&Slot> {
        self.slots.get(id.0)
    }

    /// The delimiters that alone end a frame: no length tells its size. Through them a refused frame is skipped.
    #[must_use]
    pub fn last_delimiters(&self) -> Option<&[Vec<u8>]> {
        let last = self.ops.iter().rev().find(|op| op.kind.has_bytes())?;
        match &last.kind {
            OpKind::Bytes { size: Size::Until { delimiters, .. }, .. } if self.regions.is_empty() => Some(delimiters),
            _ => None,
        }
    }

    /// The constant that every frame begins with, and the index of its op.
    #[must_use]
    pub fn first_constant(&self) -> Option<(usize, &[u8])> {
        let (index, first) = self.ops.iter().enumerate().find(|(_, op)| op.kind.has_bytes())?;
        match &first.kind {
            OpKind::Const { bytes, .. } if first.guard.is_none() => Some((index, bytes)),
            _ => None,
        }
    }

    /// The frames inside a frame, if there can be any.
    #[must_use]
    pub fn nested(&self) -> Option<Nested<'_>> {
        let last = self.ops.last()?;
        let OpKind::Frames { slot, times, deep } = &last.kind else { return None };
        Some(Nested { slot: *slot, guard: last.guard.as_ref(), times, deep: *deep })
    }

    /// How many frames stand inside one that has these values.
    #[must_use]
    pub fn frames_inside(&self, value: &impl Fn(SlotId) -> i128) -> u64 {
        let nested = self.nested().filter(|nested| nested.guard.is_none_or(|guard| guard.eval(value) != 0));
        let times = nested.map_or(0, |nested| nested.times.eval(value));
        u64::try_from(times.max(0)).unwrap_or(u64::MAX)
    }

    /// The checksum of an id of this plan.
    #[must_use]
    pub fn sum(&self, id: SumId) -> Option<&Sum> {
        self.sums.get(id.0)
    }

    /// Whether a slot is computed from the frame's bytes.
    pub(crate) fn is_sum(&self, id: SlotId) -> bool {
        self.slot(id).is_some_and(|slot| matches!(slot.source, Source::Sum(_)))
    }

    /// The region of an id of this plan.
    #[must_use]
    pub fn region(&self, id: RegionId) -> Option<&Region> {
        self.regions.get(id.0)
    }
}

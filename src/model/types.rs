//! The words of the model that a plan keeps: slots, counted ranges, values that pass, expressions, sizes.

/// Index of a [`Slot`] in a plan's slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotId(pub usize);

/// Index of a [`Region`] in a plan's regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionId(pub usize);

/// Index of a [`Checksum`] in a plan's checksums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SumId(pub usize);

/// Index of an [`EnumDef`] in a plan's enums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnumId(pub usize);

/// A named set of integers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumDef {
    /// Its name.
    pub name: String,
    /// Value and name of each member, in order of declaration.
    pub members: Vec<(i128, String)>,
    /// The name for all other values, if they pass (`_: other`).
    pub other: Option<String>,
    /// Of an enum of texts: those of the members 0, 1, …; one more member stands for everything else.
    pub texts: Vec<Vec<u8>>,
}

/// What bytes tell that are looked at and not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// Which of the texts they begin with.
    Next,
    /// Which of the texts occurs first, behind at most so many bytes.
    First {
        /// Bytes in front of it at most.
        max: Option<u64>,
    },
}

/// One named value of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The field's name; of a hidden prefix, the name of its field.
    pub name: String,
    /// Its doc string, or nothing.
    pub doc: String,
    /// What its values are.
    pub kind: Kind,
    /// Where the encoder takes its value from.
    pub source: Source,
    /// The enum that names its values.
    pub names: Option<EnumId>,
    /// A length prefix (`bytes u16`) or padding: never part of a frame's [`Fields`](crate::value::Fields).
    pub hidden: bool,
    /// The field of fixed size whose bytes, in turn, its own are combined with on the wire by exclusive or; with none where that is absent.
    pub mask: Option<SlotId>,
}

/// The kind of a slot's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An integer of whole bytes.
    Int(IntType),
    /// An unsigned integer of this many bits, 64 at most: of a bit group, or written in pieces.
    Bits(u8),
    /// Bytes.
    Bytes,
    /// UTF-8 text.
    Text,
}

/// Where the encoder takes a slot's value from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The caller gives it.
    Input,
    /// An integer constant.
    Const(i128),
    /// A constant of bytes.
    Bytes(Vec<u8>),
    /// The size of a region.
    Length(RegionId),
    /// Zero: padding.
    Zero,
    /// Computed from other slots: a piece of an integer that is written in several.
    Piece(Expr),
    /// Computed from the frame's bytes.
    Sum(SumId),
}

/// An integer of 1 to 8 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntType {
    /// 1 to 8.
    pub bytes: u8,
    /// Two's complement.
    pub signed: bool,
    /// Byte order.
    pub endian: Endian,
}

impl IntType {
    /// The bytes of a value in wire order; of one that does not fit, those of its low bits.
    #[must_use]
    pub fn to_wire(self, value: i128) -> Vec<u8> {
        let count = usize::from(self.bytes.min(8));
        let bytes = value.to_le_bytes().into_iter().take(count);
        match self.endian {
            Endian::Little => bytes.collect(),
            Endian::Big => bytes.rev().collect(),
        }
    }

    /// The smallest and the largest value.
    #[must_use]
    pub fn bounds(self) -> (i128, i128) {
        let bits = u32::from(self.bytes).saturating_mul(8).min(64);
        let span = 1_i128.wrapping_shl(bits);
        if self.signed {
            ((span >> 1_u32).wrapping_neg(), (span >> 1_u32).wrapping_sub(1))
        } else {
            (0, span.wrapping_sub(1))
        }
    }
}

/// What a peek tells.
pub const PEEKED: IntType = IntType { bytes: 1, signed: false, endian: Endian::Big };

/// Byte order of an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endian {
    /// Most significant byte first.
    Big,
    /// Least significant byte first.
    Little,
}

/// A range of bytes that a length field counts: value × unit = counted + plus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// What is counted, in the spec's words: `body`, `a..b`, `frame`.
    pub what: String,
    /// The length's slot.
    pub length: SlotId,
    /// Added to the bytes counted.
    pub plus: i64,
    /// Bytes per unit of the value; at least 1.
    pub unit: u64,
    /// The value that says that there is nothing to count.
    pub sentinel: Option<Sentinel>,
}

/// A value of a length that counts nothing: the field is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentinel {
    /// The value; as a length it would be none.
    pub value: i128,
    /// The field's slot.
    pub field: SlotId,
}

impl Sentinel {
    /// A value that the length can have, as far as it tells whether the field is there.
    pub(crate) fn told(self, there: bool) -> i128 {
        if there { i128::from(self.value == 0) } else { self.value }
    }
}

impl Region {
    /// When its length counts something: it is not the sentinel.
    #[must_use]
    pub fn counts(&self) -> Option<Expr> {
        let value = self.sentinel?.value;
        Some(Expr::Binary(Binary::Ne, Box::new(Expr::Slot(self.length)), Box::new(Expr::Int(value))))
    }
}

/// Both conditions.
#[must_use]
pub fn both(one: Option<Expr>, other: Option<Expr>) -> Option<Expr> {
    match (one, other) {
        (Some(one), Some(other)) => Some(Expr::Binary(Binary::AndAlso, Box::new(one), Box::new(other))),
        (one, other) => one.or(other),
    }
}

/// A part of a bit group.
#[derive(Clone, Debug, PartialEq)]
pub struct BitPart {
    /// Its slot; of padding a hidden one.
    pub slot: SlotId,
    /// How far its lowest bit lies above the group's lowest.
    pub shift: u8,
    /// 1 to 63.
    pub width: u8,
    /// Which values pass.
    pub accept: Accept,
}

impl BitPart {
    /// The smallest and the largest value.
    #[must_use]
    pub fn bounds(&self) -> (i128, i128) {
        (0, 1_i128.wrapping_shl(u32::from(self.width.min(63))).wrapping_sub(1))
    }
}

/// Which integers pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// All.
    Any,
    /// One: else `bad-const`. Only in bit groups; elsewhere a constant is an a constant op.
    Const(i128),
    /// `min..=max`: else `out-of-range`.
    Range(i128, i128),
    /// A member, or any where the enum has an `other`: else `bad-enum`.
    Enum(EnumId),
}

/// How many bytes of padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PadSize {
    /// So many.
    Fixed(u64),
    /// Up to the next multiple of this, from the frame's start; at least 1.
    Align(u64),
}

/// A size in bytes made of what is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SizeExpr {
    /// Bytes known when the spec is read.
    pub fixed: u64,
    /// Bytes known when the frame is read.
    pub terms: Vec<SizeTerm>,
}

/// A summand of a size.
#[derive(Clone, Debug, PartialEq)]
pub enum SizeTerm {
    /// All that a region claims; it has not begun. 0 where its length was absent.
    Whole(RegionId),
    /// What is left of a region that has begun.
    Rest(RegionId),
    /// The size where the expression is not 0, else nothing.
    If(Expr, SizeExpr),
}

/// Which contents pass: else `bad-body` at the last byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// By one codec.
    Always(Codec),
    /// By the value of an integer slot; values without a row are raw.
    By(SlotId, Vec<(i128, Codec)>),
    /// An integer in decimal digits.
    Decimal(Decimal),
}

/// An integer in decimal digits: ASCII, most significant first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// Digits at most, 1 to 18; of a field of fixed size, just so many.
    pub digits: u8,
    /// A `-` may stand in front.
    pub signed: bool,
    /// No zero in front of another digit, and no `-0`: else `non-minimal`.
    pub minimal: bool,
    /// Which values pass.
    pub accept: Accept,
}

impl Decimal {
    /// The smallest and the largest value.
    #[must_use]
    pub fn bounds(self) -> (i128, i128) {
        let most = 10_i128.wrapping_pow(u32::from(self.digits.min(18))).wrapping_sub(1);
        (if self.signed { most.wrapping_neg() } else { 0 }, most)
    }
}

/// How a body is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// Not at all.
    Raw,
    /// UTF-8.
    Utf8,
    /// One JSON text (RFC 8259), at most 128 deep.
    Json,
    /// Exactly one MessagePack object.
    Msgpack,
}

impl Accept {
    /// Whether all values from `low` to `high` pass.
    pub(crate) fn takes(self, enums: &[EnumDef], low: i128, high: i128) -> bool {
        match self {
            Self::Any => true,
            Self::Const(value) => low == value && high == value,
            Self::Range(least, most) => least <= low && high <= most,
            Self::Enum(id) => enums.get(id.0).is_some_and(|named| {
                let member = |value: i128| named.members.iter().any(|(member, _)| *member == value);
                named.other.is_some() || (high.saturating_sub(low) < 256 && (low..=high).all(member))
            }),
        }
    }
}

/// A value that lives from frame to frame and has no bytes: a phase, a role, what was agreed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Its slot.
    pub slot: SlotId,
    /// Its value for the first frame of a stream.
    pub from: i128,
    /// Its value for the frame behind, from those of a frame: 0 of what is absent, that of the session before. Without, it stays. A frame
    /// that is refused changes nothing.
    pub then: Option<Expr>,
}

/// An integer expression. Every value lies in −2^63 … 2^64−1; validation proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// A constant.
    Int(i128),
    /// The value of an earlier integer slot; 0 where it is absent.
    Slot(SlotId),
    /// An operator before its operand.
    Unary(Unary, Box<Expr>),
    /// An operator between its operands.
    Binary(Binary, Box<Expr>, Box<Expr>),
}

/// Operators before an operand. `Not` gives 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// `-`
    Neg,
    /// `!`
    Not,
    /// `~`: minus the operand, minus 1.
    Invert,
}

/// Operators between operands. Comparisons and `&&`, `||` give 0 or 1; `/` and `%` truncate towards zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the operators")]
pub enum Binary {
    Mul,
    Div,
    Rem,
    Add,
    Sub,
    Shl,
    Shr,
    And,
    Xor,
    Or,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    AndAlso,
    OrElse,
}

/// Why a check refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// The spec has it: `bad-check`.
    Check,
    /// An integer is to be written as short as can be: `non-minimal`.
    Minimal,
}

/// What a frame-level user is handed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emit {
    /// All bytes.
    Frame,
    /// The value of one slot; nothing where it is absent.
    Value(SlotId),
    /// From the first wire byte of one slot through the last of another, delimiters included. It begins with the hidden slot of the
    /// length in front of a field that has its own.
    Span(SlotId, SlotId),
    /// All but the first so many.
    Strip(u64),
}

/// How decoding goes on after a reject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// After `frame-too-large` and `delimiter-too-far`.
    pub oversize: Oversize,
    /// After a reject of a value.
    pub on_reject: OnReject,
}

/// After a frame that is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oversize {
    /// The stream is over.
    Close,
    /// The frame is discarded and decoding goes on.
    Skip,
}

/// After a refused value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnReject {
    /// The stream is over.
    Close,
    /// The frame is discarded by its size.
    Skip,
    /// The next occurrence of the first constant is searched for.
    Resync,
}

/// Settings of peers that say more than the bytes do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Peers {
    /// Swoole's `package_length_type`, where several have the same bytes.
    pub swoole: Option<char>,
}

/// The values of Swoole's `package_length_type`: letter, bytes, two's complement, byte order. Those in the machine's order are taken as little-endian, and
/// stand behind the letter that means the same bytes on every machine.
pub const SWOOLE_PACKS: &[(char, u8, bool, Endian)] = &[
    ('c', 1, true, Endian::Little),
    ('C', 1, false, Endian::Little),
    ('s', 2, true, Endian::Little),
    ('n', 2, false, Endian::Big),
    ('v', 2, false, Endian::Little),
    ('S', 2, false, Endian::Little),
    ('l', 4, true, Endian::Little),
    ('N', 4, false, Endian::Big),
    ('V', 4, false, Endian::Little),
    ('L', 4, false, Endian::Little),
    ('q', 8, true, Endian::Little),
    ('J', 8, false, Endian::Big),
    ('P', 8, false, Endian::Little),
    ('Q', 8, false, Endian::Little),
];

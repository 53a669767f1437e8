//! What a template prints: a [`Machine`] in a language's words. Templates loop over it and decide nothing.

mod writer;

pub(super) use writer::unique_name;

use std::collections::BTreeSet;

use serde::Serialize;

/// A protocol in a language's words.
#[derive(Debug, Serialize)]
pub(super) struct View {
    /// The spec's name.
    pub(super) name: String,
    pub(super) doc: String,
    /// The name as a type and as a variable.
    pub(super) type_name: String,
    pub(super) variable: String,
    max_frame: u64,
    min_frame: u64,
    pub(super) enums: Vec<EnumView>,
    /// In wire order, hidden length prefixes and padding included.
    pub(super) slots: Vec<SlotView>,
    /// The values that live from frame to frame.
    session: Vec<CarriedView>,
    regions: Vec<RegionView>,
    stages: Vec<StageView>,
    /// Bytes of the leading stages that are the same in all frames: so many can be looked at together.
    pub(super) head: u64,
    /// Something in them is looked at.
    head_read: bool,
    /// They are few and none of them is a body: where only some have come, those can be judged each time that more come.
    ladder: bool,
    parts: Vec<PartView>,
    policy: PolicyView,
    /// Codecs that some body needs.
    codecs: Vec<&'static str>,
    /// Some field is in decimal digits; some of those has a sign.
    decimals: bool,
    signed_decimals: bool,
    /// Some stage is of this kind: `const`, `fixed`, `rest`, `until`, `msgpack`, `align`, `peek`.
    kinds: BTreeSet<&'static str>,
    /// The encoder must let its own decoder judge what it wrote.
    rechecks: bool,
    /// Some stream is refused.
    refuses: bool,
    /// Some body is judged by its codec, text aside.
    judges: bool,
    /// Lengths in pieces, the last one first: their sizes are part of what encloses them.
    growing: Vec<GrowingView>,
    /// The places that checksums name, and those of keys.
    marks: Vec<MarkView>,
    /// The frames inside a frame.
    nested: Option<NestedView>,
    /// Each behind those that it covers.
    sums: Vec<SumView>,
    /// How the checksums are computed.
    algorithms: Vec<AlgorithmView>,
    /// The encoder's parts by how they are written.
    runs: Vec<RunView>,
    /// Some input is bytes or text.
    pub(super) has_bytes: bool,
    /// The slots whose values follow from what comes next: the encoder must find that those are told again.
    peeks: Vec<usize>,
    /// Some field is masked; some of those is text.
    pub(super) masks: bool,
    masks_text: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct EnumView {
    /// The spec's name.
    pub(super) raw: String,
    pub(super) name: String,
    pub(super) members: Vec<MemberView>,
    /// The spec's name for other values; nothing where they are refused.
    other_raw: Option<String>,
    other: Option<String>,
    /// Type, bits and sign of the widest slot that it names.
    int_type: String,
    bits: u8,
    signed: bool,
    pub(super) used: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct MemberView {
    pub(super) raw: String,
    pub(super) name: String,
    /// In digits.
    value: String,
    literal: String,
}

#[derive(Debug, Serialize)]
pub(super) struct SlotView {
    id: usize,
    /// The spec's name.
    pub(super) raw: String,
    /// A variable's name, unlike any other of the protocol.
    name: String,
    /// As its user names it.
    property: String,
    pub(super) constant: String,
    doc: String,
    /// Of the user's concern: no length prefix, no padding.
    pub(super) visible: bool,
    /// `int`, `bytes` or `text`.
    pub(super) kind: &'static str,
    /// `input`, `length`, `const`, `pad`, `piece` or `sum`.
    pub(super) role: &'static str,
    /// It is a value of the session.
    carried: bool,
    /// Bits on the wire; 0 for bytes.
    wire_bits: u8,
    /// Bits and sign of the type that holds it: 8, 16, 32 or 64.
    bits: u8,
    signed: bool,
    int_type: String,
    /// More than 53 bits: a string in JSON.
    wide: bool,
    /// The smallest and the largest value on the wire, in digits and as literals.
    low: String,
    high: String,
    low_literal: String,
    high_literal: String,
    /// The type holds values below or above those.
    roomy_low: bool,
    roomy_high: bool,
    /// Index of its enum.
    named: Option<usize>,
    /// When it is there; nothing where it always is.
    guard: Option<Rendered>,
    /// Of a constant: an integer's literal, or that of bytes; and the bytes.
    pub(super) value: Option<String>,
    /// The same in digits, or in hex.
    pub(super) digits: Option<String>,
    /// Which of its values pass; nothing where all do.
    passes: Option<JudgementView>,
    /// It bounds a region: the region's index.
    region: Option<usize>,
    /// Of a length: the value that says that the field which it counts is absent.
    sentinel: Option<SentinelView>,
    /// What its bytes are masked with.
    mask: Option<MaskView>,
    /// What it is written in, where that is in pieces.
    pieces: Vec<PieceView>,
    /// Whether some field is there, or how many frames are inside, hangs on it.
    in_guard: bool,
    /// Whether some constant is there hangs on it.
    in_const_guard: bool,
    /// An expression or a region reads it, so a decoder must hold it before the frame is complete.
    read: bool,
}

impl SlotView {
    /// The variable of a slot that is masked.
    pub(super) fn unmasked(&self) -> Option<&str> {
        self.mask.as_ref().map(|_| self.name.as_str())
    }
}

/// A value of the session. Its slot is an input of the encoder, and has no bytes.
#[derive(Debug, Serialize)]
struct CarriedView {
    slot: usize,
    /// Its value for the first frame: as a literal of its type, and in digits.
    from: String,
    digits: String,
    /// The member of its enum that has this value.
    member: Option<String>,
    /// Its value behind a frame, as its type takes it; nothing where it stays.
    then: Option<Rendered>,
}

/// A value of a length that says that a field is absent. The encoder knows whether that is given before it knows the length, and conditions
/// read the length: till then it has this value, or another.
#[derive(Debug, Serialize)]
struct SentinelView {
    /// The slot of the field, whose condition is that the length is there and has another value.
    field: usize,
    /// The value, and one that is another, as literals.
    value: String,
    other: String,
}

/// The key of a masked field. Where that is absent, the bytes stand as they are.
#[derive(Debug, Serialize)]
struct MaskView {
    /// The slot of the key, and its bytes.
    key: usize,
    size: u64,
    /// Where a decoder finds the key in a frame that is not complete; nothing where it need not know before.
    at: Option<Rendered>,
}

/// A piece of an integer.
#[derive(Debug, Serialize)]
struct PieceView {
    slot: usize,
    /// Its value, from that of the integer.
    value: String,
    /// When it is there.
    guard: Option<String>,
    /// Its bytes; 0 of a part of a bit group.
    size: u64,
}

/// A place of the frame that a checksum names, or where a key is.
#[derive(Debug, Serialize)]
struct MarkView {
    /// The variable of its offset.
    name: String,
    /// It must be kept while decoding, for it differs from frame to frame.
    kept: bool,
}

/// The frames inside a frame: behind its last stage the stages begin again.
#[derive(Debug, Serialize)]
struct NestedView {
    /// The slot of their bytes.
    slot: usize,
    /// How many there are: 0 or more.
    times: Rendered,
    /// How deep they are nested at most.
    deep: u8,
    /// The variable of what the frame at hand may have: the largest frame's bytes, or what is left of those around it.
    most: String,
}

/// A checksum.
#[derive(Debug, Serialize)]
struct SumView {
    slot: usize,
    algorithm: usize,
    /// `int`, `decimal` or `bytes`.
    kind: &'static str,
    /// Bytes of its field; byte order of an integer.
    size: u64,
    little: bool,
    /// Offset in the frame of its field: while decoding, and the encoder's mark.
    at: Rendered,
    at_mark: usize,
    parts: Vec<SumPartView>,
}

#[derive(Debug, Serialize)]
struct SumPartView {
    /// `bytes`, `zeros` or `byte`.
    kind: &'static str,
    /// Of `bytes`: offsets in the frame while decoding, and the encoder's marks.
    from: Option<Rendered>,
    to: Option<Rendered>,
    from_mark: usize,
    to_mark: usize,
    /// Of `zeros`.
    count: u64,
    /// Of `byte`: a value whose low 8 bits it is, or those where the language writes expressions in its own way.
    value: Option<Rendered>,
}

#[derive(Debug, Serialize)]
struct AlgorithmView {
    /// Its name in the catalogue.
    raw: &'static str,
    /// A function's and a constant's name, unlike any other of the protocol.
    name: String,
    constant: String,
    /// `crc`, `sum8`, `xor8`, `sha256` or `sha256d`.
    kind: &'static str,
    /// Bits of what it gives.
    bits: u32,
    /// Of `crc`: see [`Crc::table`](crate::plan::Crc::table).
    reflected: bool,
    table: Vec<u32>,
    start: u32,
    xorout: u32,
    /// 32 less its bits.
    spare: u32,
}

/// A length in pieces.
#[derive(Debug, Serialize)]
struct GrowingView {
    slot: usize,
    /// Of decimal digits: the bytes of the delimiter.
    delimiter: Option<usize>,
    /// The ranges that its bytes are part of.
    around: Vec<usize>,
}

#[derive(Debug, Serialize)]
struct RegionView {
    /// Index of the length's slot.
    length: usize,
    /// What is counted, in the spec's words.
    what: String,
    /// Variables of what the length claims, and of where the range begins.
    claim: String,
    begin: String,
    /// value × unit = bytes + plus.
    plus: i64,
    unit: u64,
    /// Values beyond this, or below its negative, count as this, or its negative; nothing where there is none.
    threshold: Option<u64>,
    /// A value can claim less than 0 bytes.
    can_be_negative: bool,
    /// Its beginning must be kept while decoding, for it differs from frame to frame.
    kept: bool,
}

/// An expression in both scopes.
#[derive(Debug, Serialize)]
struct Rendered {
    held: String,
    local: String,
}

#[derive(Debug, Serialize)]
struct StageView {
    index: usize,
    /// A type's name, unlike that of any other stage: after its last field.
    name: String,
    /// The spec's name of its last field.
    raw: String,
    guard: Option<Rendered>,
    /// `const`, `fixed`, `rest`, `until`, `msgpack`, `align` or `peek`.
    kind: &'static str,
    /// Slot of its bytes, for all but `fixed` and `align`.
    slot: Option<usize>,
    /// Of `const` and `fixed`: bytes. Of `align`: the multiple.
    size: Option<u64>,
    /// Of `const`: the literal.
    bytes: Option<String>,
    /// Of `peek`: the first text to come is looked for, else the one that comes next; other bytes have a value too.
    first: bool,
    others: bool,
    /// Of `const` and `peek`: the frame's size hangs on it, so that it cannot be skipped where it is wrong.
    closes: bool,
    /// The same as numbers.
    octets: Vec<u8>,
    words: Vec<WordView>,
    spans: Vec<SpanView>,
    /// Of `rest`: bytes. Of `until`, `msgpack`, `align`: how many there may be. Of `peek`: how many are looked at at most.
    amount: Option<Rendered>,
    /// Of `msgpack` and `align`: what too little room is.
    class: Option<&'static str>,
    /// Of `until`, and the texts of `peek`.
    delimiters: Vec<DelimiterView>,
    kept: bool,
    max: Option<u64>,
    longest: u64,
    judgements: Vec<JudgementView>,
    actions: Vec<ActionView>,
    /// `amount` reads the offset of the stage; some action reads that of its end.
    amount_reads_pos: bool,
    actions_read_pos: bool,
    /// Offset in the frame, where that is always the same.
    at: Option<u64>,
    /// It belongs to the head.
    in_head: bool,
    /// Nothing is decided at its end, so that it can be awaited together with the next stage, whose `lead` it is part of.
    joins: bool,
    /// Bytes of the stages before it that join it.
    lead: u64,
    last: bool,
}

#[derive(Debug, Serialize)]
struct DelimiterView {
    literal: String,
    octets: Vec<u8>,
    size: usize,
}

#[derive(Debug, Serialize)]
struct WordView {
    offset: u64,
    /// Of the word on the wire.
    bytes: u8,
    signed: bool,
    little: bool,
    /// Slot of a word that is one integer.
    slot: Option<usize>,
    parts: Vec<BitView>,
    /// Bits of the type that holds the word: 8, 16, 32 or 64.
    bits: u8,
}

#[derive(Debug, Serialize)]
struct BitView {
    slot: usize,
    shift: u8,
    width: u8,
    /// 2^width − 1.
    mask: u64,
}

#[derive(Debug, Serialize)]
struct SpanView {
    slot: usize,
    offset: u64,
    size: u64,
}

#[derive(Debug, Serialize)]
struct JudgementView {
    /// `value`, `range`, `enum`, `content` or `decimal`.
    kind: &'static str,
    slot: usize,
    class: &'static str,
    /// Of `range`: the least and most that pass, as literals; nothing where the type has no other.
    low: Option<String>,
    high: Option<String>,
    /// Of `value`: what passes.
    value: Option<String>,
    /// Of `enum`: what passes.
    members: Vec<String>,
    named: Option<usize>,
    /// Of `content`: the codec, where it is always the same.
    codec: Option<&'static str>,
    /// Of `content`: which slot tells, and the codec of each of its values; others are raw.
    by: Option<usize>,
    rows: Vec<RowView>,
    /// The frame's size hangs on the value: it cannot be skipped.
    closes: bool,
    /// Of `decimal`: digits at most; a sign may stand in front; more digits than needed are refused.
    digits: u8,
    signed: bool,
    minimal: bool,
}

#[derive(Debug, Serialize)]
struct RowView {
    value: String,
    codec: &'static str,
}

#[derive(Debug, Serialize)]
struct ActionView {
    guard: Option<Rendered>,
    /// `open`, `claim`, `fit`, `let`, `check`, `mark`, `key` or `sum`. A `key` is a mark that only a frame that is not complete needs.
    kind: &'static str,
    /// Of `mark`, `key` and `sum`.
    mark: Option<usize>,
    sum: Option<usize>,
    /// Of `open` and `claim`.
    region: Option<usize>,
    /// Of `fit`: bytes needed and bytes there are.
    need: Option<Rendered>,
    have: Option<Rendered>,
    class: Option<&'static str>,
    exact: bool,
    /// `need` is the whole frame's size.
    whole: bool,
    /// Of `let`: the slot and its value.
    slot: Option<usize>,
    value: Option<Rendered>,
    /// Of `check`: must hold.
    condition: Option<Rendered>,
    /// Of `check`: must not hold, where that is how it is said.
    fails: Option<Rendered>,
    /// Of `check`: the frame's size hangs on what is refused.
    closes: bool,
}

#[derive(Debug, Serialize)]
struct PartView {
    guard: Option<String>,
    /// Indices of regions.
    opens: Vec<usize>,
    closes: Vec<usize>,
    /// `int`, `const`, `bits`, `fixed`, `rest`, `until`, `msgpack`, `frames`, `pad`, `align`, `decimal`; `let` and `mark` have no bytes. A checksum
    /// is a `pad` until it is computed.
    kind: &'static str,
    mark: Option<usize>,
    slot: Option<usize>,
    /// A piece of a length: its bytes are counted once that is known.
    late: bool,
    /// Of `decimal`: so many digits; nothing where a delimiter follows.
    width: Option<u8>,
    /// Of `int` and `bits`: bytes on the wire. Of `const`, `fixed` and `pad`: bytes. Of `align`: the multiple.
    size: u64,
    little: bool,
    signed: bool,
    /// Bits of the type that holds a bit group.
    bits: u8,
    bytes: Option<String>,
    octets: Vec<u8>,
    delimiters: Vec<DelimiterView>,
    kept: bool,
    max: Option<u64>,
    parts: Vec<BitView>,
}

/// Parts that are always there and of fixed size, written at once; or a single other part.
#[derive(Debug, Serialize)]
struct RunView {
    /// Bytes of all of them; nothing of a single part whose size varies, or that may be absent.
    size: Option<u64>,
    parts: Vec<PlacedView>,
}

#[derive(Debug, Serialize)]
struct PlacedView {
    /// Index of the part.
    part: usize,
    /// From the run's first byte.
    offset: u64,
}

#[derive(Debug, Serialize)]
struct PolicyView {
    skip_oversize: bool,
    /// `close`, `skip` or `resync`.
    on_reject: &'static str,
    /// Something may be read on after a refusal, until its size is known.
    mutes: bool,
    /// The constant that is searched for.
    resync: Option<Vec<u8>>,
    resync_literal: Option<String>,
    /// For its first byte, first two, …: how many of its first bytes those end with, themselves left aside.
    borders: Vec<usize>,
    /// The delimiters up to which frames that are too large are skipped.
    delimiters: Vec<DelimiterView>,
    longest: u64,
}

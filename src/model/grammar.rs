//! The keys and the words of the language, a row each: the parser knows no other, diagnostics offer them, and
//! [`schema`](crate::schema) shows them to editors.
//!
//! Syntax is written as in `spec/README.md`: words in quotes, `[ ]` may be left out, `( )*` comes any number of times, `|` is or.
//! What is in capitals is a row of [`PIECES`]. Without a space between them, two words are written together.

use super::types::{Endian, OnReject, Oversize, SWOOLE_PACKS};

/// A key of a map.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) word: &'static str,
    pub(crate) takes: Takes,
    pub(crate) doc: &'static str,
    /// The section of `spec/README.md`, as a link names it.
    pub(crate) section: &'static str,
    /// Of a key that must be there, an example.
    pub(crate) required: Option<&'static str>,
}

/// What a key takes.
#[derive(Debug)]
pub(crate) enum Takes {
    /// The version of the language.
    Version,
    /// Any text.
    Text,
    /// Text that is such a piece, without space around it.
    Name(&'static str),
    /// Text of this syntax.
    Like(&'static str),
    /// One of a few words, each with its documentation.
    Words(fn() -> Vec<(String, String)>),
    /// A map with these keys.
    Map(&'static [Key]),
    /// Enums by their names.
    Enums,
    /// The entries of the frame.
    Entries,
    /// The values of a session.
    Session,
    /// The parts of a bit group.
    Parts,
    /// The arms of a match by their values.
    Arms,
    /// A type and its modifiers.
    Phrase,
}

/// A type.
#[derive(Debug)]
pub(crate) struct Type {
    /// What a slip of its first word may have been meant for; where several rows have one word, the first has it.
    pub(crate) words: &'static [&'static str],
    pub(crate) syntax: &'static str,
    /// The modifiers that may stand behind it.
    pub(crate) modifiers: &'static [&'static str],
    pub(crate) example: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) section: &'static str,
}

/// A word behind a type; in the map form a key.
#[derive(Debug)]
pub(crate) struct Modifier {
    pub(crate) word: &'static str,
    /// The syntax of what follows the word.
    pub(crate) takes: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) section: &'static str,
}

impl Modifier {
    /// The word as a key.
    pub(crate) fn key(&self) -> &'static str {
        if self.word == "=" { "const" } else { self.word }
    }
}

/// What a name in capitals stands for.
#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) name: &'static str,
    /// A regular expression, which matches whatever the parser takes.
    pub(crate) pattern: &'static str,
    /// What YAML may read it as, if not as text.
    pub(crate) or: &'static [&'static str],
}

const LANGUAGE: &str = "the-language";
const INTEGERS: &str = "integers";
const VARYING: &str = "integers-of-varying-size";
const CONSTANTS: &str = "constants-ranges-enums";
const LENGTHS: &str = "length-fields";
const SIZES: &str = "sizes-without-a-length";
const BIT_GROUPS: &str = "bits";
const CHECKSUMS: &str = "checksums-checks-with";
const SESSIONS: &str = "what-lives-from-frame-to-frame-session";
const PEEKS: &str = "bytes-that-come-next-peek";
const NESTED: &str = "frames-in-frames-frames";
const CONDITIONS: &str = "conditions-and-checks";
const MATCHES: &str = "bodies-by-a-value-match";
const VIA: &str = "bodies-via";
const MASKS: &str = "masked-bytes-xor";
const EMITTED: &str = "what-a-user-is-handed-emit";
const REFUSED: &str = "when-a-frame-is-refused-policy";
const TOLD: &str = "what-peers-are-told-peers";

const fn key(word: &'static str, takes: Takes, doc: &'static str, section: &'static str) -> Key {
    Key { word, takes, doc, section, required: None }
}

const fn required(key: Key, example: &'static str) -> Key {
    Key { required: Some(example), ..key }
}

const fn like(word: &'static str, syntax: &'static str, doc: &'static str, section: &'static str) -> Key {
    key(word, Takes::Like(syntax), doc, section)
}

/// The keys of a spec.
pub(crate) const SPEC: &[Key] = &[
    required(key("framewright", Takes::Version, "Version of the language.", LANGUAGE), "framewright: 1"),
    required(key("name", Takes::Name("PROTOCOL"), "Name of the protocol.", LANGUAGE), "name: my-protocol"),
    key("doc", Takes::Text, "What the protocol is for, as generated documentation shows it.", LANGUAGE),
    key(
        "endian",
        Takes::Words(|| shown(ENDIANS)),
        "Byte order of integers without `be` or `le`: big by default.",
        INTEGERS,
    ),
    like("max_frame", "SIZE", "Bytes of the largest whole wire frame, such as 16 MiB.", LANGUAGE),
    key("enums", Takes::Enums, "Names of the values that integers may have, by the name of the enum.", CONSTANTS),
    key(
        "session",
        Takes::Session,
        "Integers that live from frame to frame, without bytes: phases, roles and what was agreed on.",
        SESSIONS,
    ),
    required(key("frame", Takes::Entries, "The fields in wire order, each a map of one key.", LANGUAGE), "frame:"),
    like(
        "emit",
        r#"FIELD[".."FIELD] | "strip" N"#,
        "What a user of frames is handed: frame (the default), a field, a range a..b, or strip N.",
        EMITTED,
    ),
    key("policy", Takes::Map(POLICY), "How decoding goes on after a reject.", REFUSED),
    key("peers", Takes::Map(PEERS), "Settings of peers that say more than the bytes do.", TOLD),
];

pub(crate) const POLICY: &[Key] = &[
    key("oversize", Takes::Words(|| shown(OVERSIZE)), "After a frame that is too large.", REFUSED),
    key("on_reject", Takes::Words(|| shown(ON_REJECT)), "After a frame that is refused for a value.", REFUSED),
];

pub(crate) const PEERS: &[Key] =
    &[key("swoole", Takes::Words(packs), "Swoole's package_length_type of the length field.", TOLD)];

/// What an entry of the frame may be, other than a field: no field has such a name.
pub(crate) const ENTRY: &[Key] = &[
    key("bits", Takes::Map(BITS), "Bit fields that together are one integer of 1 to 8 bytes.", BIT_GROUPS),
    like("check", "EXPR", "A condition on earlier integers: a frame for which it is 0 is refused.", CONDITIONS),
];

pub(crate) const BITS: &[Key] = &[
    required(
        key(
            "order",
            Takes::Words(|| shown(ORDERS)),
            "From which end of the integer the parts are filled in.",
            BIT_GROUPS,
        ),
        "order: msb",
    ),
    required(key("of", Takes::Parts, "The parts, b1 to b63 or pad bN.", BIT_GROUPS), "of: [ {flag: b1}, {rest: b7} ]"),
    key("endian", Takes::Words(|| shown(ENDIANS)), "Byte order of the group: the file's by default.", BIT_GROUPS),
    like("when", "EXPR", "The group is absent where this is 0.", CONDITIONS),
];

pub(crate) const MATCH: &[Key] = &[
    required(
        like("match", "FIELD", "The earlier integer whose value says which entries follow.", MATCHES),
        "match: kind",
    ),
    required(key("of", Takes::Arms, "The entries for each value.", MATCHES), "of: { open: [ … ], _: [] }"),
];

/// The keys of a field that are no modifiers.
pub(crate) const FIELD: &[Key] = &[
    required(key("type", Takes::Phrase, "The type, with modifiers or without.", "phrases"), "type: u8"),
    key("doc", Takes::Text, "What the field is for, as generated documentation shows it.", LANGUAGE),
];

/// The words behind a type.
pub(crate) const MODIFIERS: &[Modifier] = &[
    Modifier { word: "=", takes: "N | QUOTED", doc: "A constant: the encoder knows it.", section: CONSTANTS },
    Modifier { word: "in", takes: r#"N"..="N"#, doc: "The values that pass, both ends included.", section: CONSTANTS },
    Modifier { word: "as", takes: "ENUM", doc: "The enum that names the values.", section: CONSTANTS },
    Modifier {
        word: "counts",
        takes: r#"FIELD[".."FIELD]"#,
        doc: "A length field: the bytes of a field, of a range a..b, or of the whole frame. The encoder computes it.",
        section: LENGTHS,
    },
    Modifier { word: "plus", takes: "N", doc: "The length is so much more than the bytes counted.", section: LENGTHS },
    Modifier {
        word: "sentinel",
        takes: "N",
        doc: "A value of the length that says that the field it counts is absent.",
        section: LENGTHS,
    },
    Modifier { word: "unit", takes: "N", doc: "Bytes that one unit of the length stands for.", section: LENGTHS },
    Modifier {
        word: "via",
        takes: "FIELD",
        doc: "Codec of the body: raw, utf8, json, msgpack, or an enum field that names it.",
        section: VIA,
    },
    Modifier {
        word: "xor",
        takes: "FIELD",
        doc: "The bytes[N] before, with whose bytes in turn those of this field are combined by exclusive or; where it is absent they are not.",
        section: MASKS,
    },
    Modifier {
        word: "checks",
        takes: r#"FIELD[".."FIELD] ["zeroed"]"#,
        doc: "A checksum field: the bytes of a field, of a range a..b, or of the whole frame; zeroed where they include its own. The encoder computes it.",
        section: CHECKSUMS,
    },
    Modifier { word: "with", takes: "ALGORITHM", doc: "The checksum's algorithm.", section: CHECKSUMS },
    Modifier { word: "from", takes: "EXPR", doc: "Its value for the first frame: a constant.", section: SESSIONS },
    Modifier {
        word: "then",
        takes: "EXPR",
        doc: "Of a session: the value after each frame. Of a checksum: the low byte of this value follows what it covers.",
        section: CHECKSUMS,
    },
    Modifier { word: "times", takes: "EXPR", doc: "How many frames stand in this one.", section: NESTED },
    Modifier {
        word: "when",
        takes: "EXPR",
        doc: "The field is absent where this is 0. Comes last.",
        section: CONDITIONS,
    },
];

/// Behind an integer of whole bytes.
pub(super) const OF_INT: &[&str] =
    &["=", "in", "as", "counts", "plus", "unit", "sentinel", "checks", "with", "then", "when"];
/// Behind so many decimal digits.
pub(super) const OF_DIGITS: &[&str] = &["in", "as", "counts", "plus", "unit", "checks", "with", "then", "when"];
/// Behind an integer of varying size.
pub(super) const OF_VARYING: &[&str] = &["in", "as", "counts", "plus", "unit", "when"];
/// Behind a part of a bit group.
pub(crate) const OF_PART: &[&str] = &["=", "in", "as", "counts", "plus", "unit"];
/// Behind a value of a session.
pub(crate) const OF_SESSION: &[&str] = &["in", "as", "from", "then"];
/// Behind bytes whose size stands elsewhere.
pub(super) const OF_OPEN: &[&str] = &["=", "via", "xor", "when"];
/// Behind text whose size stands elsewhere.
pub(super) const OF_OPEN_TEXT: &[&str] = &["xor", "when"];
/// Behind so many bytes.
pub(super) const OF_FIXED: &[&str] = &["via", "xor", "checks", "with", "then", "when"];
/// Behind bytes with their length in front.
pub(super) const OF_PREFIXED: &[&str] = &["sentinel", "via", "xor", "when"];
/// Behind text with its length in front.
pub(super) const OF_PREFIXED_TEXT: &[&str] = &["sentinel", "xor", "when"];
/// Behind bytes that know their size otherwise.
pub(super) const OF_BYTES: &[&str] = &["via", "when"];
/// Behind a peek.
pub(super) const OF_PEEK: &[&str] = &["as", "when"];
/// Behind nested frames.
pub(super) const OF_FRAMES: &[&str] = &["times", "when"];
/// Behind all else.
pub(super) const OF_ANY: &[&str] = &["when"];

/// The types of fields.
pub(crate) const TYPES: &[Type] = &[
    Type {
        words: &[
            "u8", "u16", "u24", "u32", "u40", "u48", "u56", "u64", "i8", "i16", "i24", "i32", "i40", "i48", "i56",
            "i64",
        ],
        syntax: "INT",
        modifiers: OF_INT,
        example: "u32",
        doc: "An unsigned (u) or signed (i) integer of so many bits; be or le behind it is its byte order.",
        section: INTEGERS,
    },
    Type {
        words: &["bytes"],
        syntax: r#""bytes""#,
        modifiers: OF_OPEN,
        example: "bytes",
        doc: "Bytes whose size follows from the length field that counts them, or of a constant.",
        section: LENGTHS,
    },
    Type {
        words: &[],
        syntax: r#""bytes["N"]""#,
        modifiers: OF_FIXED,
        example: "bytes[16]",
        doc: "Just so many bytes.",
        section: SIZES,
    },
    Type {
        words: &[],
        syntax: r#""bytes" INT"#,
        modifiers: OF_PREFIXED,
        example: "bytes u16",
        doc: "Bytes with their length in front.",
        section: LENGTHS,
    },
    Type {
        words: &[],
        syntax: r#""bytes until" QUOTED ("or" QUOTED)* ["kept"] ["max" N]"#,
        modifiers: OF_BYTES,
        example: r#"bytes until ";""#,
        doc: "Bytes up to a delimiter, which is not part of the value unless kept; max bounds them.",
        section: SIZES,
    },
    Type {
        words: &["str"],
        syntax: r#""str" [INT]"#,
        modifiers: OF_PREFIXED_TEXT,
        example: "str u16",
        doc: "UTF-8 text: with its length in front, or of the size that follows from the length field that counts it.",
        section: LENGTHS,
    },
    Type {
        words: &[],
        syntax: r#""str until" QUOTED ("or" QUOTED)* ["kept"] ["max" N]"#,
        modifiers: OF_ANY,
        example: r#"str until ";""#,
        doc: "UTF-8 text up to a delimiter, which is not part of the value unless kept; max bounds its bytes.",
        section: SIZES,
    },
    Type {
        words: &["msgpack"],
        syntax: r#""msgpack""#,
        modifiers: OF_ANY,
        example: "msgpack",
        doc: "One MessagePack object, which tells where it ends.",
        section: SIZES,
    },
    Type {
        words: &["frames"],
        syntax: r#""frames" ["deep" N]"#,
        modifiers: OF_FRAMES,
        example: "frames deep 8",
        doc: "Frames of this very protocol inside the frame, at its end; deep bounds how far they are nested.",
        section: NESTED,
    },
    Type {
        words: &["pad"],
        syntax: r#""pad["N"]" | "pad to" N"#,
        modifiers: OF_ANY,
        example: "pad to 4",
        doc: "Padding: so many bytes, or up to the next multiple from the frame's start. Written as zero, ignored when read.",
        section: SIZES,
    },
    Type {
        words: &["leb128"],
        syntax: r#""leb128" ["max" N] ["minimal"]"#,
        modifiers: OF_VARYING,
        example: "leb128 max 4 minimal",
        doc: "An unsigned integer of seven bits a byte, the lowest first; max is its most bytes.",
        section: VARYING,
    },
    Type {
        words: &["escape"],
        syntax: r#""escape" (INT | FIELD) N UINT ["plus" N] ("or" N UINT ["plus" N])* ["minimal"]"#,
        modifiers: OF_VARYING,
        example: "escape u8 253 u16le or 254 u32le or 255 u64le",
        doc: "A short integer that is the value itself, or a mark behind which the value stands in a longer one.",
        section: VARYING,
    },
    Type {
        words: &["ascii"],
        syntax: r#""ascii["N"]""#,
        modifiers: OF_DIGITS,
        example: "ascii[3]",
        doc: "An unsigned integer in just so many decimal digits.",
        section: VARYING,
    },
    Type {
        words: &[],
        syntax: r#""ascii" ["signed"] "until" QUOTED ("or" QUOTED)* ["max" N] ["minimal"]"#,
        modifiers: OF_VARYING,
        example: r#"ascii until ":" max 9"#,
        doc: "An integer in decimal digits up to a delimiter.",
        section: VARYING,
    },
    Type {
        words: &["peek"],
        syntax: r#""peek""#,
        modifiers: OF_PEEK,
        example: "peek as Verb",
        doc: "No bytes of its own: which text of the enum those begin with that come next.",
        section: PEEKS,
    },
    Type {
        words: &[],
        syntax: r#""peek until" ["max" N]"#,
        modifiers: OF_PEEK,
        example: "peek until max 4096 as End",
        doc: "No bytes of its own: which text of the enum comes first, behind max bytes at most.",
        section: PEEKS,
    },
];

/// The types of the values of a session.
pub(crate) const VALUES: &[Type] = &[Type {
    words: &[],
    syntax: "INT",
    modifiers: OF_SESSION,
    example: "u8 from 0 then 1",
    doc: "An unsigned (u) or signed (i) integer of so many bits.",
    section: SESSIONS,
}];

/// The types of the parts of a bit group.
pub(crate) const PARTS: &[Type] = &[
    Type {
        words: &[],
        syntax: "WIDTH",
        modifiers: OF_PART,
        example: "b1",
        doc: "An unsigned integer of so many bits.",
        section: BIT_GROUPS,
    },
    Type {
        words: &[],
        syntax: r#""pad" WIDTH"#,
        modifiers: &[],
        example: "pad b1",
        doc: "So many bits of padding: written as zero, ignored when read.",
        section: BIT_GROUPS,
    },
];

pub(super) const ENDIANS: &[(&str, Endian, &str)] = &[
    ("big", Endian::Big, "Most significant byte first."),
    ("little", Endian::Little, "Least significant byte first."),
];

/// Whether a bit group is filled in from its least significant bit.
pub(super) const ORDERS: &[(&str, bool, &str)] = &[
    ("msb", false, "The first part has the most significant bits."),
    ("lsb", true, "The first part has the least significant bits."),
];

pub(super) const OVERSIZE: &[(&str, Oversize, &str)] = &[
    ("close", Oversize::Close, "The stream is over: the default."),
    ("skip", Oversize::Skip, "The frame is discarded by its claimed size, or up to its delimiter."),
];

pub(super) const ON_REJECT: &[(&str, OnReject, &str)] = &[
    ("close", OnReject::Close, "The stream is over: the default."),
    ("skip", OnReject::Skip, "The frame is discarded by its size."),
    ("resync", OnReject::Resync, "The next occurrence of the constant at the frame's start is searched for."),
];

fn shown<T>(words: &[(&str, T, &str)]) -> Vec<(String, String)> {
    words.iter().map(|(word, _, doc)| ((*word).to_owned(), (*doc).to_owned())).collect()
}

fn packs() -> Vec<(String, String)> {
    let row = |(letter, bytes, signed, endian): &(char, u8, bool, Endian)| {
        let sign = if *signed { "signed" } else { "unsigned" };
        let order = match endian {
            _ if *bytes == 1 => "",
            Endian::Big => ", big-endian",
            Endian::Little => ", little-endian",
        };
        (letter.to_string(), format!("{} bits, {sign}{order}.", bytes.saturating_mul(8)))
    };
    SWOOLE_PACKS.iter().map(row).collect()
}

pub(crate) const PIECES: &[Piece] = &[
    Piece { name: "N", pattern: r"-?(?:0[xX][0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|[0-9]+(?:_[0-9]+)*)", or: &["integer"] },
    Piece { name: "SIZE", pattern: r"(?:0[xX][0-9a-fA-F_]+|[0-9_]+)\s*(?:B|KiB|MiB)?", or: &["integer"] },
    Piece { name: "QUOTED", pattern: r#""(?:[^"\\]|\\(?:[rnt0"\\]|x[0-9a-fA-F]{2}))*""#, or: &[] },
    Piece { name: "INT", pattern: "[ui](?:8|16|24|32|40|48|56|64)(?:be|le)?", or: &[] },
    Piece { name: "UINT", pattern: "u(?:8|16|24|32|40|48|56|64)(?:be|le)?", or: &[] },
    Piece { name: "WIDTH", pattern: "b0*(?:[1-9]|[1-5][0-9]|6[0-3])", or: &[] },
    Piece { name: "PROTOCOL", pattern: "[a-z][a-z0-9-]{0,63}", or: &["boolean", "null"] },
    Piece { name: "FIELD", pattern: "[a-z_][a-z0-9_]*", or: &["boolean", "null"] },
    Piece { name: "ALGORITHM", pattern: "[a-z0-9]+(?:[-/][a-z0-9]+)*", or: &[] },
    Piece { name: "ENUM", pattern: "[A-Z][a-zA-Z0-9]*", or: &["boolean", "null"] },
    Piece { name: "MEMBER", pattern: "[a-z][a-z0-9_]*", or: &["boolean", "null"] },
    Piece { name: "EXPR", pattern: r"\S[\s\S]*", or: &["boolean", "integer", "null"] },
];

/// The keys as diagnostics offer them.
pub(super) fn words(keys: &[Key]) -> Vec<&'static str> {
    keys.iter().map(|key| key.word).collect()
}

/// The keys of a field.
pub(super) fn field_keys() -> Vec<&'static str> {
    words(FIELD).into_iter().chain(MODIFIERS.iter().map(Modifier::key)).collect()
}

/// The first words of types.
pub(super) fn type_words() -> Vec<&'static str> {
    TYPES.iter().flat_map(|row| row.words).copied().collect()
}

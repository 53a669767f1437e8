//! What the flags of derived vectors stand for.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Note;

const LANGUAGE: &str = "spec/README.md";

/// Flag, effect, link.
const NOTES: &[(&str, &str, &str)] = &[
    ("frame", "A usual frame. A decoder that fails here has not understood the protocol.", LANGUAGE),
    (
        "value",
        "An integer at an edge of its type, or one of an enum's members. A decoder of the wrong width, sign or byte order fails.",
        "spec/README.md#integers",
    ),
    (
        "condition",
        "A field that is there or not. A decoder that reads it anyway takes the next field's bytes for it.",
        "spec/README.md#conditions-and-checks",
    ),
    (
        "body",
        "Bodies of all kinds, also such that look like a frame. A decoder that searches instead of counting loses its place.",
        "spec/README.md#bodies-via",
    ),
    (
        "empty-body",
        "Nothing where a body could be. Decoders forget to emit such a frame, or wait for one byte more.",
        "https://cwe.mitre.org/data/definitions/193.html",
    ),
    (
        "largest",
        "As large as it may be. A decoder whose limit is off by one refuses what its peer may send.",
        "https://cwe.mitre.org/data/definitions/193.html",
    ),
    ("worked-out", "Bytes that were worked out by hand from the spec's own words, field by field.", LANGUAGE),
    (
        "frames",
        "Frames inside a frame: of several kinds, one inside another, as deep as may be and deeper. A decoder that recurses without a bound overflows its stack, and one that forgets how many are left ends the frame early.",
        "https://cwe.mitre.org/data/definitions/674.html",
    ),
    ("delimiter", "A field that ends with a delimiter.", "spec/README.md#sizes-without-a-length"),
    (
        "partial-delimiter",
        "The beginning of a delimiter where no delimiter is. A decoder that forgets to look back, when a chunk ends there, ends the field too early or never.",
        "spec/README.md#sizes-without-a-length",
    ),
    (
        "coalesced",
        "Several frames in one stream. A decoder that emits one a chunk keeps the others until more bytes come, which may be never.",
        "https://www.rfc-editor.org/rfc/rfc9293#section-2.2",
    ),
    (
        "truncated",
        "The stream ends inside of a frame. A decoder that emits what it has hands on half a message.",
        "https://cwe.mitre.org/data/definitions/130.html",
    ),
    (
        "varying",
        "An integer of varying size that goes on behind its last byte, or is longer than it must be. A decoder that takes it has two spellings of one value, or reads a size that overflows.",
        "https://protobuf.dev/programming-guides/encoding/#varints",
    ),
    (
        "peek",
        "What comes next is none of the words that may. A decoder that waits for a whole line, or takes what begins alike, tells it late or not at all.",
        "https://www.rfc-editor.org/rfc/rfc5321.html#section-4.5.3.2",
    ),
    (
        "decimal",
        "Digits that make no integer. A decoder that uses its language's own conversion takes signs, spaces, other digits or nothing at all.",
        "https://www.rfc-editor.org/rfc/rfc9112.html#name-content-length",
    ),
    (
        "constant",
        "A wrong byte in a constant. A decoder that goes on reads a length that nobody wrote.",
        "spec/README.md#constants-ranges-enums",
    ),
    (
        "enum",
        "A value that has no name. A decoder that goes on acts on a message of an unknown kind.",
        "spec/README.md#constants-ranges-enums",
    ),
    ("range", "A value outside of its range.", "spec/README.md#constants-ranges-enums"),
    ("checksum", "A checksum that is not that of the bytes.", "spec/README.md#checksums-checks-with"),
    ("check", "Values that do not go together.", "spec/README.md#conditions-and-checks"),
    (
        "length",
        "A length at an edge of what it may say. A decoder that subtracts without looking wraps around, or waits for ever.",
        "https://cwe.mitre.org/data/definitions/191.html",
    ),
    (
        "oversize",
        "More than a frame may have. A decoder that reserves what a stranger claims runs out of memory.",
        "https://cwe.mitre.org/data/definitions/789.html",
    ),
    (
        "utf8",
        "Bytes that are not UTF-8. Decoders that let them pass disagree about what was said.",
        "https://www.rfc-editor.org/rfc/rfc3629#section-10",
    ),
    ("json", "Bytes that are not exactly one JSON text.", "https://www.rfc-editor.org/rfc/rfc8259"),
    (
        "msgpack",
        "Bytes that are not exactly one MessagePack object.",
        "https://github.com/msgpack/msgpack/blob/master/spec.md",
    ),
    (
        "recovery",
        "A right frame before and after a wrong one. What stands before comes out, however it is cut; what comes after depends on the policy.",
        "spec/README.md#when-a-frame-is-refused-policy",
    ),
    (
        "canonical",
        "The bytes of a value. An encoder that differs is understood by itself alone.",
        "spec/README.md#values",
    ),
    (
        "refusal",
        "A value that no frame has. An encoder that truncates it sends a frame that means something else.",
        "https://cwe.mitre.org/data/definitions/197.html",
    ),
    (
        "fuzzed",
        "A stream that `framewright fuzz` found and made small. What is wrong with it, its report says.",
        "docs/fuzzing.md",
    ),
    ("documented", "An example of a standard or of a peer's documentation.", "conformance/handwritten"),
];

/// The notes of some flags. Unknown flags have none.
pub(super) fn notes<'a>(flags: impl Iterator<Item = &'a String>) -> BTreeMap<String, Note> {
    flags
        .filter_map(|flag| {
            let (_, effect, link) = NOTES.iter().find(|(known, ..)| known == flag)?;
            Some((flag.clone(), Note { effect: (*effect).to_owned(), links: vec![(*link).to_owned()] }))
        })
        .collect()
}

/// Whether a flag is explained.
pub(super) fn is_known(flag: &str) -> bool {
    NOTES.iter().any(|(known, ..)| *known == flag)
}

/// A delimiter as a spec writes it.
pub(super) fn escaped(bytes: &[u8]) -> String {
    let mut out = String::new();
    for byte in bytes {
        match byte {
            b'\r' => out.push_str("\\r"),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            0 => out.push_str("\\0"),
            0x20..=0x7e => out.push(char::from(*byte)),
            _ => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out
}

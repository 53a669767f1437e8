//! Bodies that a codec takes and bodies that it does not.
//!
//! Whether a codec takes some bytes is asked of `std`, `serde_json` and `rmpv`, not of the reference codec.

use crate::plan::Codec;

/// Depth of JSON that must still be read.
const JSON_DEPTH: usize = 128;

/// Whether a codec takes these bytes.
pub(super) fn passes(codec: Codec, bytes: &[u8]) -> bool {
    match codec {
        Codec::Raw => true,
        Codec::Utf8 => std::str::from_utf8(bytes).is_ok(),
        Codec::Json => match brackets(bytes) {
            Some(depth) => depth <= JSON_DEPTH,
            None => serde_json::from_slice::<serde_json::Value>(bytes).is_ok(),
        },
        Codec::Msgpack => {
            let mut rest = bytes;
            rmpv::decode::read_value(&mut rest).is_ok() && rest.is_empty()
        }
    }
}

/// The depth of nested empty arrays; nothing for other bytes. `serde_json` has a limit of its own, a little below ours.
fn brackets(bytes: &[u8]) -> Option<usize> {
    let depth = bytes.len() / 2;
    (depth > 0 && bytes == nested(depth)).then_some(depth)
}

fn nested(depth: usize) -> Vec<u8> {
    [vec![b'['; depth], vec![b']'; depth]].concat()
}

/// Content of exactly so many bytes that the codec takes.
pub(super) fn sized(codec: Codec, size: usize) -> Option<Vec<u8>> {
    let letters = |count: usize| (b'a'..=b'z').cycle().take(count);
    match codec {
        Codec::Raw | Codec::Utf8 => Some(letters(size).collect()),
        Codec::Json => match size {
            0 => None,
            1 => Some(b"0".to_vec()),
            _ => {
                let text = size.saturating_sub(2);
                Some([b"\"".to_vec(), letters(text).collect(), b"\"".to_vec()].concat())
            }
        },
        Codec::Msgpack => {
            let head = match size {
                0 => return None,
                1 => return Some(vec![0xc0]),
                2..=32 => vec![u8::try_from(size).ok()?.wrapping_add(0x9f)],
                33 => return Some([vec![0x92, 0xc3], sized(codec, 31)?].concat()),
                34..=257 => vec![0xd9, u8::try_from(size.saturating_sub(2)).ok()?],
                _ => {
                    let text = u16::try_from(size.saturating_sub(3)).ok()?;
                    [vec![0xda], text.to_be_bytes().to_vec()].concat()
                }
            };
            let text = size.saturating_sub(head.len());
            Some(head.into_iter().chain(letters(text)).collect())
        }
    }
}

/// Bodies of a codec that are worth showing, with what they show.
pub(super) fn taken(codec: Codec) -> Vec<(&'static str, Vec<u8>)> {
    match codec {
        Codec::Raw => vec![
            ("empty", Vec::new()),
            ("one byte", b"a".to_vec()),
            ("two bytes", b"ab".to_vec()),
            ("zero bytes", vec![0; 4]),
            ("high bytes", vec![0xff; 4]),
        ],
        Codec::Utf8 => vec![
            ("empty", Vec::new()),
            ("one letter", b"a".to_vec()),
            ("two to four bytes a letter", "é€😀".as_bytes().to_vec()),
            ("NUL", vec![0]),
        ],
        Codec::Json => vec![
            ("an object", b"{}".to_vec()),
            ("an array", b"[1]".to_vec()),
            ("a number", b"0".to_vec()),
            ("letters of two and four bytes", "\"é😀\"".as_bytes().to_vec()),
            ("white space around", b" null\n".to_vec()),
            ("128 deep", nested(JSON_DEPTH)),
        ],
        Codec::Msgpack => vec![
            ("nil", vec![0xc0]),
            ("an array", vec![0x93, 0x01, 0xff, 0xc3]),
            ("a map", vec![0x81, 0xa1, b'a', 0x01]),
            ("a string of eight-bit length", vec![0xd9, 0x02, b'a', b'b']),
            ("an array of 32-bit length", vec![0xdd, 0, 0, 0, 1, 0xc0]),
            ("bin and ext", vec![0x92, 0xc4, 0x01, 0xff, 0xd4, 0x05, 0x00]),
            ("the least and the largest integer of one byte", vec![0x92, 0xe0, 0x7f]),
            ("the largest integer of each unsigned format", unsigned()),
            ("the least integer of each signed format", signed()),
            ("eight deep", [vec![0x91; 8], vec![0xc0]].concat()),
        ],
    }
}

/// An array of one integer in each unsigned format of 8 to 64 bits.
fn unsigned() -> Vec<u8> {
    [&[0x94, 0xcc][..], &[0xff; 1], &[0xcd], &[0xff; 2], &[0xce], &[0xff; 4], &[0xcf], &[0xff; 8]].concat()
}

/// An array of one integer in each signed format of 8 to 64 bits.
fn signed() -> Vec<u8> {
    let least = |format: u8, size: usize| [&[format, 0x80][..], &vec![0; size.saturating_sub(1)]].concat();
    [vec![0x94], least(0xd0, 1), least(0xd1, 2), least(0xd2, 4), least(0xd3, 8)].concat()
}

/// Bodies that a codec refuses, with what is wrong with them.
pub(super) fn refused(codec: Codec) -> Vec<(&'static str, Vec<u8>)> {
    match codec {
        Codec::Raw => Vec::new(),
        Codec::Utf8 => vec![
            ("a byte that never occurs", vec![b'a', 0xff]),
            ("a letter cut short", vec![0xe2, 0x82]),
            ("an overlong letter", vec![0xc0, 0x80]),
            ("a surrogate", vec![0xed, 0xa0, 0x80]),
        ],
        Codec::Json => vec![
            ("empty", Vec::new()),
            ("an object that does not end", b"{".to_vec()),
            ("trailing bytes", b"{}x".to_vec()),
            ("a trailing comma", b"[1,]".to_vec()),
            ("text that is not UTF-8", vec![b'"', 0xff, b'"']),
            ("129 deep", nested(JSON_DEPTH.saturating_add(1))),
        ],
        Codec::Msgpack => vec![
            ("empty", Vec::new()),
            ("two objects", vec![0xc0, 0xc0]),
            ("the byte that begins no object", vec![0xc1]),
            ("that byte inside", vec![0x91, 0xc1]),
            ("an array that does not end", vec![0x92, 0xc0]),
            ("a huge claim", vec![0xdb, 0xff, 0xff, 0xff, 0xff, b'a']),
        ],
    }
}

/// What a self-delimiting object can refuse before its end: the bytes so far, all of them needed.
pub(super) fn never_begun() -> Vec<(&'static str, Vec<u8>)> {
    vec![("the byte that begins no object", vec![0xc1]), ("that byte inside", vec![0x91, 0xc1])]
}

/// Objects that claim more than any frame has, up to the last byte of the claim.
pub(super) fn huge_claims() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("a string", vec![0xdb, 0xff, 0xff, 0xff, 0xff]),
        ("an array", vec![0xdd, 0xff, 0xff, 0xff, 0xff]),
        ("a map", vec![0xdf, 0xff, 0xff, 0xff, 0xff]),
    ]
}

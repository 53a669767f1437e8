//! Which bodies pass.

use serde::de::IgnoredAny;

use super::msgpack;
use crate::plan::{Codec, Content, SlotId};

/// Arrays and objects inside each other at most.
const JSON_DEPTH: usize = 128;

/// Whether the codec takes these bytes.
pub(super) fn passes(content: &Content, value: impl Fn(SlotId) -> i128, bytes: &[u8]) -> bool {
    let codec = match content {
        Content::Always(codec) => *codec,
        Content::By(slot, rows) => {
            let value = value(*slot);
            rows.iter().find(|(key, _)| *key == value).map_or(Codec::Raw, |(_, codec)| *codec)
        }
    };
    match codec {
        Codec::Raw => true,
        Codec::Utf8 => std::str::from_utf8(bytes).is_ok(),
        Codec::Json => is_json(bytes),
        Codec::Msgpack => msgpack::is_one(bytes),
    }
}

/// One text of RFC 8259's grammar in UTF-8. `IgnoredAny` is read without recursion and without judging the range of a number or
/// the pairing of surrogates, neither of which the grammar does; nor does it count the depth, hence [`depth`].
fn is_json(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok())
        && depth(bytes) <= JSON_DEPTH
}

fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    let (mut in_string, mut escaped) = (false, false);
    for byte in json {
        if in_string {
            in_string = escaped || *byte != b'"';
            escaped = !escaped && *byte == b'\\';
        } else {
            match byte {
                b'"' => in_string = true,
                b'[' | b'{' => {
                    depth = depth.saturating_add(1);
                    deepest = deepest.max(depth);
                }
                b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
    }
    deepest
}

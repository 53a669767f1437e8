//! Which bodies pass.

use serde::de::IgnoredAny;

use super::msgpack;
use crate::plan::{Codec, Content, Decimal, SlotId};

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
        Content::Decimal(decimal) => return self::decimal(*decimal, bytes).is_some(),
    };
    match codec {
        Codec::Raw => true,
        Codec::Utf8 => std::str::from_utf8(bytes).is_ok(),
        Codec::Json => is_json(bytes),
        Codec::Msgpack => msgpack::is_one(bytes),
    }
}

/// The integer that digits make, and whether they are as few as can be; nothing where they are none.
pub(super) fn decimal(decimal: Decimal, bytes: &[u8]) -> Option<(i128, bool)> {
    let negative = decimal.signed && bytes.first() == Some(&b'-');
    let digits = if negative { bytes.get(1..)? } else { bytes };
    let most = usize::from(decimal.digits);
    if digits.is_empty() || digits.len() > most || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let push = |value: i128, digit: &u8| value.saturating_mul(10).saturating_add(i128::from(digit & 15));
    let value = digits.iter().fold(0, push);
    let minimal = if digits.first() == Some(&b'0') { digits.len() == 1 && !negative } else { true };
    Some((if negative { value.saturating_neg() } else { value }, minimal))
}

/// The digits of an integer; of a field of fixed size as many as that has.
pub(super) fn digits(decimal: Decimal, fixed: bool, value: i128) -> String {
    let width = if fixed { usize::from(decimal.digits) } else { 0 };
    format!("{value:0width$}")
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

//! Which bodies pass.

use framewright::model::Codec;

use super::scan::{Object, object};

/// Whether a codec takes these bytes.
pub(crate) fn passes(codec: Codec, bytes: &[u8]) -> bool {
    match codec {
        Codec::Raw => true,
        Codec::Utf8 => String::from_utf8(bytes.to_vec()).is_ok(),
        Codec::Json => json(bytes),
        Codec::Msgpack => msgpack(bytes),
    }
}

/// Exactly one MessagePack object.
fn msgpack(bytes: &[u8]) -> bool {
    object(bytes) == Object::Done(bytes.len())
}

/// One RFC 8259 text, at most 128 deep.
fn json(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    value(blank(text), 0).is_some_and(|rest| blank(rest).is_empty())
}

fn blank(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\r'])
}

/// What follows a value at the beginning of the text.
fn value(text: &str, depth: usize) -> Option<&str> {
    for word in ["null", "true", "false"] {
        if let Some(rest) = text.strip_prefix(word) {
            return Some(rest);
        }
    }
    match text.chars().next()? {
        '"' => string(text),
        '[' => list(&text[1..], ']', depth + 1, value),
        '{' => list(&text[1..], '}', depth + 1, |text, depth| {
            let rest = blank(string(text)?).strip_prefix(':')?;
            value(blank(rest), depth)
        }),
        _ => number(text),
    }
}

fn list(text: &str, close: char, depth: usize, element: impl Fn(&str, usize) -> Option<&str>) -> Option<&str> {
    if depth > 128 {
        return None;
    }
    let mut rest = blank(text);
    if let Some(rest) = rest.strip_prefix(close) {
        return Some(rest);
    }
    loop {
        rest = blank(element(rest, depth)?);
        if let Some(rest) = rest.strip_prefix(close) {
            return Some(rest);
        }
        rest = blank(rest.strip_prefix(',')?);
    }
}

fn string(text: &str) -> Option<&str> {
    let mut rest = text.strip_prefix('"')?;
    loop {
        let first = rest.chars().next()?;
        rest = &rest[first.len_utf8()..];
        match first {
            '"' => return Some(rest),
            '\\' => {
                let escape = rest.chars().next()?;
                let len = if escape == 'u' { 5 } else { 1 };
                let hex = rest.as_bytes().get(1..len)?;
                if !"\"\\/bfnrtu".contains(escape) || !hex.iter().all(u8::is_ascii_hexdigit) {
                    return None;
                }
                rest = &rest[len..];
            }
            control if control < ' ' => return None,
            _ => {}
        }
    }
}

fn number(text: &str) -> Option<&str> {
    let digits = |text: &str| text.len() - text.trim_start_matches(|each: char| each.is_ascii_digit()).len();
    let rest = text.strip_prefix('-').unwrap_or(text);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest.starts_with('0')) {
        return None;
    }
    let mut rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let count = digits(fraction);
        if count == 0 {
            return None;
        }
        rest = &fraction[count..];
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let count = digits(exponent);
        if count == 0 {
            return None;
        }
        rest = &exponent[count..];
    }
    Some(rest)
}

#[test]
fn json_is_one_text_at_most_128_deep() {
    let nested = |depth: usize| [vec![b'['; depth], vec![b']'; depth]].concat();
    assert!(json(&nested(128)));
    assert!(!json(&nested(129)));
    for good in [&b" {\"a\" : [1, -0.5e+3, \"\\u00e9\\n\"] } "[..], b"0", b"\"\xc3\xa9\""] {
        assert!(json(good), "{good:?}");
    }
    for bad in [&b""[..], b"01", b"1 2", b"[1,]", b"{1:2}", b"\"\n\"", b"\"\xff\"", b"+1", b".5", b"1.", b"nul"] {
        assert!(!json(bad), "{bad:?}");
    }
}

#[test]
fn msgpack_is_exactly_one_object() {
    for good in [&b"\xc0"[..], b"\x92\x01\xa1a", b"\x81\x01\xc4\x01x", b"\xd6\x05abcd", b"\xc8\x00\x01\x05a"] {
        assert!(msgpack(good), "{good:?}");
    }
    for bad in [&b""[..], b"\xc1", b"\x92\x01", b"\xc0\xc0", b"\xdd\xff\xff\xff\xff", b"\x91\xc1"] {
        assert!(!msgpack(bad), "{bad:?}");
    }
}

//! A spec from a peer's settings.
//!
//! The text is what a person would write for these bytes: `counts frame` where the length counts everything, `counts body`
//! where it counts what follows, `plus` only where no range says it.

use std::fmt::Write as _;

use super::Endian;
use super::geometry::{Geometry, LengthField};
use super::peers::{netty, swoole, tokio};

/// Above this the language wants `max_frame` to be written.
const IMPLIED_MAX: u64 = 16 << 20;

/// The spec of what a decoder of Netty's splits.
///
/// # Errors
///
/// A setting that Netty refuses, or that no spec can express.
pub fn netty(name: &str, settings: &netty::Settings) -> Result<String, String> {
    let decoder = match settings {
        netty::Settings::LengthField { .. } => "LengthFieldBasedFrameDecoder",
        netty::Settings::Fixed { .. } => "FixedLengthFrameDecoder",
        netty::Settings::Line { .. } => "LineBasedFrameDecoder",
        netty::Settings::Delimiter { .. } => "DelimiterBasedFrameDecoder",
    };
    spec(name, &format!("Frames as Netty's {decoder} splits them."), &netty::geometry(settings)?, None)
}

/// The spec of what a codec of tokio-util's splits.
///
/// # Errors
///
/// A setting that tokio-util refuses, or that no spec can express.
pub fn tokio(name: &str, settings: &tokio::Settings) -> Result<String, String> {
    let codec = match settings {
        tokio::Settings::LengthDelimited { .. } => "LengthDelimitedCodec",
        tokio::Settings::Lines { .. } => "LinesCodec",
        tokio::Settings::AnyDelimiter { .. } => "AnyDelimiterCodec",
    };
    spec(name, &format!("Frames as tokio-util's {codec} splits them."), &tokio::geometry(settings)?, None)
}

/// The spec of what Swoole splits.
///
/// # Errors
///
/// A setting that Swoole refuses, or that no spec can express.
pub fn swoole(name: &str, settings: &swoole::Settings) -> Result<String, String> {
    let option = match settings {
        swoole::Settings::Length { .. } => "open_length_check",
        swoole::Settings::Eof { .. } => "open_eof_split",
    };
    let doc = format!("Packages as Swoole's {option} splits them.");
    spec(name, &doc, &swoole::geometry(settings)?, swoole::ambiguous(settings))
}

/// The spec of a geometry alone.
///
/// # Errors
///
/// A size that no spec can have, or delimiters of which one hides another.
pub fn spec(name: &str, doc: &str, geometry: &Geometry, pack: Option<char>) -> Result<String, String> {
    let mut text = format!("framewright: 1\nname: {name}\n");
    if !doc.is_empty() {
        push(&mut text, format_args!("doc: {doc}\n"));
    }
    match geometry {
        Geometry::LengthField(field) => length_field(&mut text, field)?,
        Geometry::Fixed { size, strip } => fixed(&mut text, *size, *strip)?,
        Geometry::Delimiter { delimiters, emit_stripped, max_content } => {
            delimited(&mut text, delimiters, *emit_stripped, *max_content)?;
        }
        Geometry::Msgpack { max } => {
            push(&mut text, format_args!("max_frame: {}\nframe:\n  - object: msgpack\n", size_of(*max)))
        }
    }
    if let Some(pack) = pack {
        push(&mut text, format_args!("peers: {{ swoole: {pack} }}\n"));
    }
    // The model alone knows the language's limits.
    match crate::model::load(text.as_bytes()) {
        Ok(_) => Ok(text),
        Err(mistakes) => Err(mistakes.first().map_or_else(String::new, |first| first.message.clone())),
    }
}

fn length_field(text: &mut String, field: &LengthField) -> Result<(), String> {
    let LengthField { offset, width, endian, signed, adjust, strip, max_frame } = *field;
    if !(1..=8).contains(&width) {
        return Err(format!("an integer has 1 to 8 bytes, not {width}"));
    }
    let end = field.end();
    let uncounted = u64::try_from(adjust).unwrap_or(0);
    let fixed_end = end.checked_add(uncounted).ok_or("the header is too long")?;
    // A frame holds at least what is stripped, so that much of it is header.
    let counted = strip.saturating_sub(fixed_end);
    let least = fixed_end.saturating_add(counted);
    if max_frame < least {
        return Err(format!("the largest frame has {max_frame} bytes, and the header takes {least}"));
    }
    let range = if counted == 0 { "body".to_owned() } else { "extra..body".to_owned() };
    let counts = match adjust.checked_neg().and_then(|claims| u64::try_from(claims).ok()) {
        Some(claims) if claims == end => "frame".to_owned(),
        Some(claims) if claims == u64::from(width) => "length..body".to_owned(),
        Some(claims) if claims > 0 => format!("{range} plus {claims}"),
        Some(_) | None => range,
    };
    if endian == Endian::Little {
        text.push_str("endian: little\n");
    }
    push(text, format_args!("max_frame: {}\nframe:\n", size_of(max_frame)));
    if offset > 0 {
        push(text, format_args!("  - head: bytes[{offset}]\n"));
    }
    let sign = if signed { "i" } else { "u" };
    push(text, format_args!("  - length: {sign}{} counts {counts}\n", u32::from(width).saturating_mul(8)));
    if uncounted > 0 {
        push(text, format_args!("  - header: bytes[{uncounted}]\n"));
    }
    if counted > 0 {
        push(text, format_args!("  - extra: bytes[{counted}]\n"));
    }
    text.push_str("  - body: bytes\n");
    if strip == 0 {
    } else if strip == least {
        text.push_str("emit: body\n");
    } else if strip == end {
        text.push_str("emit: header..body\n");
    } else {
        push(text, format_args!("emit: strip {strip}\n"));
    }
    Ok(())
}

fn fixed(text: &mut String, size: u64, strip: u64) -> Result<(), String> {
    if size == 0 {
        return Err("a frame has at least one byte".to_owned());
    }
    if strip > size {
        return Err(format!("frames of {size} bytes cannot be stripped of {strip}"));
    }
    if size > IMPLIED_MAX {
        push(text, format_args!("max_frame: {}\n", size_of(size)));
    }
    push(text, format_args!("frame:\n  - record: bytes[{size}]\n"));
    if strip > 0 {
        push(text, format_args!("emit: strip {strip}\n"));
    }
    Ok(())
}

fn delimited(text: &mut String, delimiters: &[Vec<u8>], stripped: bool, max: u64) -> Result<(), String> {
    for (index, outer) in delimiters.iter().enumerate() {
        if outer.is_empty() {
            return Err("a delimiter has at least one byte".to_owned());
        }
        for (other, inner) in delimiters.iter().enumerate() {
            if index != other && outer == inner {
                return Err(format!("the delimiter \"{}\" is given twice", quoted(outer)));
            }
            let before_end = outer.get(..outer.len().saturating_sub(1)).unwrap_or_default();
            if inner != outer && before_end.windows(inner.len().max(1)).any(|window| window == inner.as_slice()) {
                return Err(format!(
                    "the delimiter \"{}\" can never be found: \"{}\" inside it ends the frame first",
                    quoted(outer),
                    quoted(inner)
                ));
            }
        }
    }
    let longest = delimiters.iter().map(Vec::len).max().ok_or("there is no delimiter")?;
    let largest = max
        .checked_add(u64::try_from(longest).unwrap_or(u64::MAX))
        .ok_or_else(|| format!("a content of {max} bytes leaves no room for the delimiter"))?;
    if largest > IMPLIED_MAX {
        push(text, format_args!("max_frame: {}\n", size_of(largest)));
    }
    let all: Vec<String> = delimiters.iter().map(|delimiter| format!("\"{}\"", quoted(delimiter))).collect();
    push(text, format_args!("frame:\n  - record: bytes until {} max {max}\n", all.join(" or ")));
    if stripped {
        text.push_str("emit: record\n");
    }
    Ok(())
}

/// Bytes in the escapes of the language; a space too, lest YAML see a comment or a key.
pub(super) fn quoted(bytes: &[u8]) -> String {
    let mut text = String::new();
    for &byte in bytes {
        match byte {
            b'\r' => text.push_str("\\r"),
            b'\n' => text.push_str("\\n"),
            b'\t' => text.push_str("\\t"),
            0 => text.push_str("\\0"),
            b'"' | b'\\' => text.extend(['\\', char::from(byte)]),
            b'!'..=b'~' => text.push(char::from(byte)),
            _ => push(&mut text, format_args!("\\x{byte:02x}")),
        }
    }
    text
}

/// A size as the language writes it.
pub(super) fn size_of(bytes: u64) -> String {
    for (unit, word) in [(1_u64 << 20, "MiB"), (1 << 10, "KiB")] {
        if bytes >= unit && bytes.is_multiple_of(unit) {
            return format!("{} {word}", bytes.checked_div(unit).unwrap_or(0));
        }
    }
    bytes.to_string()
}

fn push(text: &mut String, words: std::fmt::Arguments<'_>) {
    let written = text.write_fmt(words);
    debug_assert!(written.is_ok(), "a String takes every text");
}

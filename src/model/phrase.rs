//! The words of one field: a one-line phrase, or a map with the same words as keys.

use super::document::MOST;
use super::expr::{self, RawExpr};
use super::grammar::{self, ENTRY, MODIFIERS};
use super::types::{Ahead, Endian, PadSize};
use super::words::{Token, TokenKind, Words, number};
use crate::diag::{self, Diagnostic, Span};
use crate::yaml::{Node, NodeKind};

/// Something with its place in the file.
#[derive(Clone, Debug)]
pub(super) struct Spanned<T> {
    pub(super) value: T,
    pub(super) span: Span,
}

/// A field as it is written; names are not looked up yet.
#[derive(Clone, Debug)]
pub(super) struct RawField {
    pub(super) name: Spanned<String>,
    pub(super) doc: String,
    pub(super) kind: Spanned<RawType>,
    pub(super) modifiers: Modifiers,
}

/// What stands behind the type.
#[derive(Clone, Debug, Default)]
pub(super) struct Modifiers {
    pub(super) constant: Option<Spanned<Literal>>,
    pub(super) range: Option<Spanned<(i128, i128)>>,
    pub(super) names: Option<Spanned<String>>,
    pub(super) counts: Option<Spanned<RawRange>>,
    pub(super) plus: Option<Spanned<i128>>,
    pub(super) unit: Option<Spanned<i128>>,
    pub(super) sentinel: Option<Spanned<i128>>,
    pub(super) via: Option<Spanned<String>>,
    pub(super) xor: Option<Spanned<String>>,
    pub(super) checks: Option<Spanned<RawChecked>>,
    pub(super) with: Option<Spanned<String>>,
    pub(super) from: Option<Spanned<RawExpr>>,
    pub(super) then: Option<Spanned<RawExpr>>,
    pub(super) times: Option<Spanned<RawExpr>>,
    pub(super) when: Option<Spanned<RawExpr>>,
}

/// What a checksum covers; `zeroed`: its own bytes too, as zeros.
#[derive(Clone, Debug)]
pub(super) struct RawChecked {
    pub(super) range: RawRange,
    pub(super) zeroed: Option<Span>,
}

/// A type as it is written.
#[derive(Clone, Debug)]
pub(super) enum RawType {
    Int(RawInt),
    Bits(u8),
    /// `bytes` or `str` (`text`), its size elsewhere.
    Open {
        text: bool,
    },
    Fixed(u64),
    Prefixed {
        text: bool,
        prefix: RawInt,
    },
    Until {
        text: bool,
        delimiters: Vec<Spanned<Vec<u8>>>,
        kept: bool,
        max: Option<u64>,
    },
    Msgpack,
    /// Frames of this protocol, nested so deep at most.
    Frames(u8),
    Leb128 {
        most: u8,
        minimal: bool,
    },
    Escape(RawEscape),
    /// Of a fixed size, or up to a delimiter.
    Ascii {
        size: RawDigits,
        signed: bool,
        minimal: bool,
    },
    Pad(PadSize),
    PadBits(u8),
    /// What follows, which is not taken: which text of the enum it begins with, or has first.
    Peek(Ahead),
    /// The type has a mistake, which is reported; what stands behind it may still be looked up.
    Refused,
}

/// An integer that is written in a short one, or behind it where that has certain values.
#[derive(Clone, Debug)]
pub(super) struct RawEscape {
    pub(super) base: RawBase,
    pub(super) arms: Vec<RawEscaped>,
    pub(super) minimal: bool,
}

/// Where the digits of a decimal end.
#[derive(Clone, Debug)]
pub(super) enum RawDigits {
    Fixed(u8),
    Until { delimiters: Vec<Spanned<Vec<u8>>>, most: u8 },
}

/// The short integer.
#[derive(Clone, Debug)]
pub(super) enum RawBase {
    /// A field before.
    Field(Spanned<String>),
    Own(RawInt),
}

/// Where the short integer is `marker`: the value is in what follows, `plus` so much.
#[derive(Clone, Debug)]
pub(super) struct RawEscaped {
    pub(super) marker: Spanned<i128>,
    pub(super) int: RawInt,
    pub(super) plus: i128,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct RawInt {
    pub(super) bytes: u8,
    pub(super) signed: bool,
    pub(super) endian: Option<Endian>,
}

#[derive(Clone, Debug)]
pub(super) enum Literal {
    /// A number; of a hexadecimal one also its digits as bytes, where they come in pairs.
    Number(i128, Option<Vec<u8>>),
    Text(Vec<u8>),
}

/// What a length counts.
#[derive(Clone, Debug)]
pub(super) enum RawRange {
    Frame,
    Fields(Spanned<String>, Spanned<String>),
}

/// Delimiters of one `until` at most: each byte is compared with all.
const DELIMITERS: usize = 32;
/// Decimal digits at most: so many fit a signed integer of 64 bits.
const DIGITS: u8 = 18;
/// Frames are nested so deep at most, where nothing else is said.
const DEEP: u8 = 16;
const UNSIGNED: &[&str] = &["u8", "u16", "u24", "u32", "u40", "u48", "u56", "u64"];

/// Reads `name: phrase` or `name: {map}`.
pub(super) fn field(name: &Node, value: &Node, diagnostics: &mut Vec<Diagnostic>) -> Option<RawField> {
    let name = field_name(name, diagnostics)?;
    let mut modifiers = Modifiers::default();
    match &value.kind {
        NodeKind::Scalar { text, .. } => {
            let mut words = Words::new(value, text);
            let kind = whole_phrase(&mut words, &mut modifiers, diagnostics);
            Some(RawField { name, doc: String::new(), kind, modifiers })
        }
        NodeKind::Map(entries) => {
            let mut kind = None;
            let mut doc = String::new();
            let before = diagnostics.len();
            for (key, value) in entries {
                let NodeKind::Scalar { text: key_text, .. } = &key.kind else { continue };
                if key_text == "bits" && matches!(value.kind, NodeKind::Map(_)) {
                    diagnostics.push(diag::named_bits(name.span, &name.value));
                    return None;
                }
                let NodeKind::Scalar { text, .. } = &value.kind else {
                    diagnostics.push(diag::wrong_kind(value.span, key_text, "text"));
                    continue;
                };
                let mut words = Words::new(value, text);
                match key_text.as_str() {
                    "type" => kind = Some(whole_phrase(&mut words, &mut modifiers, diagnostics)),
                    "doc" => doc.clone_from(text),
                    word => match MODIFIERS.iter().find(|row| row.key() == word) {
                        Some(row) => {
                            modifier(row.word, key.span, &mut words, &mut modifiers, diagnostics);
                            words.end(diagnostics);
                        }
                        None => {
                            let keys = grammar::field_keys();
                            diagnostics.push(diag::unknown_key(key.span, word, "a field", &keys));
                        }
                    },
                }
            }
            if kind.is_none() && diagnostics.len() == before {
                diagnostics.push(diag::missing_key(value.span, "type", "type: u8"));
            }
            let kind = kind.unwrap_or(Spanned { value: RawType::Refused, span: value.span });
            Some(RawField { name, doc, kind, modifiers })
        }
        NodeKind::Seq(_) => {
            diagnostics.push(diag::wrong_kind(value.span, &name.value, "a phrase such as `u32`, or a map"));
            let kind = Spanned { value: RawType::Refused, span: value.span };
            Some(RawField { name, doc: String::new(), kind, modifiers })
        }
    }
}

/// Checks a field's name.
pub(super) fn field_name(node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Option<Spanned<String>> {
    let NodeKind::Scalar { text, .. } = &node.kind else { return None };
    let starts = text.starts_with(|first: char| first.is_ascii_lowercase() || first == '_');
    let continues = text.chars().all(|each| each.is_ascii_lowercase() || each.is_ascii_digit() || each == '_');
    if !starts || !continues || text == "frame" || grammar::words(ENTRY).contains(&text.as_str()) {
        diagnostics.push(diag::bad_name(node.span, text, "a field", "lower-case letters, digits and `_`"));
        return None;
    }
    Some(Spanned { value: text.clone(), span: node.span })
}

/// A type and its modifiers. Behind a mistake the next modifier is read; the words before it are part of the mistake.
fn whole_phrase(
    words: &mut Words<'_>,
    modifiers: &mut Modifiers,
    diagnostics: &mut Vec<Diagnostic>,
) -> Spanned<RawType> {
    let found = kind(words, diagnostics);
    let mut sound = found.is_some();
    let kind = found.unwrap_or(Spanned { value: RawType::Refused, span: words.node.span });
    while let Some(token) = words.next(diagnostics) {
        let word = token.word();
        if MODIFIERS.iter().any(|row| row.word == word) {
            sound = modifier(word, token.span, words, modifiers, diagnostics).is_some();
        } else if sound {
            let order = word.to_ascii_lowercase();
            diagnostics.push(match &kind.value {
                RawType::Int(RawInt { endian: None, .. }) if matches!(order.as_str(), "be" | "le") => {
                    let joined = words.text.split_whitespace().next().unwrap_or_default();
                    let span = Span { start: kind.span.start, end: token.span.end };
                    diag::loose_order(span, &format!("{joined} {word}"), &format!("{joined}{order}"))
                }
                of => diag::unexpected_word(token.span, word, &allowed_words(of)),
            });
            sound = false;
        }
    }
    kind
}

/// The words that may stand behind a type.
pub(super) fn allowed_words(kind: &RawType) -> Vec<&'static str> {
    let allowed = match kind {
        RawType::Int(_) => grammar::OF_INT,
        RawType::Ascii { size: RawDigits::Fixed(_), .. } => grammar::OF_DIGITS,
        RawType::Leb128 { .. } | RawType::Escape(_) | RawType::Ascii { .. } => grammar::OF_VARYING,
        RawType::Bits(_) => grammar::OF_PART,
        RawType::Open { text: false } => grammar::OF_OPEN,
        RawType::Fixed(_) => grammar::OF_FIXED,
        RawType::Prefixed { text: false, .. } => grammar::OF_PREFIXED,
        RawType::Prefixed { text: true, .. } => grammar::OF_PREFIXED_TEXT,
        RawType::Until { text: false, .. } => grammar::OF_BYTES,
        RawType::Open { text: true } => grammar::OF_OPEN_TEXT,
        RawType::Until { text: true, .. } | RawType::Msgpack | RawType::Pad(_) => grammar::OF_ANY,
        RawType::PadBits(_) => &[],
        RawType::Frames(_) => grammar::OF_FRAMES,
        RawType::Peek(_) => grammar::OF_PEEK,
        RawType::Refused => return MODIFIERS.iter().map(|row| row.word).collect(),
    };
    allowed.to_vec()
}

fn kind(words: &mut Words<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Spanned<RawType>> {
    let Some(first) = words.next(diagnostics) else {
        diagnostics.push(diag::unknown_type(words.node.span, "", &[]));
        return None;
    };
    let mut span = first.span;
    let word = first.word();
    let value = match word {
        "msgpack" => RawType::Msgpack,
        "frames" => frames(words, diagnostics)?,
        "ascii" => ascii(words, diagnostics)?,
        "leb128" => leb128(words, diagnostics)?,
        "peek" => RawType::Peek(if words.take("until", diagnostics) {
            Ahead::First { max: most(words, diagnostics)? }
        } else {
            Ahead::Next
        }),
        "escape" => escape(words, diagnostics)?,
        "bytes" | "str" => {
            let text = word == "str";
            let after = words.position;
            let next = words.next(diagnostics);
            match next {
                Some(token) if token.word() == "until" => until(text, words, diagnostics)?,
                Some(token) if int(token.word()).is_some() => {
                    span.end = token.span.end;
                    RawType::Prefixed { text, prefix: int(token.word())? }
                }
                Some(_) | None => {
                    words.position = after;
                    RawType::Open { text }
                }
            }
        }
        "pad" => {
            let token = words.next(diagnostics);
            match token {
                Some(token) if token.word() == "to" => {
                    let to = words.number("a number of bytes", diagnostics)?;
                    span.end = to.span.end;
                    let multiple = u64::try_from(to.value).ok().filter(|multiple| (1..=4096).contains(multiple));
                    let Some(multiple) = multiple else {
                        diagnostics.push(diag::bad_size(to.span, &to.value.to_string(), "1 to 4096 bytes"));
                        return None;
                    };
                    RawType::Pad(PadSize::Align(multiple))
                }
                Some(token) if bits(token.word()).is_some() => {
                    span.end = token.span.end;
                    RawType::PadBits(bits(token.word())?)
                }
                Some(token) => {
                    diagnostics.push(diag::unexpected_word(token.span, token.word(), &["to", "b1"]));
                    return None;
                }
                None => {
                    diagnostics.push(diag::unexpected_end(words.end_span(), "`to N`; a fixed size is `pad[N]`"));
                    return None;
                }
            }
        }
        word => {
            if let Some(int) = int(word) {
                RawType::Int(int)
            } else if let Some(bits) = bits(word) {
                RawType::Bits(bits)
            } else if let Some(size) = bracketed(word, "bytes") {
                RawType::Fixed(fixed_size(size, span, diagnostics)?)
            } else if let Some(size) = bracketed(word, "ascii") {
                let digits = digits(number(size).map(|(number, _)| number), size, span, diagnostics)?;
                RawType::Ascii { size: RawDigits::Fixed(digits), signed: false, minimal: false }
            } else if let Some(size) = bracketed(word, "pad") {
                RawType::Pad(PadSize::Fixed(fixed_size(size, span, diagnostics)?))
            } else if word.starts_with("bytes[") || word.starts_with("pad[") {
                diagnostics.push(words.open_bracket(span));
                return None;
            } else {
                diagnostics.push(diag::unknown_type(span, word, &grammar::type_words()));
                return None;
            }
        }
    };
    Some(Spanned { value, span })
}

fn ascii(words: &mut Words<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<RawType> {
    let signed = words.take("signed", diagnostics);
    if !words.take("until", diagnostics) {
        diagnostics.push(diag::unexpected_end(words.end_span(), "`until \"…\"`; of a fixed size: `ascii[3]`"));
        return None;
    }
    let delimiters = delimiters(words, diagnostics)?;
    let most = if words.take("max", diagnostics) {
        let most = words.number("the most digits", diagnostics)?;
        digits(Some(most.value), &most.value.to_string(), most.span, diagnostics)?
    } else {
        DIGITS
    };
    let minimal = words.take("minimal", diagnostics);
    Some(RawType::Ascii { size: RawDigits::Until { delimiters, most }, signed, minimal })
}

fn frames(words: &mut Words<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<RawType> {
    if !words.take("deep", diagnostics) {
        return Some(RawType::Frames(DEEP));
    }
    let deep = words.number("how deep frames are nested, 1 to 64", diagnostics)?;
    let found = u8::try_from(deep.value).ok().filter(|deep| (1..=64).contains(deep));
    if found.is_none() {
        diagnostics.push(diag::bad_size(deep.span, &deep.value.to_string(), "1 to 64 deep"));
    }
    found.map(RawType::Frames)
}

fn digits(number: Option<i128>, text: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) -> Option<u8> {
    let digits = number.and_then(|number| u8::try_from(number).ok()).filter(|digits| (1..=DIGITS).contains(digits));
    if digits.is_none() {
        diagnostics.push(diag::bad_size(span, text, "1 to 18 digits"));
    }
    digits
}

fn leb128(words: &mut Words<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<RawType> {
    let mut most = 10;
    if words.take("max", diagnostics) {
        let number = words.number("the most bytes, 1 to 10", diagnostics)?;
        let Some(bytes) = u8::try_from(number.value).ok().filter(|bytes| (1..=10).contains(bytes)) else {
            diagnostics.push(diag::bad_size(number.span, &number.value.to_string(), "1 to 10 bytes"));
            return None;
        };
        most = bytes;
    }
    Some(RawType::Leb128 { most, minimal: words.take("minimal", diagnostics) })
}

fn escape(words: &mut Words<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<RawType> {
    let base = words.expect("an integer type such as `u8`, or a field before", diagnostics)?;
    let base = int(base.word()).map_or_else(|| RawBase::Field(base.spanned()), RawBase::Own);
    let mut arms = Vec::new();
    loop {
        let marker = words.number("the value behind which another integer stands", diagnostics)?;
        let token = words.expect("the integer's type, such as `u16`", diagnostics)?;
        let Some(int) = int(token.word()).filter(|int| !int.signed) else {
            diagnostics.push(diag::unknown_type(token.span, token.word(), UNSIGNED));
            return None;
        };
        let plus = if words.take("plus", diagnostics) { words.number("a number", diagnostics)?.value } else { 0 };
        arms.push(RawEscaped { marker, int, plus });
        if !words.take("or", diagnostics) {
            break;
        }
    }
    Some(RawType::Escape(RawEscape { base, arms, minimal: words.take("minimal", diagnostics) }))
}

fn delimiters(words: &mut Words<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<Spanned<Vec<u8>>>> {
    let mut delimiters = Vec::new();
    loop {
        match words.expect("a delimiter in quotes, such as \"\\r\\n\"", diagnostics)? {
            Token { kind: TokenKind::Quoted(value), span, .. } => delimiters.push(Spanned { value, span }),
            token => {
                let bytes = number(token.word()).and_then(|(_, bytes)| bytes);
                let escaped: Option<String> =
                    bytes.map(|bytes| bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect());
                let example = format!("\"{}\"", escaped.as_deref().unwrap_or("\\n"));
                diagnostics.push(diag::bare_delimiter(token.span, token.word(), &example));
                return None;
            }
        }
        if let Some(surplus) = delimiters.get(DELIMITERS) {
            diagnostics.push(diag::many_delimiters(surplus.span, DELIMITERS));
            return None;
        }
        if !words.take("or", diagnostics) {
            return Some(delimiters);
        }
    }
}

fn until(text: bool, words: &mut Words<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<RawType> {
    let delimiters = delimiters(words, diagnostics)?;
    let kept = words.take("kept", diagnostics);
    Some(RawType::Until { text, delimiters, kept, max: most(words, diagnostics)? })
}

/// `max N`, or nothing: the bytes in front of a delimiter.
fn most(words: &mut Words<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Option<u64>> {
    if !words.take("max", diagnostics) {
        return Some(None);
    }
    let number = words.number("the most bytes of content", diagnostics)?;
    let max = u64::try_from(number.value).ok().filter(|max| *max <= MOST);
    if max.is_none() {
        diagnostics.push(diag::bad_size(number.span, &number.value.to_string(), "0 to 2147483647 bytes"));
    }
    max.map(Some)
}

/// Reads what follows the modifier `word`.
fn modifier(
    word: &str,
    span: Span,
    words: &mut Words<'_>,
    modifiers: &mut Modifiers,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<()> {
    fn set<T>(
        place: &mut Option<Spanned<T>>,
        new: Spanned<T>,
        word: &str,
        span: Span,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        if let Some(old) = place {
            diagnostics.push(diag::exclusive(span, word, old.span, word));
        } else {
            *place = Some(new);
        }
    }
    match word {
        "=" => {
            let literal = words.literal(diagnostics)?;
            set(&mut modifiers.constant, literal, word, span, diagnostics);
        }
        "in" => {
            let token = words.expect("a range such as `1..=5`", diagnostics)?;
            let parsed = token.word().split_once("..=").and_then(|(low, high)| Some((number(low)?.0, number(high)?.0)));
            let Some(range) = parsed else {
                diagnostics.push(diag::bad_number(token.span, token.word(), "a range such as `1..=5`"));
                return None;
            };
            set(&mut modifiers.range, Spanned { value: range, span: token.span }, word, span, diagnostics);
        }
        "as" => {
            let token = words.expect("the name of an enum", diagnostics)?;
            set(&mut modifiers.names, token.spanned(), word, span, diagnostics);
        }
        "counts" => {
            let token = words.expect("a field, a range `a..b`, or `frame`", diagnostics)?;
            let value = range(&token, words);
            set(&mut modifiers.counts, Spanned { value, span: token.span }, word, span, diagnostics);
        }
        "plus" => {
            let number = words.number("a number of bytes", diagnostics)?;
            set(&mut modifiers.plus, number, word, span, diagnostics);
        }
        "unit" => {
            let number = words.number("a number of bytes", diagnostics)?;
            set(&mut modifiers.unit, number, word, span, diagnostics);
        }
        "sentinel" => {
            let number = words.number("a value of the length", diagnostics)?;
            set(&mut modifiers.sentinel, number, word, span, diagnostics);
        }
        "via" => {
            let token = words.expect("a codec", diagnostics)?;
            set(&mut modifiers.via, token.spanned(), word, span, diagnostics);
        }
        "xor" => {
            let token = words.expect("an earlier field of fixed size", diagnostics)?;
            set(&mut modifiers.xor, token.spanned(), word, span, diagnostics);
        }
        "checks" => {
            let token = words.expect("a field, a range `a..b`, or `frame`", diagnostics)?;
            let range = range(&token, words);
            let zeroed = words.take("zeroed", diagnostics).then(|| {
                let len = "zeroed".len();
                words.node.part(words.position.saturating_sub(len), len)
            });
            let value = RawChecked { range, zeroed };
            set(&mut modifiers.checks, Spanned { value, span: token.span }, word, span, diagnostics);
        }
        "with" => {
            let token = words.expect("the name of an algorithm, such as `crc32`", diagnostics)?;
            set(&mut modifiers.with, token.spanned(), word, span, diagnostics);
        }
        "from" => {
            let value = expression(words, &["then", "when"], diagnostics)?;
            set(&mut modifiers.from, value, word, span, diagnostics);
        }
        "then" => {
            let value = expression(words, &["when"], diagnostics)?;
            set(&mut modifiers.then, value, word, span, diagnostics);
        }
        "times" => {
            let value = expression(words, &["when"], diagnostics)?;
            set(&mut modifiers.times, value, word, span, diagnostics);
        }
        _ => {
            let value = expression(words, &[], diagnostics)?;
            set(&mut modifiers.when, value, word, span, diagnostics);
        }
    }
    Some(())
}

/// An expression up to one of these words, or to the end.
fn expression(words: &mut Words<'_>, ends: &[&str], diagnostics: &mut Vec<Diagnostic>) -> Option<Spanned<RawExpr>> {
    let from = words.position;
    let rest = words.text.get(from..).unwrap_or_default();
    let end = |word: &&str| {
        let after = |(at, _): (usize, &str)| {
            let bounded = |each: Option<char>| each.is_none_or(|each| each.is_whitespace());
            let (before, behind) = (rest.get(..at), rest.get(at.saturating_add(word.len())..));
            bounded(before?.chars().next_back())
                .then_some(at)
                .filter(|_| bounded(behind.and_then(|each| each.chars().next())))
        };
        rest.match_indices(*word).find_map(after)
    };
    let len = ends.iter().filter_map(end).min().unwrap_or(rest.len());
    let text = rest.get(..len).unwrap_or_default();
    words.position = from.saturating_add(len);
    let before = text.len().saturating_sub(text.trim_start().len());
    let span = words.node.part(from.saturating_add(before), text.trim().len());
    let value = expr::parse(words.node, from, text, diagnostics)?;
    Some(Spanned { value, span })
}

/// `frame`, `a` or `a..b`: the word that was just taken from `words`.
fn range(token: &Token, words: &Words<'_>) -> RawRange {
    let word = token.word();
    if word == "frame" {
        return RawRange::Frame;
    }
    let (first, last) = word.split_once("..").unwrap_or((word, word));
    let start = words.position.saturating_sub(word.len());
    let spanned = |part: &str, at| Spanned { value: part.to_owned(), span: words.node.part(at, part.len()) };
    RawRange::Fields(spanned(first, start), spanned(last, words.position.saturating_sub(last.len())))
}

/// `u24le`: an integer type.
fn int(word: &str) -> Option<RawInt> {
    let (rest, endian) = if let Some(rest) = word.strip_suffix("be") {
        (rest, Some(Endian::Big))
    } else if let Some(rest) = word.strip_suffix("le") {
        (rest, Some(Endian::Little))
    } else {
        (word, None)
    };
    let signed = rest.starts_with('i');
    let bits = rest.strip_prefix(['u', 'i'])?;
    let bytes =
        ["8", "16", "24", "32", "40", "48", "56", "64"].iter().zip(1_u8..).find(|(width, _)| **width == bits)?;
    Some(RawInt { bytes: bytes.1, signed, endian })
}

/// `b7`: a part of a bit group.
fn bits(word: &str) -> Option<u8> {
    let digits = word.strip_prefix('b')?;
    digits.parse().ok().filter(|width| (1..=63).contains(width) && !digits.starts_with('+'))
}

/// `bytes[200]`: what stands between the brackets.
fn bracketed<'w>(word: &'w str, name: &str) -> Option<&'w str> {
    word.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')
}

fn fixed_size(text: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) -> Option<u64> {
    let size = number(text).and_then(|(number, _)| u64::try_from(number).ok());
    let size = size.filter(|size| (1..=MOST).contains(size));
    if size.is_none() {
        diagnostics.push(diag::bad_size(span, text, "1 to 2147483647 bytes"));
    }
    size
}

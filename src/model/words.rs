//! The words of a phrase: numbers, quoted texts, and all else between white space.

use super::phrase::{Literal, Spanned};
use crate::diag::{self, Diagnostic, Span};
use crate::yaml::Node;

/// A decimal or hexadecimal number, single `_` between digits; of an even count of hexadecimal digits also the bytes.
///
/// A hexadecimal number of more than 64 bits is larger than any type's: it has the value `i128::MAX`, and its bytes.
pub(super) fn number(text: &str) -> Option<(i128, Option<Vec<u8>>)> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (digits, radix) = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => (hex, 16),
        None => (digits, 10),
    };
    if digits.split('_').any(|group| group.is_empty() || !group.chars().all(|digit| digit.is_digit(radix))) {
        return None;
    }
    let digits = digits.replace('_', "");
    let bytes = if radix == 16 && !negative { pairs(&digits) } else { None };
    let value = match digits.trim_start_matches('0') {
        "" => 0,
        significant if radix == 16 && significant.len() > 16 => bytes.as_ref().map(|_| i128::MAX)?,
        significant => i128::from_str_radix(significant, radix).ok()?,
    };
    Some((if negative { value.checked_neg()? } else { value }, bytes))
}

fn pairs(hex: &str) -> Option<Vec<u8>> {
    let whole = !hex.is_empty() && hex.len().is_multiple_of(2);
    whole.then(|| hex.as_bytes().chunks(2).map(pair).collect::<Option<Vec<u8>>>())?
}

fn pair(digits: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(digits).ok().filter(|text| !text.starts_with('+'))?;
    u8::from_str_radix(text, 16).ok()
}

/// One word of a phrase.
pub(super) struct Token {
    pub(super) kind: TokenKind,
    /// As it is written, quotes and all.
    pub(super) text: String,
    pub(super) span: Span,
}

pub(super) enum TokenKind {
    Word,
    /// The bytes between the quotes.
    Quoted(Vec<u8>),
}

impl Token {
    pub(super) fn word(&self) -> &str {
        &self.text
    }

    pub(super) fn spanned(&self) -> Spanned<String> {
        Spanned { value: self.word().to_owned(), span: self.span }
    }
}

/// The words of a scalar.
pub(super) struct Words<'a> {
    pub(super) node: &'a Node,
    pub(super) text: &'a str,
    pub(super) position: usize,
}

impl<'a> Words<'a> {
    pub(super) fn new(node: &'a Node, text: &'a str) -> Self {
        Self { node, text, position: 0 }
    }

    pub(super) fn next(&mut self, diagnostics: &mut Vec<Diagnostic>) -> Option<Token> {
        let rest = self.text.get(self.position..)?;
        let trimmed = rest.trim_start();
        let start = self.position.saturating_add(rest.len().saturating_sub(trimmed.len()));
        let first = trimmed.chars().next()?;
        let (kind, len) = if first == '"' {
            match quoted(trimmed) {
                Some((bytes, len)) => (TokenKind::Quoted(bytes), len),
                None => {
                    diagnostics.push(diag::unexpected_end(
                        self.node.part(start, trimmed.len()),
                        "a closing quote; escapes are \\r \\n \\t \\0 \\\\ \\\" \\xNN",
                    ));
                    self.position = self.text.len();
                    return None;
                }
            }
        } else {
            (TokenKind::Word, word_len(trimmed))
        };
        self.position = start.saturating_add(len);
        let text = trimmed.get(..len).unwrap_or_default().to_owned();
        Some(Token { kind, text, span: self.node.part(start, len) })
    }

    /// The mistake of a size in brackets that has a space in it, or no end: from its first word, which was just taken.
    pub(super) fn open_bracket(&mut self, first: Span) -> Diagnostic {
        let start = self.text.len().saturating_sub(self.text.trim_start().len());
        let rest = self.text.get(self.position..).unwrap_or_default();
        let end = rest.find(']').map_or(0, |at| at.saturating_add(1));
        self.position = self.position.saturating_add(end);
        let text = self.text.get(start..self.position).unwrap_or_default();
        let part = self.node.part(start, text.len());
        let span = Span { start: first.start, end: part.end.max(first.end) };
        diag::bad_size(span, text, "a number of bytes in brackets without spaces, such as `bytes[1024]`")
    }

    pub(super) fn expect(&mut self, what: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Token> {
        let before = diagnostics.len();
        let token = self.next(diagnostics);
        if token.is_none() && diagnostics.len() == before {
            diagnostics.push(diag::unexpected_end(self.end_span(), what));
        }
        token
    }

    /// Takes the next word if it is this one.
    pub(super) fn take(&mut self, word: &str, diagnostics: &mut Vec<Diagnostic>) -> bool {
        let before = self.position;
        let found = self.text.get(before..).is_some_and(|rest| rest.trim_start().starts_with(word));
        let taken = found && self.next(diagnostics).is_some_and(|token| token.word() == word);
        if !taken {
            self.position = before;
        }
        taken
    }

    pub(super) fn number(&mut self, what: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Spanned<i128>> {
        let token = self.expect(what, diagnostics)?;
        let Some((value, _)) = number(token.word()) else {
            diagnostics.push(diag::bad_number(token.span, token.word(), what));
            return None;
        };
        Some(Spanned { value, span: token.span })
    }

    pub(super) fn literal(&mut self, diagnostics: &mut Vec<Diagnostic>) -> Option<Spanned<Literal>> {
        let token = self.expect("a number, 0xHEX or \"text\"", diagnostics)?;
        let value = match token.kind {
            TokenKind::Quoted(bytes) => Literal::Text(bytes),
            TokenKind::Word => {
                let Some((value, bytes)) = number(&token.text) else {
                    diagnostics.push(diag::bad_number(token.span, &token.text, "a number, 0xHEX or \"text\""));
                    return None;
                };
                Literal::Number(value, bytes)
            }
        };
        Some(Spanned { value, span: token.span })
    }

    /// Reports a word that is left over.
    pub(super) fn end(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        if let Some(token) = self.next(diagnostics) {
            diagnostics.push(diag::unexpected_word(token.span, token.word(), &[]));
        }
    }

    pub(super) fn end_span(&self) -> Span {
        self.node.part(0, self.text.len())
    }
}

/// A word ends at white space, at a quote, and around `=` unless that belongs to `..=`.
fn word_len(text: &str) -> usize {
    if text.starts_with('=') {
        return 1;
    }
    let ends = |(at, each): (usize, char)| {
        let range = text.get(..at).is_some_and(|before| before.ends_with(".."));
        each.is_whitespace() || each == '"' || (each == '=' && !range)
    };
    text.char_indices().find(|place| ends(*place)).map_or(text.len(), |(at, _)| at)
}

/// The bytes of a quoted text and how long it stands in the phrase.
fn quoted(text: &str) -> Option<(Vec<u8>, usize)> {
    let mut bytes = Vec::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, each)) = chars.next() {
        match each {
            '"' => return Some((bytes, at.saturating_add(1))),
            '\\' => match chars.next()?.1 {
                'r' => bytes.push(b'\r'),
                'n' => bytes.push(b'\n'),
                't' => bytes.push(b'\t'),
                '0' => bytes.push(0),
                '\\' => bytes.push(b'\\'),
                '"' => bytes.push(b'"'),
                'x' => {
                    let digits = [chars.next()?.1, chars.next()?.1].iter().collect::<String>();
                    bytes.push(pair(digits.as_bytes())?);
                }
                _ => return None,
            },
            other => bytes.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    None
}

/// The bytes of a text with the escapes of the language: `\r \n \t \0 \\ \" \xNN`.
#[must_use]
pub fn unescape(text: &str) -> Option<Vec<u8>> {
    let whole = format!("\"{text}\"");
    quoted(&whole).filter(|(_, len)| *len == whole.len()).map(|(bytes, _)| bytes)
}

//! The mistakes of a file as YAML.

use super::{Code, Diagnostic, Span, one_line};

fn mistake(code: Code, span: Span, message: String, label: &str, help: &str) -> Diagnostic {
    Diagnostic { code, message: one_line(&message), span, label: label.to_owned(), second: None, help: one_line(help) }
}

/// FW001. `byte`: the first of the bytes at `span`; `utf16`: the file begins like UTF-16.
#[must_use]
pub fn not_utf8(span: Span, byte: u8, utf16: bool) -> Diagnostic {
    let help = if utf16 { "it looks like UTF-16: save it as UTF-8" } else { "save the file as UTF-8" };
    mistake(Code::FW001, span, format!("byte 0x{byte:02x} is not UTF-8"), "not UTF-8", help)
}

/// FW002. `reason`: the parser's words; `opened`: the bracket that is still open there.
#[must_use]
pub fn syntax(span: Span, reason: &str, help: &str, opened: Option<Span>) -> Diagnostic {
    let second = opened.map(|span| (span, "opened here".to_owned()));
    Diagnostic { second, ..mistake(Code::FW002, span, format!("not YAML: {reason}"), "here", help) }
}

/// FW003.
#[must_use]
pub fn anchor(span: Span) -> Diagnostic {
    let help = "remove it and write the value out wherever it is used; quote text that begins with `&`";
    mistake(Code::FW003, span, "anchors are not part of the language".to_owned(), "an anchor", help)
}

/// FW003.
#[must_use]
pub fn alias(span: Span) -> Diagnostic {
    let help = "write the value out; quote text that begins with `*`";
    mistake(Code::FW003, span, "aliases are not part of the language".to_owned(), "an alias", help)
}

/// FW004.
#[must_use]
pub fn tag(span: Span) -> Diagnostic {
    let help = "remove it; quote text that begins with `!`";
    mistake(Code::FW004, span, "tags are not part of the language".to_owned(), "a tag", help)
}

/// FW005.
#[must_use]
pub fn merge_key(span: Span) -> Diagnostic {
    let help = "write the merged keys out";
    mistake(Code::FW005, span, "merge keys are not part of the language".to_owned(), "a merge key", help)
}

/// FW006. `first`: the key's first occurrence in the same map.
#[must_use]
pub fn duplicate_key(span: Span, first: Span, key: &str) -> Diagnostic {
    let help = "remove one of the two";
    Diagnostic {
        second: Some((first, "first here".to_owned())),
        ..mistake(Code::FW006, span, format!("the key `{key}` occurs twice"), "again here", help)
    }
}

/// FW007.
#[must_use]
pub fn too_deep(span: Span, limit: usize) -> Diagnostic {
    let message = format!("nested more than {limit} deep");
    mistake(Code::FW007, span, message, "one level too many", "a spec needs no more than ten levels: remove brackets")
}

/// FW007. `span` is where the limit is passed.
#[must_use]
pub fn too_many_bytes(span: Span, limit: usize) -> Diagnostic {
    let message = format!("the file is larger than {limit} bytes");
    mistake(Code::FW007, span, message, "the limit is passed here", "one file describes one protocol: split it")
}

/// FW007.
#[must_use]
pub fn too_many_nodes(span: Span, limit: usize) -> Diagnostic {
    let message = format!("the file has more than {limit} keys and values");
    mistake(Code::FW007, span, message, "one too many", "one file describes one protocol: split it")
}

/// FW008.
#[must_use]
pub fn no_document(span: Span) -> Diagnostic {
    let help = "a spec begins with `framewright: 1`";
    mistake(Code::FW008, span, "the file is empty".to_owned(), "", help)
}

/// FW008. `first`: where the first document begins.
#[must_use]
pub fn second_document(span: Span, first: Span) -> Diagnostic {
    let help = "one file describes one protocol: move the second document to a file of its own";
    Diagnostic {
        second: Some((first, "the first begins here".to_owned())),
        ..mistake(Code::FW008, span, "a second document begins".to_owned(), "the second", help)
    }
}

/// FW012: a key that is a list or a map.
#[must_use]
pub fn key_not_text(span: Span) -> Diagnostic {
    let help = "a key is one word; quote a text in brackets";
    mistake(Code::FW012, span, "a key is not a list or a map".to_owned(), "this is a key", help)
}

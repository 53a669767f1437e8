//! Diagnostics: what is wrong with a spec, where, and how to mend it.

mod codes;
mod pages;
mod render;
mod spec;
mod suggest;
pub mod yaml;

pub use codes::Code;
pub use render::{Colour, render};
pub use spec::*;
pub use suggest::did_you_mean;

/// A range of bytes in a spec file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// One mistake of a spec file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code, such as `FW009`.
    pub code: Code,
    /// What is wrong, in one line.
    pub message: String,
    /// The culprit.
    pub span: Span,
    /// What to say at the culprit; may be empty.
    pub label: String,
    /// The counterpart, where two places conflict.
    pub second: Option<(Span, String)>,
    /// The fix.
    pub help: String,
}

/// Characters of a message or help at most; what a file says can be as long as the file.
const LONGEST: usize = 300;

/// Text on one line: control characters escaped, and what is too long cut.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    for (count, each) in text.chars().enumerate() {
        if count == LONGEST {
            line.push('…');
            break;
        }
        if each.is_control() {
            line.extend(each.escape_default());
        } else {
            line.push(each);
        }
    }
    line
}

/// Puts diagnostics in the order of the file; those of one place by code, then in the order in which they were found.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(|d| (d.span, d.code));
}

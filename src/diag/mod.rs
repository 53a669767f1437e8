//! Diagnostics: what is wrong with a spec, where, and how to mend it.

mod codes;

pub use codes::Code;

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

//! A YAML document as a tree that knows where each of its nodes stands in the file.

mod place;
mod syntax;
mod tree;

use crate::diag::{Code, Diagnostic, Span, sort, yaml};

/// Bytes of the largest file that is read.
pub const MAX_BYTES: usize = 1 << 20;
/// Keys and values of the largest file that is read.
pub const MAX_NODES: usize = 100_000;
/// How deep lists and maps may nest.
pub const MAX_DEPTH: usize = 32;

/// Reads a file of any bytes: the tree, and all mistakes that are YAML's, in the order of the file.
///
/// A tree comes with mistakes beside it as long as each of its nodes means what it says, so that a reader of it need not fear
/// mistakes that follow from those already reported: an anchor or a tag is passed over, the second of two equal keys
/// and a second document are left out. There is none where the meaning of a part is unknown: after bytes that are not UTF-8, a
/// syntax error, an alias, a merge key, a key that is no text, or a limit.
#[must_use]
pub fn parse(source: &[u8]) -> (Option<Node>, Vec<Diagnostic>) {
    if source.len() > MAX_BYTES {
        let span = Span { start: MAX_BYTES, end: MAX_BYTES };
        return (None, vec![yaml::too_many_bytes(span, MAX_BYTES)]);
    }
    match std::str::from_utf8(source) {
        Ok(text) => {
            let (root, mut diagnostics) = tree::read(text);
            sort(&mut diagnostics);
            (root, diagnostics)
        }
        Err(bad) => {
            let bad = bad.valid_up_to();
            let span = Span { start: bad, end: bad.saturating_add(1) };
            let utf16 = source.starts_with(&[0xff, 0xfe]) || source.starts_with(&[0xfe, 0xff]);
            let byte = source.get(bad).copied().unwrap_or_default();
            let mut diagnostics = vec![yaml::not_utf8(span, byte, utf16)];
            // A syntax error may follow from the bad bytes; what else is found does not.
            let (_, others) = tree::read(&stand_in(source));
            diagnostics.extend(others.into_iter().filter(|d| !matches!(d.code, Code::FW002 | Code::FW008)));
            sort(&mut diagnostics);
            (None, diagnostics)
        }
    }
}

/// The same text with a letter for each byte that is not UTF-8, so that all others stay in their places.
fn stand_in(source: &[u8]) -> String {
    let mut text = String::with_capacity(source.len());
    for chunk in source.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| 'x'));
    }
    text
}

/// A value of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// Text. `verbatim`: every byte of `text` stands in the file from `span.start` on (a plain one-line scalar), or one further
    /// for a quoted one without escapes; then `text_start` is the file offset of the text's first byte.
    Scalar {
        /// Its value.
        text: String,
        /// It was quoted: `"1"` is text, `1` a number.
        quoted: bool,
        /// File offset of the text's first byte, where the text stands in the file as it is.
        text_start: Option<usize>,
    },
    /// A list.
    Seq(Vec<Node>),
    /// Keys and values in order; keys are scalars and differ.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// The span of `len` bytes of a scalar's text from byte `from` on; the whole node where the text is not verbatim.
    #[must_use]
    pub fn part(&self, from: usize, len: usize) -> Span {
        match &self.kind {
            NodeKind::Scalar { text_start: Some(start), .. } => {
                let start = start.saturating_add(from);
                Span { start, end: start.saturating_add(len) }
            }
            NodeKind::Scalar { text_start: None, .. } | NodeKind::Seq(_) | NodeKind::Map(_) => self.span,
        }
    }
}

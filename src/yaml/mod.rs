//! A YAML document as a tree that knows where each of its nodes stands in the file.

use crate::diag::Span;

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

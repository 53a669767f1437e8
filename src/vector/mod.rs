//! Vectors: streams and what they mean.

use crate::interp::{Class, End};
use crate::value::Fields;

/// One stream of a protocol and what a decoder must make of it, however it is cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vector {
    /// Opaque and stable, assigned once.
    pub id: String,
    /// What it shows.
    pub name: String,
    /// How much a deviation matters at most.
    pub level: Level,
    /// Words that the file's notes explain.
    pub flags: Vec<String>,
    /// Where it is from: a standard's section, a peer's documentation.
    pub source: Option<String>,
    /// Made from the spec, not by hand.
    pub derived: bool,
    /// The bytes.
    pub stream: Vec<u8>,
    /// Where fields stand in the stream.
    pub marks: Vec<Mark>,
    /// What the stream means.
    pub expect: Expect,
}

/// How much a deviation matters. The greatest matters most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A decoder may do it.
    May,
    /// A decoder should do it.
    Should,
    /// A decoder must do it.
    Must,
}

/// Where a field stands in a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Of its first byte in the stream.
    pub offset: usize,
    /// In bytes.
    pub length: usize,
    /// Frame and field: `0.length`.
    pub path: String,
}

/// What a stream means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expect {
    /// In the order of the bytes.
    pub events: Vec<Expected>,
    /// How the stream ends.
    pub end: End,
}

/// One thing that a stream means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A frame.
    Frame {
        /// One past its last byte.
        end: usize,
        /// What a frame-level user is handed.
        emitted: Vec<u8>,
        /// Its visible fields in wire order.
        fields: Fields,
    },
    /// A refusal.
    Reject {
        /// Why.
        class: Class,
        /// The offset of the byte that does it.
        at: usize,
    },
}

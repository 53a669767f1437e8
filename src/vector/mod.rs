//! Vectors: streams and what they mean, values and their bytes.
//!
//! [`derive`] makes them from a plan, [`handwritten`] reads those made by hand, [`build`] puts both together, and [`to_json`] writes
//! the file of a protocol. What a derived vector expects follows from how its stream was put together (`draft` lays out frames,
//! `claim` says what a length makes impossible, `compose` what follows a reject), not from the decoder; tests compare the two.

mod body;
mod claim;
mod compose;
mod derive;
mod draft;
mod examples;
mod faults;
mod file;
mod good;
mod handwritten;
mod marks;
mod nested;
mod notes;
mod peek;
mod pieces;
mod refusals;
mod samples;
mod search;
mod sums;
pub mod sweep;

use std::collections::BTreeMap;

pub use derive::derive;
pub use examples::{Example, Piece, examples};
pub use file::{FormatError, from_json, to_json};
pub use handwritten::{HandwrittenError, build};
pub use marks::marks;

use crate::interp::{Class, EncodeClass, End};
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
        /// Its visible fields in wire order; nothing where the vector does not tell them.
        fields: Option<Fields>,
    },
    /// A refusal.
    Reject {
        /// Why.
        class: Class,
        /// The offset of the byte that does it.
        at: usize,
    },
}

/// A value and the bytes that an encoder makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeVector {
    /// Opaque and stable, assigned once.
    pub id: String,
    /// What it shows.
    pub name: String,
    /// Words that the file's notes explain.
    pub flags: Vec<String>,
    /// Where it is from.
    pub source: Option<String>,
    /// Made from the spec, not by hand.
    pub derived: bool,
    /// What the caller gives. Of a refused value the fields may be of any kind and any name.
    pub value: Fields,
    /// The whole frame, or the class of the refusal.
    pub expect: Result<Vec<u8>, EncodeClass>,
}

/// What a flag stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What goes wrong in a program that fails.
    pub effect: String,
    /// Where to read more.
    pub links: Vec<String>,
}

/// All vectors of a protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vectors {
    /// The protocol's name.
    pub protocol: String,
    /// What the flags of these vectors stand for.
    pub notes: BTreeMap<String, Note>,
    /// For decoders.
    pub tests: Vec<Vector>,
    /// For encoders.
    pub encode: Vec<EncodeVector>,
}

impl Vectors {
    /// With the notes of all their flags.
    #[must_use]
    pub fn new(protocol: String, tests: Vec<Vector>, encode: Vec<EncodeVector>) -> Self {
        let flags = tests.iter().flat_map(|test| &test.flags);
        let notes = notes::notes(flags.chain(encode.iter().flat_map(|vector| &vector.flags)));
        Self { protocol, notes, tests, encode }
    }
}

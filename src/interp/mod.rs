//! The reference codec: measure, decode, encode, straight from a [`Plan`](crate::plan::Plan).

#![deny(clippy::arithmetic_side_effects)]

mod body;
mod checksum;
mod cursor;
mod decode;
mod delimiter;
mod encode;
mod expr;
mod frame;
mod json;
mod mask;
mod msgpack;
mod nested;
mod search;
mod wire;
mod words;

pub use checksum::checksum;
pub(crate) use checksum::of as checksum_of;
pub use decode::{Decoder, decode, measure};
pub use encode::{encode, inputs};
pub(crate) use expr::reads;
pub use json::{fields_from_json, fields_to_json};

use crate::value::Fields;

/// Why a stream is refused. The words are those of the testee protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "spec/README.md says for each when it arises")]
pub enum Class {
    BadConst,
    BadEnum,
    OutOfRange,
    LengthTooSmall,
    FrameTooLarge,
    NonMinimal,
    BadChecksum,
    BadCheck,
    BadBody,
    DelimiterTooFar,
    Incomplete,
}

/// What a prefix of a stream says about its first frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// At least so many more bytes are needed; at least 1.
    Need(u64),
    /// The frame ends after so many bytes, which are all here.
    Frame(usize),
    /// The byte at this offset makes it refused.
    Reject(Class, usize),
}

/// One thing that a stream means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A frame.
    Frame(Frame),
    /// A refusal by the byte at this offset of the stream.
    Reject {
        /// Why.
        class: Class,
        /// The offset of the byte that makes it certain.
        at: u64,
    },
}

/// A decoded frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Offset of its first byte in the stream.
    pub start: u64,
    /// One past its last byte.
    pub end: u64,
    /// What a frame-level user is handed.
    pub emitted: Vec<u8>,
    /// All visible fields in wire order, constants and lengths included, absent ones left out.
    pub fields: Fields,
}

/// How a stream ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// At a frame boundary.
    Clean,
    /// Inside a frame.
    Incomplete,
    /// After a reject that ended it.
    Rejected,
}

/// Everything that a whole stream means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// In the order of the bytes.
    pub events: Vec<Event>,
    /// How it ends.
    pub end: End,
}

/// Why a frame cannot be written. The words are those of the testee protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "`encode` says for each when it arises")]
pub enum EncodeClass {
    MissingField,
    UnknownField,
    WrongType,
    DoesNotFit,
    BadEnum,
    OutOfRange,
    WrongSize,
    ContainsDelimiter,
    BadCheck,
    BadBody,
    FrameTooLarge,
    LengthTooSmall,
}

/// A refusal of the encoder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError {
    /// For code.
    pub class: EncodeClass,
    /// The field to blame, if it is one.
    pub field: Option<String>,
    /// For people: the cause, and the way out.
    pub message: String,
}

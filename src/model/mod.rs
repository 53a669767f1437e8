//! `Protocol`: a spec that passed validation. Its only way on is [`plan`](crate::plan).
//!
//! [`load`] reads a spec in four steps, each of which reports all its mistakes: `document` reads the keys of the file,
//! `words`, `phrase` and `expr` the words of each field, `resolve` gives every name its meaning, `layout` finds out
//! which sizes are known when. Lowering then has nothing left to refuse.

mod checksum;
mod choice;
mod document;
mod eval;
mod expr;
pub(crate) mod grammar;
mod interval;
pub(crate) mod layout;
mod phrase;
mod refused;
mod resolve;
mod types;
mod verify;
mod words;

pub use checksum::{ALGORITHMS, Algorithm, Crc};
pub use types::*;
pub use words::unescape;

use crate::diag::Diagnostic;

/// A protocol that passed validation.
#[derive(Clone, Debug, PartialEq)]
pub struct Protocol {
    /// The protocol's name.
    pub name: String,
    /// Its doc string, or nothing.
    pub doc: String,
    /// Bytes of the largest whole frame that is let through.
    pub max_frame: u64,
    /// Bytes of the largest whole frame that there can be: `max_frame`, or less where the types allow no more.
    pub largest: u64,
    /// Bytes of the smallest whole frame.
    pub min_frame: u64,
    /// Enums in order of declaration.
    pub enums: Vec<EnumDef>,
    /// Every named value in wire order.
    pub slots: Vec<Slot>,
    /// The values that live from frame to frame.
    pub session: Vec<Carried>,
    /// Those of the session, then what stands on the wire, in order, and the checks.
    pub items: Vec<Item>,
    /// What the lengths count; any two are nested or apart.
    pub counts: Vec<Counted>,
    /// The checksums, each behind those that it covers.
    pub sums: Vec<Summed>,
    /// What a frame-level user is handed.
    pub emit: Emit,
    /// How decoding goes on after a reject.
    pub policy: Policy,
    /// What a peer's settings say beyond the bytes.
    pub peers: Peers,
}

/// One entry of the frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// It is absent where this is 0.
    pub guard: Option<Expr>,
    /// What it is.
    pub body: Body,
    /// The arms of `match` that it stands in, from the outermost in: number of the match and of the arm.
    pub arms: Vec<(usize, usize)>,
}

/// What an entry of the frame is.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the variants and their fields mean what those of `OpKind` do")]
pub enum Body {
    Carry { slot: SlotId, int: IntType, accept: Accept },
    Int { slot: SlotId, int: IntType, accept: Accept },
    Const { slot: SlotId, bytes: Vec<u8> },
    Bits { int: IntType, parts: Vec<BitPart> },
    Bytes { slot: SlotId, extent: Extent, content: Content },
    Msgpack { slot: SlotId },
    Frames { slot: SlotId, times: Expr, deep: u8 },
    Pad { slot: SlotId, size: PadSize },
    Let { slot: SlotId, bits: u8, value: Expr, pieces: Vec<SlotId>, accept: Accept },
    Peek { slot: SlotId, accept: Accept, texts: Vec<Vec<u8>>, ahead: Ahead, others: bool },
    Check(Expr, Demand),
}

/// Where the size of a bytes field comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extent {
    /// It is fixed.
    Fixed(u64),
    /// From the innermost length that counts it.
    Counted,
    /// From a delimiter.
    Until {
        /// In the order of the spec.
        delimiters: Vec<Vec<u8>>,
        /// The delimiter is part of the value.
        kept: bool,
        /// Bytes of content at most.
        max: Option<u64>,
    },
}

/// A range of items that a length counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The length and its arithmetic.
    pub region: Region,
    /// Index of the first item counted.
    pub first: usize,
    /// Index of the last item counted.
    pub last: usize,
    /// Index of the item that holds the length.
    pub length: usize,
}

/// A checksum of a range of items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summed {
    /// What is covered, in the spec's words.
    pub what: String,
    /// The field that holds the checksum.
    pub slot: SlotId,
    /// How it is computed.
    pub algorithm: Algorithm,
    /// The low byte of this value follows what is covered.
    pub then: Option<Expr>,
    /// Index of the first item covered.
    pub first: usize,
    /// Index of the last item covered.
    pub last: usize,
    /// Index of the item that holds the checksum; where it is itself covered, its bytes count as zeros.
    pub item: usize,
}

/// Reads and validates a spec.
///
/// # Errors
///
/// All mistakes of the file, in the order of their places.
pub fn load(source: &[u8]) -> Result<Protocol, Vec<Diagnostic>> {
    let (tree, mut diagnostics) = crate::yaml::parse(source);
    let protocol = tree.and_then(|tree| {
        let document = document::read(&tree, &mut diagnostics);
        resolve::resolve(&document, &mut diagnostics)
    });
    crate::diag::sort(&mut diagnostics);
    match protocol {
        Some(protocol) if diagnostics.is_empty() => Ok(protocol),
        Some(_) | None => Err(diagnostics),
    }
}

//! Segmentations: the ways in which a stream can be cut into chunks, and what a decoder under test is.

mod drive;
mod family;
mod proof;
mod rng;
mod shape;
mod text;
mod walk;

pub use drive::{Judge, drive};
pub use family::{Cases, Family, Tier, TooLong, UnknownFamily};
pub use proof::{Counter, Proof, prove};
pub use rng::Rng;
pub use text::BadSegmentation;
pub(crate) use text::write_number;
pub use walk::walk;

/// Cuts of a stream of n bytes: offsets from 0 to n that never fall. Equal neighbours are an empty feed.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Segmentation {
    /// Where one chunk ends and the next begins.
    pub cuts: Vec<usize>,
    /// The end of the stream is given together with the last chunk.
    pub glued: bool,
}

impl Segmentation {
    /// Where each chunk of a stream of `n` bytes ends: the cuts, then `n`.
    pub fn ends(&self, n: usize) -> impl Iterator<Item = usize> + '_ {
        self.cuts.iter().copied().chain(std::iter::once(n))
    }
}

/// What a decoder under test was seen to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Observed {
    /// It emitted these bytes.
    Frame(Vec<u8>),
    /// It emitted fields, as JSON text.
    Fields(String),
    /// It reported an error: a class word (or `error`), and free text.
    Error {
        /// A reject class, or `error`.
        class: String,
        /// Whatever the decoder says.
        text: String,
    },
}

/// What a decoder under test says at the end of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObservedEnd {
    /// No bytes of an incomplete frame remain.
    Clean,
    /// Some do.
    Incomplete,
    /// It cannot say.
    Unknown,
}

/// A decoder under test that lives in this process.
pub trait Testee {
    /// Takes one chunk, which may be empty, and appends what it did.
    fn feed(&mut self, chunk: &[u8], out: &mut Vec<Observed>);
    /// Takes the last chunk, which may be empty, together with the end of the stream.
    fn finish(&mut self, last: &[u8], out: &mut Vec<Observed>) -> ObservedEnd;
}

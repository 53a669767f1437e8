//! Fuzzing of decoders under test: streams that nobody thought of, cut as TCP may cut them, held against the reference codec.
//!
//! A [`Campaign`] goes in rounds. Each makes streams from those that it has ([`mutate`]), runs them as the runner runs vectors, and keeps the
//! streams whose outcome is new, as the reference and the testee show it ([`outcome`]). Each new kind of deviation is made small. What is
//! drawn depends on the seed alone: not on the clock, nor on the number of workers.

mod campaign;
mod mutate;
mod outcome;

pub use campaign::{Campaign, Fuzzed, Progress, Worker};
pub use mutate::{Mutator, Seed};

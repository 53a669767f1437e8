//! Runs decoders under test through every segmentation of every vector.
//!
//! A testee lives in this process ([`run_provable`], [`run_testee`]) or is a program that speaks FWT/1 ([`run_program`]). Only this module
//! starts processes.

#![cfg_attr(not(feature = "cli"), expect(dead_code, reason = "some of it serves only testees that are programs"))]

mod deviation;
pub mod embedded;
mod examine;
mod fields;
mod hello;
mod in_process;
mod judge;
mod known;
mod meaning;
mod outcome;
#[cfg(feature = "cli")]
mod process;
mod replay;
mod reply;
mod resources;
mod show;
mod shrink;
mod tally;
mod wire;

use crate::segment::{Family, Rng};
use crate::vector::Vector;

pub use deviation::{Deviation, Kind};
pub use hello::Hello;
pub use in_process::{run_provable, run_testee};
pub use judge::{Demand, Follower};
pub use known::{Entry, Known};
pub use meaning::Meaning;
pub use outcome::{Finding, RunReport, Status, VectorReport, Verdict, status};
#[cfg(feature = "cli")]
pub use process::{Program, Session, answer_one, end_on_signals, judge_resources, run_program};
pub use replay::{Replayed, replay};
pub use reply::{Answer, Reply};
pub use resources::{Check, Outcome, Resource};

/// What a testee checks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Checks {
    /// Constants, ranges, enums and bodies.
    #[default]
    All,
    /// Where frames end, and nothing else.
    Framing,
}

/// One part of the vectors, so that several machines share the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// From 1 to `of`.
    pub index: usize,
    /// How many parts there are.
    pub of: usize,
}

impl Shard {
    /// Reads `2/5`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (index, of) = text.split_once('/')?;
        let shard = Self { index: index.parse().ok()?, of: of.parse().ok()? };
        (1..=shard.of).contains(&shard.index).then_some(shard)
    }

    /// Whether a vector belongs to this part.
    #[must_use]
    pub fn has(self, id: &str) -> bool {
        Rng::new(0, id).below(self.of) == self.index.saturating_sub(1)
    }
}

/// How small a failing case is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shrink {
    /// It is reported as it was met.
    Not,
    /// The fewest cuts, and no frame of the vector at either end that is not needed.
    #[default]
    Frames,
    /// Also without every byte that is not needed: the stream is no longer the vector's.
    Bytes,
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Cases run.
    pub cases: usize,
    /// Cases in all; for a proof, which ends sooner, those of `square`.
    pub of: usize,
}

/// What is to be run: one testee on one protocol.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    /// The testee's name in reports.
    pub testee: &'a str,
    /// The options that lead `framewright replay` to this testee and protocol.
    pub reach: &'a str,
    /// The protocol.
    pub meaning: &'a Meaning,
    /// All of its vectors.
    pub vectors: &'a [Vector],
    /// How streams are cut. A program cannot be proved: it gets `square`.
    pub family: Family,
    /// Decides what is drawn at random.
    pub seed: u64,
    /// A part of the vectors.
    pub shard: Option<Shard>,
    /// Which vectors are wanted.
    pub select: &'a dyn Fn(&Vector) -> bool,
    /// The testee's known failures.
    pub known: &'a Known,
    /// How small a failing case is made before it is reported.
    pub shrink: Shrink,
    /// Told now and then.
    pub progress: &'a dyn Fn(Progress),
}

impl std::fmt::Debug for Job<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job")
            .field("testee", &self.testee)
            .field("protocol", &self.meaning.plan().name)
            .finish_non_exhaustive()
    }
}

/// What a testee says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Version of the decoder under test.
    pub version: String,
    /// Its language.
    pub language: String,
    /// What it checks.
    pub checks: Checks,
    /// It emits fields, not bytes.
    pub fields: bool,
    /// It decodes.
    pub decodes: bool,
    /// It encodes.
    pub encodes: bool,
}

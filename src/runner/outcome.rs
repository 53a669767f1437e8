//! What a run comes to.

use crate::runner::deviation::Kind;
use crate::runner::reply::Reply;
use crate::runner::resources::Resource;
use crate::segment::{Segmentation, Tier};
use crate::vector::{Level, Mark};

/// One testee on one protocol.
#[derive(Clone, Debug, PartialEq)]
pub struct RunReport {
    /// The testee's name.
    pub testee: String,
    /// Version of the decoder under test; empty where it says none.
    pub version: String,
    /// Its language.
    pub language: String,
    /// The protocol's name.
    pub protocol: String,
    /// Decides what is drawn at random.
    pub seed: u64,
    /// The options that lead `framewright replay` to this testee and protocol.
    pub reach: String,
    /// Every vector that was selected, in order.
    pub vectors: Vec<VectorReport>,
    /// What it takes of time and memory, where that was asked for.
    pub resources: Vec<Resource>,
    /// Cases run: segmentations, or feeds of the proof.
    pub cases: usize,
    /// Why there is no verdict: the testee does not serve the protocol.
    pub skipped: Option<String>,
    /// Why the run could not be done, or not to its end.
    pub error: Option<String>,
    /// Entries of the known failures that did not happen.
    pub stale: Vec<String>,
}

impl RunReport {
    /// A report of a run that has not begun.
    #[must_use]
    pub fn new(testee: &str, protocol: &str, seed: u64, reach: &str) -> Self {
        Self {
            testee: testee.to_owned(),
            version: String::new(),
            language: String::new(),
            protocol: protocol.to_owned(),
            seed,
            reach: reach.to_owned(),
            vectors: Vec::new(),
            resources: Vec::new(),
            cases: 0,
            skipped: None,
            error: None,
            stale: Vec::new(),
        }
    }
}

/// One vector.
#[derive(Clone, Debug, PartialEq)]
pub struct VectorReport {
    /// The vector's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// It is for encoders: one value, no stream.
    pub encodes: bool,
    /// Its bytes.
    pub stream: Vec<u8>,
    /// Where its fields stand.
    pub marks: Vec<Mark>,
    /// What was done to it.
    pub tier: Tier,
    /// Cases run: segmentations, or feeds of the proof.
    pub cases: usize,
    /// What came of it.
    pub verdict: Verdict,
    /// The reply to the uncut stream; nothing where there was none that can be read.
    pub control: Option<Reply>,
    /// What is wrong, the gravest first.
    pub findings: Vec<Finding>,
}

/// What came of a vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// No deviation.
    Pass,
    /// Deviations of this level at most, not all of them known.
    Fail(Level),
    /// Deviations, all of them known.
    Known,
    /// The testee does not check what the vector turns on.
    NotApplicable,
    /// The run ended before.
    NotRun,
}

/// One kind of deviation of one vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind.
    pub kind: Kind,
    /// How much it matters.
    pub level: Level,
    /// The uncut stream shows it: the fault is the decoder's, not the cut's.
    pub uncut: bool,
    /// How many bytes had been fed.
    pub fed: usize,
    /// The smallest stream found: the vector's, or as much of it as [`Shrink`](crate::runner::Shrink) left.
    pub stream: Vec<u8>,
    /// Its fewest cuts found.
    pub cuts: Segmentation,
    /// The fewest cuts found of the vector's whole stream.
    pub replay: Segmentation,
    /// The right reply, as the testee protocol writes it.
    pub expected: String,
    /// What was replied.
    pub got: String,
    /// More about it; may be empty.
    pub text: String,
    /// Why it is known.
    pub known: Option<String>,
}

/// How the whole run ends: the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Nothing to report.
    Clean,
    /// Deviations, or known failures that do not happen.
    Findings,
    /// The job could not be done.
    Failed,
    /// No vector was selected.
    Nothing,
}

impl Status {
    /// The exit code: 0, 1, 2, 4.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Failed => 2,
            Self::Nothing => 4,
        }
    }
}

impl VectorReport {
    /// It makes the run fail: of the level must, or with `strict` of the level should.
    #[must_use]
    pub fn fails(&self, strict: bool) -> bool {
        match self.verdict {
            Verdict::Fail(level) => level >= if strict { Level::Should } else { Level::Must },
            Verdict::Pass | Verdict::Known | Verdict::NotApplicable | Verdict::NotRun => false,
        }
    }
}

impl RunReport {
    /// Checks of time and memory that make the run fail: with `strict`, for a decoder should pass them.
    pub fn failing_resources(&self, strict: bool) -> impl Iterator<Item = &Resource> {
        self.resources.iter().filter(move |resource| strict && resource.fails())
    }
}

/// What all runs together come to. The one place that decides the exit status.
#[must_use]
pub fn status(reports: &[RunReport], strict: bool) -> Status {
    let findings = |report: &RunReport| {
        !report.stale.is_empty()
            || report.vectors.iter().any(|vector| vector.fails(strict))
            || report.failing_resources(strict).next().is_some()
    };
    let ran = |vector: &VectorReport| !matches!(vector.verdict, Verdict::NotApplicable | Verdict::NotRun);
    if reports.iter().any(|report| report.error.is_some()) {
        Status::Failed
    } else if reports.iter().any(findings) {
        Status::Findings
    } else if reports.iter().flat_map(|report| &report.vectors).any(ran) {
        Status::Clean
    } else {
        Status::Nothing
    }
}

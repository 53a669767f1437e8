//! What a program takes of time and memory, and what of it is too much.

use crate::runner::deviation::Kind;

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// Time of one large frame that comes byte by byte.
    Drip,
    /// Time of many small frames in one chunk.
    Coalesced,
    /// Memory for a length of which few bytes come.
    Claim,
    /// Memory for bytes beyond the largest frame.
    Oversize,
    /// Memory as cases go by.
    Cases,
}

impl Check {
    /// Every check, in the order in which they are made.
    pub const ALL: [Self; 5] = [Self::Drip, Self::Coalesced, Self::Claim, Self::Oversize, Self::Cases];

    /// What lists of known failures write behind the protocol. Stable.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Drip => "resource-drip",
            Self::Coalesced => "resource-coalesced",
            Self::Claim => "resource-claim",
            Self::Oversize => "resource-oversize",
            Self::Cases => "resource-cases",
        }
    }

    /// The same in words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Drip => "time of one large frame, byte by byte",
            Self::Coalesced => "time of many small frames in one chunk",
            Self::Claim => "memory for a length of which few bytes come",
            Self::Oversize => "memory for bytes beyond the largest frame",
            Self::Cases => "memory as cases go by",
        }
    }

    /// The deviation that it looks for.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::Drip | Self::Coalesced => Kind::SuperlinearTime,
            Self::Claim => Kind::ClaimedMemory,
            Self::Oversize => Kind::UnboundedBuffer,
            Self::Cases => Kind::GrowingMemory,
        }
    }
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// No more than its due.
    Pass,
    /// The deviation that the check looks for.
    Fail,
    /// It could not be told: never to be read as passed.
    NotJudged,
}

/// One check of a program on a protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// What was looked at.
    pub check: Check,
    /// What came of it.
    pub outcome: Outcome,
    /// What was measured, or why it was not judged.
    pub text: String,
    /// Why the deviation is known.
    pub known: Option<String>,
}

impl Resource {
    /// A deviation that is not known.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.outcome == Outcome::Fail && self.known.is_none()
    }

    /// In a word, for reports.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match (self.outcome, &self.known) {
            (Outcome::Pass, _) => "pass",
            (Outcome::Fail, None) => self.check.kind().word(),
            (Outcome::Fail, Some(_)) => "known",
            (Outcome::NotJudged, _) => "not judged",
        }
    }
}

//! The ways in which a decoder deviates from what a stream means.

use std::fmt;
use std::str::FromStr;

use crate::vector::Level;

macro_rules! kinds {
    ($($id:ident $word:literal $level:ident $doc:literal;)*) => {
        /// A kind of deviation. The words are stable: lists of known failures name them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $(#[doc = $doc] $id,)* }

        impl Kind {
            /// Every kind, the gravest first.
            pub const ALL: &'static [Self] = &[$(Self::$id,)*];

            /// The stable word.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$id => $word,)* }
            }

            /// How much it matters at most; the level of a vector can lower it.
            #[must_use]
            pub fn level(self) -> Level {
                match self { $(Self::$id => Level::$level,)* }
            }
        }
    };
}

kinds! {
    Crash "crash" Must "It ended, or panicked, while it decoded.";
    Hang "hang" Must "It did not answer in time.";
    ProtocolError "protocol-error" Must "What it wrote is no reply, or not one reply for each case.";
    OrderDependent "order-dependent" Must "It fails only after other cases: state leaks from one decoder to the next.";
    CutDependent "cut-dependent" Must "Already the uncut stream is decoded wrongly; cut, it is decoded in yet another way.";
    WrongFrame "wrong-frame" Must "A frame has other bytes or fields.";
    EarlyFrame "early-frame" Must "A frame was emitted before its last byte had arrived.";
    ExtraFrame "extra-frame" Must "A frame was emitted where there is none.";
    MissingFrame "missing-frame" Must "A frame was never emitted.";
    FalseReject "false-reject" Must "An error was reported where there is none.";
    MissedReject "missed-reject" Must "Bytes that must be refused were not.";
    EarlyReject "early-reject" Must "An error was reported before the byte that makes it one; of delimiter-too-far that is a convention, and a `may`.";
    WrongBytes "wrong-bytes" Must "An encoder wrote other bytes.";
    FalseRefusal "false-refusal" Must "An encoder refused a value that has bytes.";
    MissedRefusal "missed-refusal" Must "An encoder wrote bytes for a value that must be refused.";
    LateFrame "late-frame" Should "A frame was emitted later than by the feed that brought its last byte.";
    LateReject "late-reject" Should "An error was reported later than by the feed that brought the wrong byte.";
    WrongEnd "wrong-end" Should "Bytes of an incomplete frame were not reported at the end, or some were that do not remain.";
    SuperlinearTime "superlinear-time" Should "Twice the bytes take clearly more than twice the time.";
    ClaimedMemory "claimed-memory" Should "Memory was taken for what a length claims, before those bytes came.";
    UnboundedBuffer "unbounded-buffer" Should "Bytes beyond the largest frame were kept.";
    GrowingMemory "growing-memory" Should "Memory grows with the cases served: something is never given back.";
    WrongClass "wrong-class" May "An error was reported as another one.";
}

impl Kind {
    /// It is of a program's time or memory, not of what it replies.
    #[must_use]
    pub fn is_of_resources(self) -> bool {
        matches!(self, Self::SuperlinearTime | Self::ClaimedMemory | Self::UnboundedBuffer | Self::GrowingMemory)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|kind| kind.word() == text).ok_or(())
    }
}

/// One deviation in one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// What kind it is.
    pub kind: Kind,
    /// How much it matters.
    pub level: Level,
    /// How many of the expected events had been seen.
    pub event: usize,
    /// How many bytes had been fed.
    pub fed: usize,
    /// What a testee that broke down was last heard to say; else empty.
    pub text: String,
}

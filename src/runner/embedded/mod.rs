//! Decoders inside the binary: the reference decoder and tokio-util's codecs.

mod reference;
mod tokio_util;

use std::sync::Arc;

use crate::plan::peers::tokio;
use crate::runner::{About, Checks, Job, RunReport, run_provable};

pub use reference::Reference;
pub use tokio_util::TokioUtil;

/// A decoder inside the binary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Embedded {
    /// The reference decoder.
    Reference,
    /// tokio-util's `LengthDelimitedCodec`, `LinesCodec` and `AnyDelimiterCodec`.
    TokioUtil,
}

impl Embedded {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Reference, Self::TokioUtil];

    /// As it is written on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::TokioUtil => "tokio-util",
        }
    }

    /// Runs it. Where it cannot serve the protocol the report says why.
    #[must_use]
    pub fn run(self, job: &Job<'_>) -> RunReport {
        let about = |version: &str, checks| About { version: version.to_owned(), language: "rust".to_owned(), checks };
        let plan = job.meaning.plan();
        match self {
            Self::Reference => {
                let fresh = || Reference::new(Arc::clone(plan));
                run_provable(job, &about(env!("CARGO_PKG_VERSION"), Checks::All), &fresh)
            }
            Self::TokioUtil => {
                let about = about(tokio_util::VERSION, Checks::Framing);
                let codec = tokio::settings(plan).and_then(|peer| TokioUtil::new(&peer.settings, plan.policy));
                match codec {
                    Ok(codec) => run_provable(job, &about, &|| codec.clone()),
                    Err(reason) => RunReport { skipped: Some(reason), ..crate::runner::examine::report(job, &about) },
                }
            }
        }
    }
}

//! Decoders inside the binary: the reference decoder and tokio-util's codecs.

mod reference;
mod tokio_util;

use std::sync::Arc;

use crate::plan::Plan;
use crate::plan::peers::tokio;
use crate::runner::{About, Answer, Checks, Job, Reply, RunReport, run_provable};
use crate::segment::Segmentation;

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

    /// Runs one case.
    ///
    /// # Errors
    /// Why it cannot serve the protocol, in words.
    pub fn answer(self, plan: &Arc<Plan>, stream: &[u8], cuts: &Segmentation) -> Result<Answer, String> {
        let reply = match self {
            Self::Reference => Reply::record(Reference::new(Arc::clone(plan)), stream, cuts),
            Self::TokioUtil => Reply::record(codec(plan)?, stream, cuts),
        };
        Ok(Answer::Reply(reply))
    }

    /// Runs it. Where it cannot serve the protocol the report says why.
    #[must_use]
    pub fn run(self, job: &Job<'_>) -> RunReport {
        let about = |version: &str, checks| About {
            version: version.to_owned(),
            language: "rust".to_owned(),
            checks,
            decodes: true,
            ..About::default()
        };
        let plan = job.meaning.plan();
        match self {
            Self::Reference => {
                let fresh = || Reference::new(Arc::clone(plan));
                run_provable(job, &about(env!("CARGO_PKG_VERSION"), Checks::All), &fresh)
            }
            Self::TokioUtil => {
                let about = about(tokio_util::VERSION, Checks::Framing);
                match codec(plan) {
                    Ok(codec) => run_provable(job, &about, &|| codec.clone()),
                    Err(reason) => RunReport { skipped: Some(reason), ..crate::runner::examine::report(job, &about) },
                }
            }
        }
    }
}

/// tokio-util's codec for a protocol.
fn codec(plan: &Plan) -> Result<TokioUtil, String> {
    tokio::settings(plan).and_then(|peer| TokioUtil::new(&peer.settings, plan.policy))
}

//! What runs came to: as text for people, JSON for programs, JUnit for build servers.

mod bytes;
pub mod json;
pub mod junit;
pub mod text;

use crate::runner::{Finding, RunReport, VectorReport};

/// The command that runs the case of a finding again.
#[must_use]
pub fn replay(report: &RunReport, vector: &VectorReport, finding: &Finding) -> String {
    format!("framewright replay {}:{} {}", vector.id, finding.replay, report.reach)
}

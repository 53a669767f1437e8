//! Encode vectors: one request and one reply each.

use std::time::Duration;

use serde_json::Value as Json;

use crate::interp::fields_to_json;
use crate::plan::Plan;
use crate::plan::geometry::{Geometry, geometry};
use crate::runner::deviation::Kind;
use crate::runner::outcome::{Finding, RunReport, VectorReport, Verdict};
use crate::runner::process::live::Live;
use crate::runner::{About, Job, wire};
use crate::segment::{Segmentation, Tier};
use crate::value::to_hex;
use crate::vector::EncodeVector;

/// Runs the vectors that the testee can be asked for, and adds them to the report.
///
/// # Errors
/// That the testee broke down, in words.
pub(super) fn run(
    job: &Job<'_>,
    vectors: &[EncodeVector],
    about: &About,
    deadline: Duration,
    live: &mut Live,
    served: &mut usize,
    report: &mut RunReport,
) -> Result<(), String> {
    let plan = job.meaning.plan();
    for vector in vectors.iter().filter(|vector| job.shard.is_none_or(|shard| shard.has(&vector.id))) {
        let Some(request) = request(plan, about, vector) else {
            report.vectors.push(concluded(vector, 0, Verdict::NotApplicable, Vec::new()));
            continue;
        };
        live.send(format!("e {request}\n").as_bytes());
        let bound = vector.expect.as_ref().map_or(0, Vec::len).saturating_mul(2).saturating_add(1 << 16);
        let line = live.line(deadline, bound).map_err(|fault| format!("{} to be encoded: {fault}", vector.id))?;
        *served += 1;
        let got = String::from_utf8_lossy(line).into_owned();
        let found: Vec<Finding> =
            judge(vector, &got).map(|kind| finding(vector, kind, got, request)).into_iter().collect();
        let verdict = found.first().map_or(Verdict::Pass, |finding| Verdict::Fail(finding.level));
        report.vectors.push(concluded(vector, 1, verdict, found));
    }
    Ok(())
}

/// What stands behind `e`; nothing where a framer has no such value. A framer is given what stands behind a length at the frame's
/// start.
fn request(plan: &Plan, about: &About, vector: &EncodeVector) -> Option<String> {
    if about.fields {
        return Some(fields_to_json(plan, &vector.value).to_string());
    }
    let (Ok(bytes), Ok(Geometry::LengthField(field))) = (&vector.expect, geometry(plan)) else { return None };
    if field.offset > 0 {
        return None;
    }
    let payload = bytes.get(usize::from(field.width)..)?;
    Some(Json::String(to_hex(payload)).to_string())
}

fn judge(vector: &EncodeVector, got: &str) -> Option<Kind> {
    let refusal = got.strip_prefix('!').map(|refusal| refusal.split(' ').next().unwrap_or_default());
    match (&vector.expect, refusal) {
        (Ok(bytes), None) if wire::bytes(got).as_ref() == Some(bytes) => None,
        (Ok(_), None) => Some(Kind::WrongBytes),
        (Ok(_), Some(_)) => Some(Kind::FalseRefusal),
        (Err(_), None) => Some(Kind::MissedRefusal),
        (Err(class), Some(word)) if word == class.word() || word == "error" => None,
        (Err(_), Some(_)) => Some(Kind::WrongClass),
    }
}

fn finding(vector: &EncodeVector, kind: Kind, got: String, request: String) -> Finding {
    let expected = match &vector.expect {
        Ok(bytes) => wire::word(bytes),
        Err(class) => format!("!{class}"),
    };
    Finding {
        kind,
        level: kind.level(),
        uncut: true,
        fed: 0,
        stream: Vec::new(),
        cuts: Segmentation::default(),
        replay: Segmentation::default(),
        expected,
        got,
        text: format!("e {request}"),
        known: None,
    }
}

fn concluded(vector: &EncodeVector, cases: usize, verdict: Verdict, findings: Vec<Finding>) -> VectorReport {
    VectorReport {
        id: vector.id.clone(),
        name: vector.name.clone(),
        encodes: true,
        stream: Vec::new(),
        marks: Vec::new(),
        tier: Tier::Whole,
        cases,
        verdict,
        findings,
    }
}

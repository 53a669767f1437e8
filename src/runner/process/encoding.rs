//! Encode vectors: one request and one reply each.

use std::time::Duration;

use serde_json::Value as Json;

use crate::interp::fields_to_json;
use crate::plan::Plan;
use crate::plan::geometry::{Geometry, geometry};
use crate::runner::deviation::Kind;
use crate::runner::outcome::{Finding, RunReport, VectorReport, Verdict};
use crate::runner::process::live::{Fault, Live};
use crate::runner::process::patience::Patience;
use crate::runner::process::{Program, kind};
use crate::runner::{About, Job, wire};
use crate::segment::{Segmentation, Tier};
use crate::value::to_hex;
use crate::vector::EncodeVector;

/// Runs the vectors that the testee can be asked for, and adds them to the report. Gives back the process, where it still runs,
/// with the number of cases that it served in all.
pub(super) fn run(
    job: &Job<'_>,
    vectors: &[EncodeVector],
    about: &About,
    program: &Program,
    mut running: Option<(Live, usize)>,
    patience: &mut Patience,
    report: &mut RunReport,
) -> Option<(Live, usize)> {
    let plan = job.meaning.plan();
    // What ended the decode vectors ends these.
    let mut over = report.error.clone();
    let mut unrun = 0_usize;
    for vector in vectors.iter().filter(|vector| job.shard.is_none_or(|shard| shard.has(&vector.id))) {
        let Some(request) = request(plan, about, vector) else {
            report.vectors.push(concluded(vector, 0, Verdict::NotApplicable, Vec::new()));
            continue;
        };
        over = over.or_else(|| patience.over());
        let started = match (&over, running.take()) {
            (Some(why), _) => Err(why.clone()),
            (None, Some(running)) => Ok(running),
            (None, None) => program.again().map(|live| (live, 0)),
        };
        let (mut live, served) = match started {
            Ok(running) => running,
            Err(why) => {
                over = Some(why);
                unrun += 1;
                report.vectors.push(concluded(vector, 0, Verdict::NotRun, Vec::new()));
                continue;
            }
        };
        let found = match exchange(&mut live, vector, &request, program.deadline) {
            Ok(got) => {
                patience.answered();
                running = Some((live, served + 1));
                judge(vector, &got).map(|kind| finding(vector, kind, got, request))
            }
            Err(fault) => {
                patience.breakdown(kind(&fault) == Kind::Hang);
                Some(finding(vector, kind(&fault), fault.to_string(), request))
            }
        };
        let verdict = found.as_ref().map_or(Verdict::Pass, |finding| Verdict::Fail(finding.level));
        report.vectors.push(concluded(vector, 1, verdict, found.into_iter().collect()));
    }
    if unrun > 0 {
        let why = over.unwrap_or_default();
        report.error = Some(format!("{why}; {unrun} vectors to be encoded were not run"));
    }
    running
}

fn exchange(live: &mut Live, vector: &EncodeVector, request: &str, deadline: Duration) -> Result<String, Fault> {
    live.send(format!("e {request}\n").as_bytes(), deadline)?;
    let bound = vector.expect.as_ref().map_or(0, Vec::len).saturating_mul(2).saturating_add(1 << 16);
    let line = live.line(deadline, bound)?;
    Ok(String::from_utf8_lossy(line).into_owned())
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
        control: None,
        findings,
    }
}

//! Reports for programs.

use serde::Serialize;

use crate::report::replay;
use crate::runner::{Finding, Resource, RunReport, Status, VectorReport, Verdict, status};
use crate::value::to_hex;
use crate::vector::Level;

#[derive(Serialize)]
struct File<'a> {
    status: &'static str,
    runs: Vec<Run<'a>>,
}

#[derive(Serialize)]
struct Run<'a> {
    testee: &'a str,
    version: &'a str,
    language: &'a str,
    protocol: &'a str,
    /// As text: not every reader keeps 64 bits.
    seed: String,
    cases: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    stale: &'a [String],
    vectors: Vec<Vector<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resources: Vec<Measured<'a>>,
}

#[derive(Serialize)]
struct Measured<'a> {
    id: &'a str,
    name: &'a str,
    verdict: &'a str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<&'a str>,
}

#[derive(Serialize)]
struct Vector<'a> {
    id: &'a str,
    name: &'a str,
    verdict: &'static str,
    tier: &'static str,
    cases: usize,
    findings: Vec<Found<'a>>,
}

#[derive(Serialize)]
struct Found<'a> {
    kind: &'static str,
    level: &'static str,
    uncut: bool,
    stream: String,
    cuts: String,
    expected: &'a str,
    got: &'a str,
    text: &'a str,
    replay: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<&'a str>,
}

/// The reports as one JSON document with a newline at its end.
#[must_use]
pub fn write(reports: &[RunReport], strict: bool) -> String {
    let status = match status(reports, strict) {
        Status::Clean => "clean",
        Status::Findings => "findings",
        Status::Failed => "failed",
        Status::Nothing => "nothing",
    };
    let file = File { status, runs: reports.iter().map(run).collect() };
    let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
    text.push('\n');
    text
}

fn run(report: &RunReport) -> Run<'_> {
    Run {
        testee: &report.testee,
        version: &report.version,
        language: &report.language,
        protocol: &report.protocol,
        seed: report.seed.to_string(),
        cases: report.cases,
        skipped: report.skipped.as_deref(),
        error: report.error.as_deref(),
        stale: &report.stale,
        vectors: report.vectors.iter().map(|each| vector(report, each)).collect(),
        resources: report.resources.iter().map(measured).collect(),
    }
}

fn measured(resource: &Resource) -> Measured<'_> {
    Measured {
        id: resource.check.id(),
        name: resource.check.name(),
        verdict: resource.word(),
        text: &resource.text,
        known: resource.known.as_deref(),
    }
}

fn vector<'a>(report: &'a RunReport, vector: &'a VectorReport) -> Vector<'a> {
    let found = |finding: &'a Finding| Found {
        kind: finding.kind.word(),
        level: level(finding.level),
        uncut: finding.uncut,
        stream: to_hex(&finding.stream),
        cuts: finding.cuts.to_string(),
        expected: &finding.expected,
        got: &finding.got,
        text: &finding.text,
        replay: replay(report, vector, finding),
        known: finding.known.as_deref(),
    };
    Vector {
        id: &vector.id,
        name: &vector.name,
        verdict: match vector.verdict {
            Verdict::Pass => "pass",
            Verdict::Fail(level) => self::level(level),
            Verdict::Known => "known",
            Verdict::NotApplicable => "not-applicable",
            Verdict::NotRun => "not-run",
        },
        tier: vector.tier.name(),
        cases: vector.cases,
        findings: vector.findings.iter().map(found).collect(),
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Must => "must",
        Level::Should => "should",
        Level::May => "may",
    }
}

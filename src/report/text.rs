//! Reports for people: a table of verdicts, then each failure with its bytes and the line that runs it again.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::report::{bytes, replay};
use crate::runner::{Finding, Kind, Outcome, Resource, RunReport, VectorReport, Verdict};
use crate::segment::Tier;
use crate::vector::Level;

/// Replies are shown up to so many characters.
const REPLY: usize = 400;

/// The table: a line for each testee and protocol.
#[must_use]
pub fn table(reports: &[RunReport], strict: bool) -> String {
    let mut rows = vec![["testee", "protocol", "vectors", "cases", "tier", "verdict"].map(str::to_owned)];
    rows.extend(reports.iter().filter(|report| report.skipped.is_none()).map(|report| {
        [
            format!("{} {}", report.testee, report.version).trim_end().to_owned(),
            report.protocol.clone(),
            report.vectors.len().to_string(),
            report.cases.to_string(),
            tiers(report),
            verdict(report, strict),
        ]
    }));
    let mut out = aligned(&rows, &[2, 3]);
    out.push_str(&skips(reports));
    out
}

/// Rows with their cells under each other; numbers stand at the right of their column.
fn aligned<const COLUMNS: usize>(rows: &[[String; COLUMNS]], numbers: &[usize]) -> String {
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..COLUMNS).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let _infallible = match numbers.contains(&column) {
                true => write!(line, "{cell:>width$}  "),
                false => write!(line, "{cell:<width$}  "),
            };
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// What the programs take of time and memory: a line for each check, and nothing where none was made.
#[must_use]
pub fn resources(reports: &[RunReport]) -> String {
    let row = |report: &RunReport, resource: &Resource| {
        [&*report.testee, &report.protocol, resource.check.id(), resource.word(), &resource.text].map(str::to_owned)
    };
    let mut rows = vec![["testee", "protocol", "check", "verdict", "measured"].map(str::to_owned)];
    rows.extend(reports.iter().flat_map(|report| report.resources.iter().map(|resource| row(report, resource))));
    if rows.len() > 1 { aligned(&rows, &[]) } else { String::new() }
}

/// Who skipped what, and why: a line for each testee and reason.
fn skips(reports: &[RunReport]) -> String {
    let mut found: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    for report in reports {
        let Some(reason) = &report.skipped else { continue };
        match found.iter_mut().find(|(testee, why, _)| *testee == report.testee && why == reason) {
            Some((_, _, protocols)) => protocols.push(&report.protocol),
            None => found.push((&report.testee, reason, vec![&report.protocol])),
        }
    }
    let line = |(testee, reason, protocols): &(&str, &str, Vec<&str>)| match protocols.as_slice() {
        [first, second, third, fourth, _, _, ..] => {
            let more = protocols.len() - 4;
            format!("{testee} skips {first}, {second}, {third}, {fourth} and {more} more: {reason}\n")
        }
        few => format!("{testee} skips {}: {reason}\n", few.join(", ")),
    };
    found.iter().map(line).collect()
}

/// One line over all: vectors and cases, and what came of them.
#[must_use]
pub fn summary(reports: &[RunReport], strict: bool) -> String {
    let vectors = || reports.iter().flat_map(|report| &report.vectors);
    let count = |wanted: &dyn Fn(&VectorReport) -> bool| vectors().filter(|vector| wanted(vector)).count();
    let failed = count(&|vector| vector.fails(strict));
    let known = count(&|vector| vector.verdict == Verdict::Known);
    let idle = count(&|vector| vector.verdict == Verdict::NotApplicable);
    let unrun = count(&|vector| vector.verdict == Verdict::NotRun);
    let passed = vectors().count() - failed - known - idle - unrun;
    let cases: usize = reports.iter().map(|report| report.cases).sum();
    let stale: usize = reports.iter().map(|report| report.stale.len()).sum();
    let errors = reports.iter().filter(|report| report.error.is_some()).count();
    let mut line =
        format!("{cases} cases: {passed} vectors passed, {failed} failed, {known} known, {idle} not applicable");
    for (number, word) in [(unrun, "not run"), (stale, "stale known failures"), (errors, "errors")] {
        if number > 0 {
            let _infallible = write!(line, ", {number} {word}");
        }
    }
    line.push('\n');
    line
}

/// The tiers of the vectors that were run, the commonest first.
fn tiers(report: &RunReport) -> String {
    let mut counts: BTreeMap<Tier, usize> = BTreeMap::new();
    for vector in report.vectors.iter().filter(|vector| vector.cases > 0 && !vector.encodes) {
        *counts.entry(vector.tier).or_default() += 1;
    }
    let mut counts: Vec<(Tier, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(tier, count)| std::cmp::Reverse((*count, *tier)));
    match counts.as_slice() {
        [] => "-".to_owned(),
        [(tier, _)] => tier.to_string(),
        [(tier, _), rest @ ..] => {
            let rest: Vec<String> = rest.iter().map(|(tier, count)| format!("{count} {tier}")).collect();
            format!("{tier}, {}", rest.join(", "))
        }
    }
}

fn verdict(report: &RunReport, strict: bool) -> String {
    if let Some(reason) = &report.skipped {
        return format!("skipped: {reason}");
    }
    let count = |wanted: &dyn Fn(&VectorReport) -> bool| report.vectors.iter().filter(|vector| wanted(vector)).count();
    let failed = count(&|vector| vector.fails(strict));
    let resources = |wanted: Outcome| report.resources.iter().filter(|each| each.outcome == wanted).count();
    let heavy = report.failing_resources(strict).count();
    let parts = [
        (failed, "failed"),
        (heavy, "of time or memory"),
        (resources(Outcome::Fail) - heavy, "of time or memory advised or known"),
        (resources(Outcome::NotJudged), "of time or memory not judged"),
        (report.stale.len(), "stale"),
        (count(&|vector| vector.verdict == Verdict::Known), "known"),
        (count(&|vector| matches!(vector.verdict, Verdict::Fail(_)) && !vector.fails(strict)), "advised"),
        (count(&|vector| vector.verdict == Verdict::NotApplicable), "not applicable"),
        (count(&|vector| vector.verdict == Verdict::NotRun), "not run"),
    ];
    let said: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    let word = match (&report.error, failed + heavy + report.stale.len()) {
        (Some(error), _) => format!("error: {error}"),
        (None, 0) if report.vectors.is_empty() => "no vectors".to_owned(),
        (None, 0) => "pass".to_owned(),
        (None, _) => "FAIL".to_owned(),
    };
    if said.is_empty() { word } else { format!("{word} ({})", said.join(", ")) }
}

/// Every failure, and the entries of the known failures that did not happen. With `strict` also what decoders should do.
#[must_use]
pub fn failures(reports: &[RunReport], strict: bool) -> String {
    let least = if strict { Level::Should } else { Level::Must };
    let mut out = String::new();
    for report in reports {
        for vector in &report.vectors {
            for finding in vector.findings.iter().filter(|finding| finding.known.is_none() && finding.level >= least) {
                out.push_str(&failure(report, vector, finding));
                out.push('\n');
            }
        }
        for resource in report.failing_resources(strict) {
            let (kind, check) = (resource.check.kind(), resource.check);
            let (testee, protocol) = (&report.testee, &report.protocol);
            let _infallible =
                writeln!(out, "SHOULD {testee} on {protocol}: {kind} in {} ({})", check.id(), check.name());
            let _infallible = writeln!(out, "  measured  {}\n", resource.text);
        }
        for entry in &report.stale {
            let _infallible = writeln!(
                out,
                "STALE {} on {}: the known failure `{entry}` did not happen; take it out of the list\n",
                report.testee, report.protocol
            );
        }
    }
    out
}

/// One failure.
#[must_use]
pub fn failure(report: &RunReport, vector: &VectorReport, finding: &Finding) -> String {
    let mut rows: Vec<(String, String)> = Vec::new();
    let whole = finding.stream == vector.stream;
    let marks = if whole { vector.marks.as_slice() } else { &[] };
    if !vector.encodes {
        rows.extend(bytes::lines(&finding.stream, marks, &finding.cuts));
    }
    if finding.cuts.glued {
        rows.push((String::new(), "(the end comes with the last chunk)".to_owned()));
    }
    if vector.encodes {
        rows.push(("request".to_owned(), clip(&finding.text)));
    }
    rows.push(("expected".to_owned(), clip(&finding.expected)));
    rows.push(("got".to_owned(), clip(&finding.got)));
    // What fails only after other cases passes when it is run alone.
    if !vector.encodes && finding.kind != Kind::OrderDependent {
        rows.push(("replay".to_owned(), replay(report, vector, finding)));
    }
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let level = match finding.level {
        Level::Must => "FAIL",
        Level::Should => "SHOULD",
        Level::May => "MAY",
    };
    let uncut = finding.uncut && !vector.encodes && finding.kind != Kind::OrderDependent;
    let uncut = if uncut { ", uncut already: the fault is the decoder's, not the cut's" } else { "" };
    let mut out = format!(
        "{level} {} on {}: {} in {} ({}){uncut}\n",
        report.testee, report.protocol, finding.kind, vector.id, vector.name
    );
    for (name, text) in rows {
        let _infallible = writeln!(out, "{}", format!("  {name:<width$}  {text}").trim_end());
    }
    out
}

fn clip(text: &str) -> String {
    let mut clipped: String = text.chars().take(REPLY).collect();
    if clipped.len() < text.len() {
        let _infallible = write!(clipped, "… ({} characters)", text.chars().count());
    }
    clipped
}

//! From vectors to tallies, and from tallies to a report: what testees of every kind have in common.

use std::collections::BTreeSet;

use crate::runner::deviation::{Deviation, Kind};
use crate::runner::judge::Demand;
use crate::runner::outcome::{Finding, RunReport, VectorReport, Verdict};
use crate::runner::reply::{Answer, Reply};
use crate::runner::shrink::{Case, fewest_bytes, fewest_cuts, fewest_frames};
use crate::runner::tally::Tally;
use crate::runner::{About, Checks, Job, Shrink, show};
use crate::segment::{Cases, Counter, Family, Rng, Segmentation, Tier};
use crate::vector::{Expect, Expected, Level, Vector};

/// Runs one case by itself.
pub(crate) type Probe<'a> = dyn FnMut(&[u8], &Segmentation) -> Answer + 'a;

/// A vector, and what it means to this testee; nothing where it does not apply.
pub(crate) struct Task<'a> {
    pub(crate) vector: &'a Vector,
    pub(crate) expect: Option<Expect>,
    pub(crate) cases: Cases,
}

/// The vectors of a job, each with its cases.
pub(crate) fn tasks<'a>(job: &Job<'a>, checks: Checks) -> Vec<Task<'a>> {
    let wanted = |vector: &&Vector| job.shard.is_none_or(|shard| shard.has(&vector.id)) && (job.select)(vector);
    let task =
        |vector: &'a Vector| Task { vector, expect: job.meaning.of_vector(vector, checks), cases: cases(job, vector) };
    job.vectors.iter().filter(wanted).map(task).collect()
}

fn cases(job: &Job<'_>, vector: &Vector) -> Cases {
    let marks = vector.marks.iter().flat_map(|mark| [mark.offset, mark.offset.saturating_add(mark.length)]);
    let seams: BTreeSet<usize> = marks.chain(frame_ends(&vector.expect)).collect();
    let seams: Vec<usize> = seams.into_iter().collect();
    let rng = || Rng::new(job.seed, &vector.id);
    let n = vector.stream.len();
    // `exhaustive` is for short streams; a longer one gets what any black box gets.
    match job.family.cases(n, &seams, rng()) {
        Ok(cases) => cases,
        Err(_) => Family::square(n, &seams, rng()),
    }
}

fn frame_ends(expect: &Expect) -> impl Iterator<Item = usize> + '_ {
    expect.events.iter().filter_map(|event| match event {
        Expected::Frame { end, .. } => Some(*end),
        Expected::Reject { .. } => None,
    })
}

/// An empty report of a job.
pub(crate) fn report(job: &Job<'_>, about: &About) -> RunReport {
    let report = RunReport::new(job.testee, &job.meaning.plan().name, job.seed, job.reach);
    RunReport { version: about.version.clone(), language: about.language.clone(), ..report }
}

/// Counts the cases, and holds the report against the known failures.
pub(crate) fn close(job: &Job<'_>, report: &mut RunReport) {
    report.cases = report.vectors.iter().map(|vector| vector.cases).sum();
    let wanted = |vector: &Vector| job.shard.is_none_or(|shard| shard.has(&vector.id)) && (job.select)(vector);
    let all = job.vectors.iter().all(wanted) && !report.vectors.iter().any(|vector| vector.verdict == Verdict::NotRun);
    job.known.apply(report, all);
}

/// The report of a vector that was not run.
pub(crate) fn unrun(task: &Task<'_>, verdict: Verdict) -> VectorReport {
    VectorReport {
        id: task.vector.id.clone(),
        name: task.vector.name.clone(),
        encodes: false,
        stream: task.vector.stream.clone(),
        marks: task.vector.marks.clone(),
        tier: Tier::Whole,
        cases: 0,
        verdict,
        control: None,
        findings: Vec::new(),
    }
}

/// The report of a vector: each kind of deviation shrunk and shown.
pub(crate) fn conclude(
    job: &Job<'_>,
    checks: Checks,
    tally: &mut Tally<'_>,
    tier: Tier,
    probe: &mut Probe<'_>,
) -> VectorReport {
    let mut found = std::mem::take(&mut tally.found);
    found.sort_by_key(|counter| counter.deviation.kind);
    let mut findings: Vec<Finding> =
        found.into_iter().map(|counter| finding(job, checks, tally, counter, probe)).collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    let verdict = findings.iter().map(|finding| finding.level).max().map_or(Verdict::Pass, Verdict::Fail);
    let vector = tally.vector;
    VectorReport {
        id: vector.id.clone(),
        name: vector.name.clone(),
        encodes: false,
        stream: vector.stream.clone(),
        marks: vector.marks.clone(),
        tier,
        cases: tally.cases,
        verdict,
        control: tally.control.take(),
        findings,
    }
}

fn finding(
    job: &Job<'_>,
    checks: Checks,
    tally: &Tally<'_>,
    counter: Counter<Deviation>,
    probe: &mut Probe<'_>,
) -> Finding {
    let Counter { cuts, deviation } = counter;
    let Deviation { kind, level, fed, text, .. } = deviation;
    let vector = tally.vector;
    let original = Case { stream: vector.stream.clone(), cuts };
    let meaning = |stream: &[u8]| match stream == vector.stream {
        true => Some(tally.expect.clone()),
        false => job.meaning.of_stream(stream, checks),
    };
    let mut fails = |case: &Case| {
        let n = case.stream.len();
        let demand = match kind {
            Kind::CutDependent => control(&case.stream, vector.level, probe),
            _ => meaning(&case.stream).map(|expect| Demand::meaning(n, vector.level, &expect)),
        };
        let Some(demand) = demand else { return false };
        let answer = probe(&case.stream, &case.cuts);
        answer.judge(&demand, &case.cuts).iter().any(|deviation| deviation.kind == kind)
    };
    // What happens only after other cases, or costs a deadline each time, is shown as it was met.
    let as_met = matches!(kind, Kind::OrderDependent | Kind::Hang | Kind::ProtocolError) || job.shrink == Shrink::Not;
    let frames: Vec<usize> = frame_ends(&tally.expect).collect();
    let whole = if as_met { original } else { fewest_cuts(original, tries(kind), &mut fails) };
    let replay = whole.cuts.clone();
    let mut least = if as_met { whole } else { fewest_frames(whole, &frames, tries(kind), &mut fails) };
    if !as_met && job.shrink == Shrink::Bytes {
        least = fewest_bytes(least, tries(kind), &mut fails);
        least = fewest_cuts(least, tries(kind), &mut fails);
    }
    let Case { stream, cuts } = least;
    let expected = match kind {
        Kind::CutDependent if !as_met => show::answer(&probe(&stream, &Segmentation::default())),
        _ => meaning(&stream).map_or_else(String::new, |expect| show::expect(&expect, stream.len(), &cuts)),
    };
    let got = if as_met { text.clone() } else { show::answer(&probe(&stream, &cuts)) };
    let uncut = replay.cuts.is_empty();
    Finding { kind, level, uncut, fed, stream, cuts, replay, expected, got, text, known: None }
}

/// How many cases shrinking may take. A crash of a program costs a new process each time.
fn tries(kind: Kind) -> usize {
    if kind == Kind::Crash { 24 } else { 2000 }
}

/// What the decoder does with the uncut stream, as the rule for its segmentations.
fn control(stream: &[u8], level: Level, probe: &mut Probe<'_>) -> Option<Demand> {
    match probe(stream, &Segmentation::default()) {
        Answer::Reply(Reply { seen, end, .. }) => Some(Demand::control(stream.len(), level, seen, end)),
        Answer::Broken(..) => None,
    }
}

//! Rounds of streams, run by workers.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::mutate::{Mutator, Seed};
use super::outcome::outcome;
use crate::interp::End;
use crate::runner::{Checks, Finding, Job, Kind, Known, Meaning, RunReport, Shrink, VectorReport, Verdict};
use crate::segment::{Family, Rng};
use crate::vector::{Expect, Expected, Level, Vector, marks};

/// Batches of a round: what a worker runs at a time.
const BATCHES: usize = 8;
/// Streams of a batch.
const STREAMS: usize = 32;
/// Streams that are kept at most.
const KEPT: usize = 1 << 14;

/// Runs a job on the testee. Each worker has a testee of its own.
pub type Worker<'w> = Box<dyn FnMut(&Job<'_>) -> RunReport + Send + 'w>;

/// What is to be fuzzed.
#[derive(Clone, Debug)]
pub struct Campaign<'a> {
    /// The testee's name in reports.
    pub testee: &'a str,
    /// The options that lead `framewright replay` to the testee, the protocol and the findings.
    pub reach: &'a str,
    /// The protocol.
    pub meaning: &'a Meaning,
    /// Its known failures: they are no findings.
    pub known: &'a Known,
    /// Deviations of the level `should` are findings too.
    pub strict: bool,
    /// How each stream is cut.
    pub family: Family,
    /// Decides all that is drawn.
    pub seed: u64,
    /// Bytes of a stream at most.
    pub most: usize,
    /// After so many cases no further round begins.
    pub cases: Option<usize>,
}

/// How far a campaign has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Segmentations, or feeds of the proof.
    pub cases: usize,
    /// Streams run.
    pub streams: usize,
    /// Streams that the testee broke down before.
    pub unrun: usize,
    /// Streams kept for an outcome that was new.
    pub kept: usize,
    /// Kinds of findings.
    pub findings: usize,
}

/// What came of a campaign.
#[derive(Clone, Debug)]
pub struct Fuzzed {
    /// The findings, each a vector of its own with one finding, in the order in which they were found.
    pub report: RunReport,
    /// The same streams, to be run again.
    pub vectors: Vec<Vector>,
    /// The streams that were kept, beyond those given.
    pub corpus: Vec<Vec<u8>>,
    /// The totals.
    pub progress: Progress,
}

/// What makes two findings one: the kind, whether the uncut stream shows it, and what the stream ends with.
type Key = (Kind, bool, String);

/// A batch that was run.
struct Ran {
    batch: usize,
    vectors: Vec<Vector>,
    report: RunReport,
}

struct State<'a> {
    campaign: &'a Campaign<'a>,
    mutator: Mutator,
    corpus: Vec<Seed>,
    outcomes: BTreeSet<String>,
    /// What was met, and what it became when it was made small.
    met: BTreeSet<Key>,
    small: BTreeSet<Key>,
    fuzzed: Fuzzed,
}

impl Campaign<'_> {
    /// Fuzzes until `over` says so, which is asked before each batch, or the cases are through. `found` gets each finding when it is
    /// found, `progress` is told of each batch. The streams of `seeds` that are not too long are where it begins.
    ///
    /// # Errors
    /// Why the testee cannot be run, in words.
    pub fn run(
        &self,
        seeds: Vec<Vec<u8>>,
        workers: &mut [Worker<'_>],
        over: &(dyn Fn() -> bool + Sync),
        progress: &(dyn Fn(Progress) + Sync),
        found: &mut dyn FnMut(&Fuzzed),
    ) -> Result<Fuzzed, String> {
        let mut state = State::new(self, seeds);
        let within = |progress: Progress| self.cases.is_none_or(|cases| progress.cases < cases);
        for round in 0_usize.. {
            if over() || !within(state.fuzzed.progress) {
                break;
            }
            let ran = state.round(round, workers, over, progress);
            state.absorb(ran, workers, found)?;
            progress(state.fuzzed.progress);
        }
        Ok(state.fuzzed)
    }

    fn job<'j>(&'j self, vectors: &'j [Vector], shrink: Shrink) -> Job<'j> {
        Job {
            testee: self.testee,
            reach: self.reach,
            meaning: self.meaning,
            vectors,
            family: self.family,
            seed: self.seed,
            shard: None,
            select: &|_| true,
            known: self.known,
            shrink,
            progress: &|_| {},
        }
    }

    fn counts(&self, finding: &Finding) -> bool {
        finding.known.is_none() && finding.level >= if self.strict { Level::Should } else { Level::Must }
    }

    fn vector(&self, id: String, name: String, stream: Vec<u8>) -> Vector {
        let expect = self.meaning.of(&stream, Checks::All);
        let expect = expect.unwrap_or(Expect { events: Vec::new(), end: End::Clean });
        let marks = marks(self.meaning.plan(), &stream);
        let flags = vec!["fuzzed".to_owned()];
        Vector { id, name, level: Level::Must, flags, source: None, derived: true, stream, marks, expect }
    }
}

impl<'a> State<'a> {
    fn new(campaign: &'a Campaign<'a>, seeds: Vec<Vec<u8>>) -> Self {
        let plan = campaign.meaning.plan();
        let seeds = seeds.into_iter().filter(|seed| seed.len() <= campaign.most);
        let report = RunReport::new(campaign.testee, &plan.name, campaign.seed, campaign.reach);
        Self {
            campaign,
            mutator: Mutator::new(plan.clone(), campaign.most),
            corpus: seeds.map(|seed| Seed::new(plan, seed)).collect(),
            outcomes: BTreeSet::new(),
            met: BTreeSet::new(),
            small: BTreeSet::new(),
            fuzzed: Fuzzed { report, vectors: Vec::new(), corpus: Vec::new(), progress: Progress::default() },
        }
    }

    /// Runs the batches of a round. Each is drawn from the corpus as it was when the round began, whoever runs it.
    fn round(
        &self,
        round: usize,
        workers: &mut [Worker<'_>],
        over: &(dyn Fn() -> bool + Sync),
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Vec<Ran> {
        let next = AtomicUsize::new(0);
        let ran = Mutex::new((self.fuzzed.progress, Vec::new()));
        thread::scope(|scope| {
            for worker in workers {
                scope.spawn(|| {
                    while !over() {
                        let batch = next.fetch_add(1, Ordering::Relaxed);
                        if batch >= BATCHES {
                            break;
                        }
                        let vectors = self.batch(round, batch);
                        let report = worker(&self.campaign.job(&vectors, Shrink::Not));
                        let mut ran = ran.lock().unwrap_or_else(PoisonError::into_inner);
                        ran.0.cases = ran.0.cases.saturating_add(report.cases);
                        ran.0.streams = ran.0.streams.saturating_add(vectors.len());
                        progress(ran.0);
                        ran.1.push(Ran { batch, vectors, report });
                    }
                });
            }
        });
        let (_, mut ran) = ran.into_inner().unwrap_or_else(PoisonError::into_inner);
        ran.sort_by_key(|ran| ran.batch);
        ran
    }

    fn batch(&self, round: usize, batch: usize) -> Vec<Vector> {
        let campaign = self.campaign;
        let mut rng = Rng::new(campaign.seed, &format!("round {round}, batch {batch}"));
        let vector = |index| {
            let number = round.saturating_mul(BATCHES).saturating_add(batch).saturating_mul(STREAMS) + index;
            let stream = self.mutator.stream(&self.corpus, &mut rng);
            campaign.vector(format!("fuzz-{}-{number}", campaign.seed), String::new(), stream)
        };
        (0..STREAMS).map(vector).collect()
    }

    /// Takes what a round has shown, in the order of its batches.
    fn absorb(
        &mut self,
        ran: Vec<Ran>,
        workers: &mut [Worker<'_>],
        found: &mut dyn FnMut(&Fuzzed),
    ) -> Result<(), String> {
        for Ran { vectors, report, .. } in ran {
            if let Some(reason) = report.skipped {
                return Err(format!("the testee skips this protocol: {reason}"));
            }
            if let (Some(error), true) = (&report.error, report.vectors.iter().all(|vector| vector.cases == 0)) {
                return Err(error.clone());
            }
            self.fuzzed.report.version = report.version;
            self.fuzzed.report.language = report.language;
            self.fuzzed.report.cases = self.fuzzed.report.cases.saturating_add(report.cases);
            self.fuzzed.progress.cases = self.fuzzed.report.cases;
            for (vector, report) in vectors.into_iter().zip(&report.vectors) {
                self.fuzzed.progress.streams += 1;
                self.fuzzed.progress.unrun += usize::from(report.verdict == Verdict::NotRun);
                for finding in report.findings.iter().filter(|finding| self.campaign.counts(finding)) {
                    if self.met.insert(key(finding, &vector)) && self.find(&vector, finding, workers) {
                        found(&self.fuzzed);
                    }
                }
                self.keep(vector, report);
            }
        }
        Ok(())
    }

    /// Keeps a stream whose outcome is new. Of one that does not apply to the testee nothing is known.
    fn keep(&mut self, vector: Vector, report: &VectorReport) {
        let ran = !matches!(report.verdict, Verdict::NotApplicable | Verdict::NotRun);
        if ran && self.corpus.len() < KEPT && self.outcomes.insert(outcome(&vector.expect, report.control.as_ref())) {
            self.fuzzed.progress.kept += 1;
            self.fuzzed.corpus.push(vector.stream.clone());
            self.corpus.push(Seed { stream: vector.stream, marks: vector.marks });
        }
    }

    /// Makes a finding small, and adds it where it is then none of those before. One that does not happen again is added as it was met.
    fn find(&mut self, vector: &Vector, met: &Finding, workers: &mut [Worker<'_>]) -> bool {
        let campaign = self.campaign;
        let again = workers.first_mut().and_then(|worker| {
            let report = worker(&campaign.job(std::slice::from_ref(vector), Shrink::Bytes));
            let findings = report.vectors.into_iter().flat_map(|vector| vector.findings);
            findings.into_iter().find(|finding| finding.kind == met.kind && finding.uncut == met.uncut)
        });
        let mut finding = again.unwrap_or_else(|| Finding { text: once(&met.text), ..met.clone() });
        finding.replay = finding.cuts.clone();
        let name = format!("found by fuzzing: {}", finding.kind);
        let small = campaign.vector(vector.id.clone(), name, finding.stream.clone());
        if !self.small.insert(key(&finding, &small)) {
            return false;
        }
        self.fuzzed.report.vectors.push(VectorReport {
            id: small.id.clone(),
            name: small.name.clone(),
            encodes: false,
            stream: small.stream.clone(),
            marks: small.marks.clone(),
            tier: campaign.family.tier(),
            cases: 0,
            verdict: Verdict::Fail(finding.level),
            control: None,
            findings: vec![finding],
        });
        self.fuzzed.vectors.push(small);
        self.fuzzed.progress.findings += 1;
        true
    }
}

/// Why a finding was not made small.
fn once(text: &str) -> String {
    format!("{text} (it did not happen again)").trim_start().to_owned()
}

fn key(finding: &Finding, vector: &Vector) -> Key {
    let last = match vector.expect.events.last() {
        Some(Expected::Reject { class, .. }) => class.word().to_owned(),
        Some(Expected::Frame { .. }) | None => format!("{:?}", vector.expect.end),
    };
    (finding.kind, finding.uncut, last)
}

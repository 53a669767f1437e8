//! Time and memory that a program takes, as verdicts.
//!
//! Whatever is measured is measured twice: under a load and under one that differs in a single respect, so that what the program's
//! runtime, the adapter and the machine take stands on both sides. Time is the processor time of the process group, never that on
//! the wall.

mod memory;
mod streams;
mod time;

use std::time::Duration;

use crate::runner::judge::Demand;
use crate::runner::outcome::RunReport;
use crate::runner::process::live::Fault;
use crate::runner::process::meter::{self, Memory};
use crate::runner::process::probe::Probe;
use crate::runner::process::{Program, bound};
use crate::runner::reply::{Answer, Reply};
use crate::runner::resources::{Check, Outcome, Resource};
use crate::runner::{Checks, Hello, Job, Meaning, wire};
use crate::segment::Segmentation;
use crate::vector::Level;
use streams::Large;

/// Bytes of lines in flight: a pipe holds as many, so that writing them waits for no reply.
const FLIGHT: usize = 1 << 15;

/// For each reply at least: what is slow is to be measured, not to be given up.
const DEADLINE: Duration = Duration::from_secs(60);

/// What a check came to: a verdict with its figures, or why there is none.
type Judged = Result<(Outcome, String), String>;

/// Makes every check of a program on a protocol, and holds them against the known failures. Each check has processes of its own.
pub fn judge_resources(job: &Job<'_>, program: &Program, report: &mut RunReport) {
    let deadline = program.deadline.max(DEADLINE);
    let program = &Program { deadline, ..program.clone() };
    let checks = match program.start() {
        Ok((_, Hello::Serves(about))) if about.decodes => Ok(about.checks),
        Ok((_, Hello::Serves(_))) => Err("it does not decode".to_owned()),
        Ok((_, Hello::Skips(why))) | Err(why) => Err(why),
    };
    for check in Check::ALL {
        let judged = checks.clone().and_then(|checks| Bench::new(job, program, checks).judge(check));
        let (outcome, text) = judged.unwrap_or_else(|why| (Outcome::NotJudged, why));
        report.resources.push(Resource { check, outcome, text, known: None });
    }
    job.known.apply_to_resources(report);
}

/// A program under measurement.
struct Bench<'a> {
    meaning: &'a Meaning,
    program: &'a Program,
    probe: Probe<'a>,
    checks: Checks,
    large: Option<Large>,
    small: Option<Vec<u8>>,
}

impl<'a> Bench<'a> {
    fn new(job: &'a Job<'_>, program: &'a Program, checks: Checks) -> Self {
        Self {
            meaning: job.meaning,
            program,
            probe: Probe::new(program),
            checks,
            large: Large::find(job.meaning, job.vectors),
            small: streams::small(job.meaning, job.vectors),
        }
    }

    /// The same for another program.
    fn of<'b>(&'b self, program: &'b Program) -> Bench<'b> {
        let (large, small) = (self.large.clone(), self.small.clone());
        Bench { meaning: self.meaning, program, probe: Probe::new(program), checks: self.checks, large, small }
    }

    fn judge(&mut self, check: Check) -> Judged {
        match check {
            Check::Drip => time::drip(self),
            Check::Coalesced => time::coalesced(self),
            Check::Claim => memory::claim(self),
            Check::Oversize => memory::oversize(self),
            Check::Cases => memory::cases(self),
        }
    }

    fn large(&self) -> Result<&Large, String> {
        self.large.as_ref().ok_or_else(|| "no frame of this protocol can be made large".to_owned())
    }

    fn small(&self) -> Result<&[u8], String> {
        self.small.as_deref().ok_or_else(|| "no vector begins with a frame".to_owned())
    }

    /// What the program's decoder makes of a case.
    fn reply(&mut self, stream: &[u8], cuts: &Segmentation) -> Result<Reply, String> {
        match self.probe.run(stream, cuts) {
            Answer::Reply(reply) => Ok(reply),
            Answer::Broken(kind, text) => Err(format!("{kind}: {text}")),
        }
    }

    /// Who decodes a stream wrongly does other work than is to be measured.
    fn rightly(&mut self, stream: &[u8], cuts: &Segmentation) -> Result<(), String> {
        let reply = self.reply(stream, cuts)?;
        let expect = self.meaning.of(stream, self.checks).ok_or("the protocol has no geometry")?;
        let demand = Demand::meaning(stream.len(), Level::Must, &expect);
        let found = Answer::Reply(reply).judge(&demand, cuts);
        match found.iter().find(|deviation| deviation.kind.level() == Level::Must) {
            Some(deviation) => Err(format!("it decodes {} bytes of frames wrongly: {}", stream.len(), deviation.kind)),
            None => Ok(()),
        }
    }

    /// The processor time of one case.
    fn cost(&mut self, stream: &[u8], cuts: &Segmentation) -> Result<Duration, String> {
        let before = self.processor()?;
        self.reply(stream, cuts)?;
        Ok(self.processor()?.saturating_sub(before))
    }

    fn processor(&mut self) -> Result<Duration, String> {
        meter::processor(self.probe.live()?.group()).ok_or_else(unseen)
    }

    fn memory(&mut self) -> Result<Memory, String> {
        meter::memory(self.probe.live()?.group()).ok_or_else(unseen)
    }

    /// Uncut cases of a stream, each with a line of its own, as many at once as a pipe holds.
    fn serve(&mut self, stream: &[u8], cases: usize) -> Result<(), String> {
        let line = format!("d {} -\n", wire::word(stream));
        let deadline = self.program.deadline;
        let live = self.probe.live()?;
        let most = FLIGHT.checked_div(line.len()).unwrap_or(0).max(1);
        let mut left = cases;
        let mut exchange = || -> Result<(), Fault> {
            while left > 0 {
                let now = left.min(most);
                live.send(line.repeat(now).as_bytes(), deadline)?;
                for _ in 0..now {
                    live.line(deadline, bound(stream.len()))?;
                }
                left -= now;
            }
            Ok(())
        };
        exchange().map_err(|fault| fault.to_string())
    }
}

fn unseen() -> String {
    "time and memory of processes are not to be seen here".to_owned()
}

//! Many cases at once: one thread writes, one reads.

use std::io::Write;
use std::process::ChildStdin;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use crate::runner::deviation::{Deviation, Kind};
use crate::runner::examine::{self, Task};
use crate::runner::outcome::{RunReport, Verdict};
use crate::runner::process::live::{Fault, Live};
use crate::runner::process::probe::Probe;
use crate::runner::process::{Program, bound, kind};
use crate::runner::reply::Answer;
use crate::runner::tally::Tally;
use crate::runner::{Checks, Job, Progress, wire};
use crate::segment::{Counter, Segmentation};
use crate::vector::Level;

/// Segmentations on a line take about as many bytes at most.
const LINE: usize = 1 << 14;
/// Cases on a line at most.
const CASES: usize = 1024;
/// Lines in flight at most.
const LINES: usize = 32;
/// A testee may break down so often before the rest is given up.
const BREAKDOWNS: usize = 16;
/// So many failures of a run are checked in a process of their own.
const FRESH: usize = 16;

/// The cases of one line.
#[derive(Clone, Copy)]
struct Batch {
    task: usize,
    first: usize,
    count: usize,
}

/// Why the pipeline stands still.
enum Stop {
    /// Every case was answered.
    Done(Live, usize),
    /// The testee ended, hung or wrote what is no reply before it answered the first of these cases.
    Fault(Batch, Fault),
    /// The last of these cases fails, but not by itself.
    Distrust(Batch, String),
    /// A case of this task breaks the protocol by itself.
    Broken(usize),
}

/// Runs every task of a job, and adds the vectors to the report. Gives back the process, where it still runs, with the number of
/// cases that it served in all.
pub(super) fn run(
    job: &Job<'_>,
    program: &Program,
    checks: Checks,
    running: (Live, usize),
    report: &mut RunReport,
) -> Option<(Live, usize)> {
    let tasks = examine::tasks(job, checks);
    let of = tasks.iter().filter(|task| task.expect.is_some()).map(|task| task.cases.len()).sum();
    let mut run = Run {
        job,
        tasks: &tasks,
        tallies: tallies(&tasks),
        probe: Probe::new(program),
        failures: 0,
        breakdowns: 0,
        progress: Progress { cases: 0, of },
    };
    let outcome = run.all(program, running);
    let running = outcome.map_err(|error| report.error = Some(error)).unwrap_or_default();
    let Run { tallies, mut probe, .. } = run;
    for (task, tally) in tasks.iter().zip(tallies) {
        report.vectors.push(match tally {
            None => examine::unrun(task, Verdict::NotApplicable),
            Some(tally) if tally.cases < task.cases.len() && !tally.broken => examine::unrun(task, Verdict::NotRun),
            Some(mut tally) => {
                let mut alone = |stream: &[u8], cuts: &Segmentation| probe.run(stream, cuts);
                examine::conclude(job, checks, &mut tally, task.cases.tier(), &mut alone)
            }
        });
    }
    running
}

fn tallies<'a>(tasks: &[Task<'a>]) -> Vec<Option<Tally<'a>>> {
    tasks.iter().map(|task| Some(Tally::new(task.vector, task.expect.clone()?))).collect()
}

struct Run<'a, 'j> {
    job: &'a Job<'j>,
    tasks: &'a [Task<'j>],
    tallies: Vec<Option<Tally<'j>>>,
    probe: Probe<'a>,
    failures: usize,
    breakdowns: usize,
    progress: Progress,
}

impl Run<'_, '_> {
    /// Every task; fails with why the rest was given up.
    fn all(&mut self, program: &Program, running: (Live, usize)) -> Result<Option<(Live, usize)>, String> {
        let (mut live, mut before) = running;
        let mut from = 0;
        loop {
            match self.stream(live, from) {
                Stop::Done(live, served) => return Ok(Some((live, before + served))),
                Stop::Fault(batch, fault) => {
                    self.breakdowns += 1;
                    let text = format!("{} in a batch of {} cases: {fault}", kind(&fault), batch.count);
                    self.step(batch, batch.first, text);
                    from = batch.task + 1;
                }
                Stop::Distrust(batch, text) => {
                    self.step(batch, batch.count.saturating_sub(1), text);
                    from = batch.task + 1;
                }
                Stop::Broken(task) => from = task + 1,
            }
            let left = self.tallies.iter().skip(from).flatten().count();
            if left == 0 {
                return Ok(None);
            }
            if self.breakdowns >= BREAKDOWNS {
                return Err(format!("the testee broke down {BREAKDOWNS} times; {left} vectors were not run"));
            }
            live = match program.start()? {
                (live, super::Hello::Serves(_)) => live,
                (_, super::Hello::Skips(reason)) => return Err(format!("started again, the testee skips: {reason}")),
            };
            before = 0;
        }
    }

    /// The tasks from one on, in one process.
    fn stream(&mut self, mut live: Live, from: usize) -> Stop {
        let Some(stdin) = live.take_stdin() else {
            return Stop::Done(live, 0);
        };
        let tasks = self.tasks;
        thread::scope(|scope| {
            let (sender, batches) = sync_channel(LINES);
            let writer = scope.spawn(move || write(stdin, tasks, from, &sender));
            match self.read(&mut live, &batches) {
                Ok(served) => {
                    drop(batches);
                    if let Ok(stdin) = writer.join() {
                        live.put_stdin(stdin);
                    }
                    Stop::Done(live, served)
                }
                // With the process its pipe goes, and the writer ends.
                Err(stop) => {
                    drop(live);
                    stop
                }
            }
        })
    }

    /// Reads every reply; the number of cases, unless something stops it.
    fn read(&mut self, live: &mut Live, batches: &Receiver<Batch>) -> Result<usize, Stop> {
        let deadline = self.probe.deadline();
        let mut cuts = Segmentation::default();
        let mut served = 0;
        for batch in batches {
            let Some(task) = self.tasks.get(batch.task) else { continue };
            let bound = bound(task.vector.stream.len());
            for case in batch.first..batch.first + batch.count {
                let Some(Some(tally)) = self.tallies.get_mut(batch.task) else { break };
                task.cases.get(case, &mut cuts);
                match live.line(deadline, bound) {
                    Ok(line) => {
                        served += 1;
                        if let Some(kind) = tally.line(&cuts, line) {
                            self.confirm(Batch { first: 0, count: case + 1, ..batch }, kind, &cuts)?;
                        }
                    }
                    Err(fault) => {
                        let count = batch.first + batch.count - case;
                        return Err(Stop::Fault(Batch { first: case, count, ..batch }, fault));
                    }
                }
            }
            if batch.first + batch.count == task.cases.len() {
                served += 1;
                if let Err(fault) = live.fence(deadline) {
                    return Err(Stop::Fault(Batch { first: 0, count: task.cases.len(), ..batch }, fault));
                }
            }
            self.progress.cases += batch.count;
            (self.job.progress)(self.progress);
        }
        Ok(served)
    }

    /// Runs the first failing case of a vector, the last of the batch, by itself.
    fn confirm(&mut self, batch: Batch, kind: Kind, cuts: &Segmentation) -> Result<(), Stop> {
        let Some(Some(tally)) = self.tallies.get_mut(batch.task) else { return Ok(()) };
        self.failures += 1;
        if self.failures <= FRESH {
            self.probe.renew();
        }
        let answer = self.probe.run(&tally.vector.stream, cuts);
        if let Answer::Broken(kind, text) = &answer {
            tally.keep(broken(*kind, cuts, text.clone()));
            tally.broken = true;
            return Err(Stop::Broken(batch.task));
        }
        tally.unlike(kind, &answer, cuts).map_or(Ok(()), |text| Err(Stop::Distrust(batch, text)))
    }

    /// Runs cases one after the other to find the one at fault. If there is none, `suspect` fails only after others.
    fn step(&mut self, batch: Batch, suspect: usize, text: String) {
        let (Some(task), Some(Some(tally))) = (self.tasks.get(batch.task), self.tallies.get_mut(batch.task)) else {
            return;
        };
        let stream = &task.vector.stream;
        let mut cuts = Segmentation::default();
        // From the first case on everything is done again: what was taken for answers may have been none.
        if batch.first == 0 {
            *tally = Tally::new(tally.vector, tally.expect.clone());
        }
        tally.broken = true;
        self.probe.renew();
        for case in batch.first..batch.first + batch.count {
            task.cases.get(case, &mut cuts);
            let answer = self.probe.run(stream, &cuts);
            let Some(kind) = tally.answer(&cuts, &answer) else { continue };
            self.probe.renew();
            let alone = self.probe.run(stream, &cuts);
            if let Some(text) = tally.unlike(kind, &alone, &cuts) {
                tally.found.retain(|counter| counter.deviation.kind != kind);
                tally.keep(broken(Kind::OrderDependent, &cuts, text));
                return;
            }
            if matches!(answer, Answer::Broken(..)) {
                return;
            }
        }
        task.cases.get(suspect, &mut cuts);
        tally.keep(broken(Kind::OrderDependent, &cuts, text));
    }
}

fn broken(kind: Kind, cuts: &Segmentation, text: String) -> Counter<Deviation> {
    Counter { cuts: cuts.clone(), deviation: Deviation { kind, level: Level::Must, event: 0, fed: 0, text } }
}

/// Writes the cases of every task from one on. Ends early where nobody reads.
fn write(mut stdin: ChildStdin, tasks: &[Task<'_>], from: usize, batches: &SyncSender<Batch>) -> ChildStdin {
    let mut lines: Vec<u8> = Vec::new();
    let mut cuts = Segmentation::default();
    for (index, task) in tasks.iter().enumerate().skip(from).filter(|(_, task)| task.expect.is_some()) {
        let head = format!("d {}", wire::word(&task.vector.stream)).into_bytes();
        let mut case = 0;
        while case < task.cases.len() {
            let first = case;
            lines.extend_from_slice(&head);
            let room = lines.len().saturating_add(LINE.max(head.len()));
            while case < task.cases.len() && case - first < CASES && lines.len() < room {
                task.cases.get(case, &mut cuts);
                lines.push(b' ');
                cuts.write(&mut lines);
                case += 1;
            }
            lines.push(b'\n');
            if case == task.cases.len() {
                lines.extend_from_slice(Live::FENCE);
            }
            let full = match batches.try_send(Batch { task: index, first, count: case - first }) {
                Ok(()) => None,
                Err(TrySendError::Full(batch)) => Some(batch),
                Err(TrySendError::Disconnected(_)) => return stdin,
            };
            if full.is_some() || lines.len() >= LINE {
                if stdin.write_all(&lines).is_err() {
                    return stdin;
                }
                lines.clear();
            }
            // What is in flight was written before: its replies make room.
            if full.is_some_and(|batch| batches.send(batch).is_err()) {
                return stdin;
            }
        }
    }
    let _ended = stdin.write_all(&lines).and_then(|()| stdin.flush());
    stdin
}

//! Many cases at once: one thread writes, one reads.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread;

use crate::runner::deviation::{Deviation, Kind};
use crate::runner::examine::{self, Task};
use crate::runner::outcome::{RunReport, Verdict};
use crate::runner::process::inlet::Inlet;
use crate::runner::process::live::{Fault, Live};
use crate::runner::process::patience::Patience;
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
    /// The testee breaks down on this task, which needs no proof. `hung`: that took the deadline.
    Broken { task: usize, hung: bool },
}

/// Runs every task of a job, and adds the vectors to the report. Gives back the process, where it still runs, with the number of
/// cases that it served in all.
pub(super) fn run(
    job: &Job<'_>,
    program: &Program,
    checks: Checks,
    running: Option<(Live, usize)>,
    patience: &mut Patience,
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
        patience,
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
    patience: &'a mut Patience,
    progress: Progress,
}

impl Run<'_, '_> {
    /// Every task; fails with why the rest was given up.
    fn all(&mut self, program: &Program, running: Option<(Live, usize)>) -> Result<Option<(Live, usize)>, String> {
        let Some((mut live, mut before)) = running else { return Ok(None) };
        let mut from = 0;
        loop {
            match self.stream(live, from) {
                Stop::Done(live, served) => return Ok(Some((live, before + served))),
                Stop::Fault(batch, fault) => {
                    let text = format!("{} in a batch of {} cases: {fault}", kind(&fault), batch.count);
                    self.step(batch, batch.first, text);
                    self.patience.breakdown(self.hung(batch.task));
                    from = batch.task + 1;
                }
                Stop::Distrust(batch, text) => {
                    self.step(batch, batch.count.saturating_sub(1), text);
                    from = batch.task + 1;
                }
                Stop::Broken { task, hung } => {
                    self.patience.breakdown(hung);
                    from = task + 1;
                }
            }
            let left = self.tallies.iter().skip(from).flatten().count();
            if left == 0 {
                return Ok(None);
            }
            if let Some(why) = self.patience.over() {
                return Err(format!("{why}; {left} vectors were not run"));
            }
            live = program.again().map_err(|why| format!("{why}; {left} vectors were not run"))?;
            before = 0;
        }
    }

    /// Whether a task cost its deadline without one reply of its own.
    fn hung(&self, task: usize) -> bool {
        let Some(Some(tally)) = self.tallies.get(task) else { return false };
        tally.cases <= 1 && tally.found.iter().any(|counter| counter.deviation.kind == Kind::Hang)
    }

    /// The tasks from one on, in one process.
    fn stream(&mut self, mut live: Live, from: usize) -> Stop {
        let Some(stdin) = live.take_stdin() else {
            return Stop::Done(live, 0);
        };
        let tasks = self.tasks;
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            let (sender, batches) = sync_channel(LINES);
            let writer = scope.spawn(|| write(stdin, tasks, from, sender, &stop));
            let read = self.read(&mut live, &batches, from);
            // The writer ends, whoever holds the other end of its pipe.
            stop.store(true, Ordering::Relaxed);
            drop(batches);
            match read {
                Ok(served) => {
                    if let Ok(stdin) = writer.join() {
                        live.put_stdin(stdin);
                    }
                    Stop::Done(live, served)
                }
                Err(stop) => stop,
            }
        })
    }

    /// Reads every reply; the number of cases, unless something stops it.
    fn read(&mut self, live: &mut Live, batches: &Receiver<Batch>, from: usize) -> Result<usize, Stop> {
        let deadline = self.probe.deadline();
        let mut cuts = Segmentation::default();
        let mut served = 0;
        let mut last = from;
        let mut next = self.next(from);
        loop {
            let batch = match (batches.recv_timeout(deadline), next) {
                (Ok(batch), _) => batch,
                (Err(RecvTimeoutError::Disconnected), None) => return Ok(served),
                // It ended between two batches.
                (Err(RecvTimeoutError::Disconnected), Some(task)) => {
                    let count = self.tasks.get(task).map_or(0, |task| task.cases.len());
                    return Err(match live.line(deadline, bound(0)) {
                        Err(fault) => Stop::Fault(Batch { task, first: 0, count }, fault),
                        Ok(_) => self.unread(task),
                    });
                }
                // All that was announced is answered, and yet it is not all written.
                (Err(RecvTimeoutError::Timeout), next) => return Err(self.unread(next.unwrap_or(last))),
            };
            let Some(task) = self.tasks.get(batch.task) else { continue };
            (last, next) = (batch.task, Some(batch.task));
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
                self.patience.answered();
                next = self.next(batch.task + 1);
            }
            self.progress.cases += batch.count;
            (self.job.progress)(self.progress);
        }
    }

    /// The first task that applies, from one on.
    fn next(&self, from: usize) -> Option<usize> {
        (from..self.tallies.len()).find(|&task| matches!(self.tallies.get(task), Some(Some(_))))
    }

    /// What came cannot be replies: the cases were never read.
    fn unread(&mut self, task: usize) -> Stop {
        if let Some(Some(tally)) = self.tallies.get_mut(task) {
            let text = "it answers cases that it has not read".to_owned();
            tally.found.clear();
            tally.keep(broken(Kind::ProtocolError, &Segmentation::default(), text));
            tally.broken = true;
        }
        Stop::Broken { task, hung: true }
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
            return Err(Stop::Broken { task: batch.task, hung: *kind == Kind::Hang });
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
            // The first one had a process of its own.
            if case == batch.first && matches!(answer, Answer::Broken(..)) {
                return;
            }
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

/// Writes the cases of every task from one on. Ends early where nobody reads, or is told to stop.
fn write(mut stdin: Inlet, tasks: &[Task<'_>], from: usize, batches: SyncSender<Batch>, stop: &AtomicBool) -> Inlet {
    let patient = || !stop.load(Ordering::Relaxed);
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
                if stdin.write(&lines, patient).is_err() {
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
    let _ended = stdin.write(&lines, patient);
    drop(batches);
    stdin
}

//! Testees that are programs: FWT/1 over their stdin and stdout.

mod encoding;
mod groups;
mod inlet;
mod live;
mod meter;
mod patience;
mod pipeline;
mod probe;
mod resources;
mod table;

use std::path::PathBuf;
use std::time::Duration;

use crate::runner::deviation::Kind;
use crate::runner::outcome::RunReport;
use crate::runner::reply::{Answer, clip};
use crate::runner::{About, Hello, Job, examine};
use crate::segment::Segmentation;
use crate::vector::EncodeVector;
use live::{Fault, Live};
use patience::Patience;
use probe::Probe;

pub use groups::end_on_signals;
pub use resources::judge_resources;

/// The longest first line.
const HELLO: usize = 4096;

/// A program that speaks FWT/1, and how it is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Where it is started; else where this process is.
    pub directory: Option<PathBuf>,
    /// The `fwt` line for the protocol, without its end.
    pub hello: String,
    /// For the first line; a virtual machine takes its time.
    pub startup: Duration,
    /// For each reply.
    pub deadline: Duration,
}

impl Program {
    /// With 30 s to start and 2 s for each reply.
    #[must_use]
    pub fn new(command: Vec<String>, hello: String) -> Self {
        Self { command, directory: None, hello, startup: Duration::from_secs(30), deadline: Duration::from_secs(2) }
    }

    /// Starts it and exchanges the first lines.
    fn start(&self) -> Result<(Live, Hello), String> {
        let mut live = Live::start(self).map_err(|error| self.failed(&error.to_string()))?;
        let hello = self.greet(&mut live)?;
        Ok((live, hello))
    }

    /// Exchanges the first lines.
    fn greet(&self, live: &mut Live) -> Result<Hello, String> {
        let sent = live.send(format!("{}\n", self.hello).as_bytes(), self.startup);
        let hello = match sent.and_then(|()| live.line(self.startup, HELLO)) {
            Ok(line) => Hello::parse(line),
            Err(fault) => Err(fault.to_string()),
        };
        hello.map_err(|why| self.failed(&why))
    }

    /// Starts it once more.
    fn again(&self) -> Result<Live, String> {
        match self.start()? {
            (live, Hello::Serves(_)) => Ok(live),
            (_, Hello::Skips(reason)) => Err(format!("started again, the testee skips: {reason}")),
        }
    }

    fn failed(&self, why: &str) -> String {
        format!("cannot start `{}`: {why}", self.command.join(" "))
    }
}

/// A program that serves one protocol after the other, each with a first line of its own. Dropping it kills the process.
#[derive(Default)]
pub struct Session {
    /// The process, where it runs, and how many cases it served.
    running: Option<(Live, usize)>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("served", &self.running.as_ref().map(|(_, served)| served))
            .finish_non_exhaustive()
    }
}

impl Session {
    /// Runs a job, and encodes these vectors where the program can. Whatever the program does, the run ends.
    ///
    /// A program that still runs is told the protocol; one that does not is started.
    pub fn run(&mut self, job: &Job<'_>, encode: &[EncodeVector], program: &Program) -> RunReport {
        let mut report = examine::report(job, &About::default());
        match self.begin(program) {
            Err(error) => report.error = Some(error),
            Ok((running, Hello::Skips(reason))) => {
                self.running = Some(running);
                report.skipped = Some(reason);
            }
            Ok((running, Hello::Serves(about))) => {
                report = examine::report(job, &about);
                let mut running = Some(running);
                let mut patience = Patience::default();
                if about.decodes {
                    running = pipeline::run(job, program, about.checks, running, &mut patience, &mut report);
                }
                if about.encodes {
                    running = encoding::run(job, encode, &about, program, running, &mut patience, &mut report);
                }
                self.running = running;
                examine::close(job, &mut report);
            }
        }
        report
    }

    fn begin(&mut self, program: &Program) -> Result<((Live, usize), Hello), String> {
        let Some((mut live, served)) = self.running.take() else {
            return program.start().map(|(live, hello)| ((live, 0), hello));
        };
        let hello = program.greet(&mut live)?;
        Ok(((live, served), hello))
    }

    /// Says goodbye.
    ///
    /// # Errors
    /// What the program answered instead of `bye` and the number of cases.
    pub fn end(mut self, program: &Program) -> Result<(), String> {
        let Some((mut live, served)) = self.running.take() else { return Ok(()) };
        let sent = live.send(b"q\n", program.deadline);
        let text = match sent.and_then(|()| live.line(program.deadline, bound(0))) {
            Ok(line) if line == format!("bye {served}").as_bytes() => {
                let left = live.leave(program.deadline);
                return if left { Ok(()) } else { Err(format!("it answered `bye {served}` and lives on")) };
            }
            Ok(line) => clip(&String::from_utf8_lossy(line)),
            Err(fault) => fault.to_string(),
        };
        Err(format!("`q` after {served} cases must be answered by `bye {served}`: {text}"))
    }
}

/// Runs a program on one protocol. Whatever it does, the run ends and no process of its group is left. One that left the group, as
/// by `setsid`, is found by its environment, which only Linux shows: it lives on elsewhere, or where it has emptied that.
pub fn run_program(job: &Job<'_>, program: &Program) -> RunReport {
    let mut session = Session::default();
    let mut report = session.run(job, &[], program);
    if let (Err(error), None) = (session.end(program), &report.error) {
        report.error = Some(error);
    }
    report
}

/// Runs one case in a fresh process, for a replay.
///
/// # Errors
/// Why the program could not be started, or that it skips the protocol, in words.
pub fn answer_one(program: &Program, stream: &[u8], cuts: &Segmentation) -> Result<Answer, String> {
    match program.start()? {
        (_, Hello::Skips(reason)) => Err(format!("the testee skips this protocol: {reason}")),
        (live, Hello::Serves(_)) => Ok(Probe::with(program, live).run(stream, cuts)),
    }
}

/// The longest right line for a stream: its bytes in hex or as JSON, and as many events as it has bytes.
fn bound(n: usize) -> usize {
    n.saturating_mul(64).saturating_add(1 << 16)
}

fn kind(fault: &Fault) -> Kind {
    match fault {
        Fault::Ended(_) => Kind::Crash,
        Fault::Silent(_) | Fault::Deaf(_) => Kind::Hang,
        Fault::Endless(_) | Fault::Surplus(_) => Kind::ProtocolError,
    }
}

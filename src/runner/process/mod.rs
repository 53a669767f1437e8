//! Testees that are programs: FWT/1 over their stdin and stdout.

mod hello;
mod live;
mod pipeline;
mod probe;

use std::path::PathBuf;
use std::time::Duration;

use crate::runner::deviation::Kind;
use crate::runner::outcome::RunReport;
use crate::runner::reply::Answer;
use crate::runner::{About, Job, examine};
use crate::segment::Segmentation;
use hello::Hello;
use live::{Fault, Live};
use probe::Probe;

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
        let failed = |why: String| format!("cannot start `{}`: {why}", self.command.join(" "));
        let mut live = Live::start(self).map_err(|error| failed(error.to_string()))?;
        live.send(format!("{}\n", self.hello).as_bytes());
        let hello = match live.line(self.startup, HELLO) {
            Ok(line) => Hello::parse(line),
            Err(fault) => Err(fault.to_string()),
        };
        hello.map(|hello| (live, hello)).map_err(failed)
    }
}

/// Runs a program. Whatever it does, the run ends and none of its processes is left.
pub fn run_program(job: &Job<'_>, program: &Program) -> RunReport {
    let started = program.start();
    let mut report = examine::report(job, &About::default());
    match started {
        Err(error) => report.error = Some(error),
        Ok((_, Hello::Skips(reason))) => report.skipped = Some(reason),
        Ok((live, Hello::Serves(about))) => {
            report = examine::report(job, &about);
            pipeline::run(job, program, about.checks, live, &mut report);
            examine::close(job, &mut report);
        }
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
        Fault::Silent(_) => Kind::Hang,
        Fault::Endless(_) | Fault::Surplus(_) => Kind::ProtocolError,
    }
}

//! Single cases, each answered before the next is sent.

use std::time::Duration;

use crate::runner::deviation::Kind;
use crate::runner::process::live::{Fault, Live};
use crate::runner::process::{Program, bound, kind};
use crate::runner::reply::{Answer, Reply};
use crate::runner::wire;
use crate::segment::Segmentation;

/// A testee for cases by themselves. It is started when it is needed, and again after it broke down.
pub(super) struct Probe<'a> {
    program: &'a Program,
    live: Option<Live>,
    line: Vec<u8>,
}

impl<'a> Probe<'a> {
    pub(super) fn new(program: &'a Program) -> Self {
        Self { program, live: None, line: Vec::new() }
    }

    /// One that has been started already.
    pub(super) fn with(program: &'a Program, live: Live) -> Self {
        Self { program, live: Some(live), line: Vec::new() }
    }

    /// For each reply.
    pub(super) fn deadline(&self) -> Duration {
        self.program.deadline
    }

    /// The next case gets a new process.
    pub(super) fn renew(&mut self) {
        self.live = None;
    }

    /// The process, started where it does not run.
    pub(super) fn live(&mut self) -> Result<&mut Live, String> {
        let live = match self.live.take() {
            Some(live) => live,
            None => self.program.again()?,
        };
        Ok(self.live.insert(live))
    }

    /// Runs one case, with a fence behind it.
    pub(super) fn run(&mut self, stream: &[u8], cuts: &Segmentation) -> Answer {
        let live = match self.live.take() {
            Some(live) => Ok(live),
            None => self.program.again(),
        };
        let mut live = match live {
            Ok(live) => live,
            Err(text) => return Answer::Broken(Kind::Crash, text),
        };
        self.line.clear();
        self.line.extend(b"d ");
        self.line.extend(wire::word(stream).bytes());
        self.line.push(b' ');
        cuts.write(&mut self.line);
        self.line.push(b'\n');
        self.line.extend(Live::FENCE);
        match exchange(&mut live, &self.line, bound(stream.len()), self.program.deadline) {
            Ok(Ok(reply)) => {
                self.live = Some(live);
                Answer::Reply(reply)
            }
            Ok(Err(text)) => Answer::Broken(Kind::ProtocolError, text),
            Err(fault) => Answer::Broken(kind(&fault), fault.to_string()),
        }
    }
}

/// The reply to a case with a fence behind it, and nothing after that.
fn exchange(live: &mut Live, case: &[u8], bound: usize, deadline: Duration) -> Result<Result<Reply, String>, Fault> {
    live.send(case, deadline)?;
    let reply = match Reply::parse(live.line(deadline, bound)?) {
        Ok(reply) => reply,
        Err(text) => return Ok(Err(text)),
    };
    match live.fence(deadline) {
        // Whoever still answers does not hang: what was taken for the case's reply was the fence's.
        Err(Fault::Silent(_)) => {
            live.send(Live::FENCE, deadline)?;
            live.fence(deadline)?;
            return Ok(Err("one reply is missing, and those to later cases come".to_owned()));
        }
        fence => fence?,
    }
    live.surplus()?;
    Ok(Ok(reply))
}

//! Single cases, each answered before the next is sent.

use crate::runner::deviation::Kind;
use crate::runner::process::hello::Hello;
use crate::runner::process::live::Live;
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
    pub(super) fn deadline(&self) -> std::time::Duration {
        self.program.deadline
    }

    /// The next case gets a new process.
    pub(super) fn renew(&mut self) {
        self.live = None;
    }

    /// Runs one case, with a fence behind it.
    pub(super) fn run(&mut self, stream: &[u8], cuts: &Segmentation) -> Answer {
        let live = match self.live.take() {
            Some(live) => Ok(live),
            None => self.start(),
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
        live.send(&self.line);
        let deadline = self.program.deadline;
        let reply = match live.line(deadline, bound(stream.len())) {
            Ok(line) => Reply::parse(line).map_err(|text| (Kind::ProtocolError, text)),
            Err(fault) => Err((kind(&fault), fault.to_string())),
        };
        let reply = reply.and_then(|reply| match live.fence(deadline) {
            Ok(()) => Ok(reply),
            Err(fault) => Err((kind(&fault), fault.to_string())),
        });
        match reply {
            Ok(reply) => {
                self.live = Some(live);
                Answer::Reply(reply)
            }
            Err((kind, text)) => Answer::Broken(kind, text),
        }
    }

    fn start(&self) -> Result<Live, String> {
        match self.program.start()? {
            (live, Hello::Serves(_)) => Ok(live),
            (_, Hello::Skips(reason)) => Err(format!("started again, it skips the protocol: {reason}")),
        }
    }
}

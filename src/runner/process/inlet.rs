//! The pipe that leads to a testee's stdin.

use std::io::{self, Write};
use std::os::fd::AsFd;
use std::process::ChildStdin;

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, poll};

/// Milliseconds between two questions whether to go on waiting.
const TICK: u16 = 20;

/// A testee's stdin. Writing to it waits no longer than it is told to, even if nobody reads.
pub(super) struct Inlet(ChildStdin);

impl Inlet {
    pub(super) fn new(pipe: ChildStdin) -> io::Result<Self> {
        fcntl(&pipe, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        Ok(Self(pipe))
    }

    /// Writes all of it. While the pipe is full, `patient` says whether to wait on.
    ///
    /// # Errors
    /// [`io::ErrorKind::TimedOut`] where there was no waiting on; else what the pipe says, as that nobody will ever read.
    pub(super) fn write(&mut self, mut text: &[u8], patient: impl Fn() -> bool) -> io::Result<()> {
        while !text.is_empty() {
            match self.0.write(text) {
                Ok(written) => text = text.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if !patient() {
                        return Err(io::ErrorKind::TimedOut.into());
                    }
                    let _ready = poll(&mut [PollFd::new(self.0.as_fd(), PollFlags::POLLOUT)], TICK);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

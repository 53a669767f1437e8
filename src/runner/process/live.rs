//! A running testee: its process group, its pipes and its deadline.

use std::fmt;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::process::{ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
use nix::unistd::Pid;

use crate::runner::process::Program;
use crate::runner::process::groups::Group;
use crate::runner::process::inlet::Inlet;
use crate::runner::reply::{Reply, clip};

/// How much is read at once.
const READ: usize = 1 << 17;
/// The longest reply to the empty stream.
const FENCE: usize = 1 << 16;
/// How much of what it logs is kept.
const LOG: usize = 2048;

/// As long as a deadline gets where the clock cannot count it.
const FOREVER: Duration = Duration::from_secs(1 << 30);

/// Why there is no further line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It ended, or closed its stdout.
    Ended(String),
    /// It said nothing within the deadline.
    Silent(Duration),
    /// It read nothing within the deadline.
    Deaf(Duration),
    /// A line is longer than any right reply.
    Endless(usize),
    /// This line answers no case.
    Surplus(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ended(how) => f.write_str(how),
            Self::Silent(deadline) => write!(f, "no reply within {} ms", deadline.as_millis()),
            Self::Deaf(deadline) => write!(f, "it read no more of its stdin within {} ms", deadline.as_millis()),
            Self::Surplus(line) => write!(f, "more than one reply to a case, or bytes out of nothing: `{line}`"),
            Self::Endless(bound) => write!(f, "a reply is longer than {bound} bytes, more than any right one"),
        }
    }
}

/// What waiting for bytes came to.
enum Heard {
    Bytes,
    End,
    Nothing,
}

/// A process and its group. Dropping it kills them.
pub(super) struct Live {
    group: Group,
    stdin: Option<Inlet>,
    stdout: Option<ChildStdout>,
    /// What was read, from `start` on not yet handed out.
    buffer: Vec<u8>,
    start: usize,
    log: Arc<Mutex<Vec<u8>>>,
}

impl Live {
    /// Asks for the reply that [`Live::fence`] reads.
    pub(super) const FENCE: &'static [u8] = b"d _ -\n";

    #[expect(clippy::disallowed_methods, reason = "the runner starts processes")]
    pub(super) fn start(program: &Program) -> io::Result<Self> {
        let Some((name, arguments)) = program.command.split_first() else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the command is empty"));
        };
        let mut command = Command::new(name);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        if let Some(directory) = &program.directory {
            command.current_dir(directory);
        }
        let mut group = Group::spawn(&mut command)?;
        let child = &mut group.child;
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let log = Arc::new(Mutex::new(Vec::new()));
        if let Some(mut stderr) = stderr {
            let log = Arc::clone(&log);
            thread::spawn(move || keep_log(&mut stderr, &log));
        }
        let mut live = Self { group, stdin: None, stdout: None, buffer: Vec::new(), start: 0, log };
        live.stdin = stdin.map(Inlet::new).transpose()?;
        live.stdout = stdout;
        Ok(live)
    }

    /// The number of its group.
    pub(super) fn group(&self) -> i32 {
        self.group.id()
    }

    /// Its stdin, for a thread that writes.
    pub(super) fn take_stdin(&mut self) -> Option<Inlet> {
        self.stdin.take()
    }

    /// Gives it back.
    pub(super) fn put_stdin(&mut self, stdin: Inlet) {
        self.stdin = Some(stdin);
    }

    /// Writes; a process that has ended is found out by reading.
    #[expect(clippy::disallowed_methods, reason = "a deadline needs the clock")]
    pub(super) fn send(&mut self, text: &[u8], deadline: Duration) -> Result<(), Fault> {
        let Some(stdin) = &mut self.stdin else { return Ok(()) };
        let until = until(deadline);
        match stdin.write(text, || Instant::now() < until) {
            Err(error) if error.kind() == io::ErrorKind::TimedOut => Err(Fault::Deaf(deadline)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Whether it wrote more than was handed out, as far as that was read.
    pub(super) fn surplus(&self) -> Result<(), Fault> {
        match self.buffer.get(self.start..).unwrap_or_default() {
            [] => Ok(()),
            rest => {
                let line = rest.split(|&byte| byte == b'\n').next().unwrap_or_default();
                Err(Fault::Surplus(clip(&String::from_utf8_lossy(line))))
            }
        }
    }

    /// The next line, without its end. Longer than `bound` bytes it cannot be.
    pub(super) fn line(&mut self, deadline: Duration, bound: usize) -> Result<&[u8], Fault> {
        let mut searched = self.start;
        let mut until = None;
        loop {
            let unread = self.buffer.get(searched..).unwrap_or_default();
            if let Some(at) = memchr::memchr(b'\n', unread) {
                let from = std::mem::replace(&mut self.start, searched + at + 1);
                let line = self.buffer.get(from..searched + at).unwrap_or_default();
                return if line.len() > bound { Err(Fault::Endless(bound)) } else { Ok(line) };
            }
            if self.buffer.len() - self.start > bound {
                return Err(Fault::Endless(bound));
            }
            self.buffer.drain(..self.start);
            self.start = 0;
            searched = self.buffer.len();
            let until = *until.get_or_insert_with(|| self::until(deadline));
            match self.read(until) {
                Heard::Bytes => {}
                Heard::End => return Err(Fault::Ended(self.autopsy())),
                Heard::Nothing => return Err(self.silence(deadline)),
            }
        }
    }

    /// The reply to the empty stream, which says that no reply before it was one too many.
    pub(super) fn fence(&mut self, deadline: Duration) -> Result<(), Fault> {
        let line = self.line(deadline, FENCE)?;
        match Reply::parse(line) {
            Ok(reply) if reply.fed.iter().all(|fed| *fed == 0) => Ok(()),
            Ok(_) | Err(_) => Err(Fault::Surplus(clip(&String::from_utf8_lossy(line)))),
        }
    }

    /// Reads something before the deadline.
    #[expect(clippy::disallowed_methods, reason = "a deadline needs the clock")]
    fn read(&mut self, until: Instant) -> Heard {
        let Some(stdout) = &mut self.stdout else { return Heard::End };
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let timeout = PollTimeout::try_from(left + Duration::from_millis(1)).unwrap_or(PollTimeout::MAX);
            match poll(&mut [PollFd::new(stdout.as_fd(), PollFlags::POLLIN)], timeout) {
                Ok(0) if left.is_zero() => return Heard::Nothing,
                Ok(0) | Err(nix::errno::Errno::EINTR) => continue,
                Ok(_) => {}
                Err(_) => return Heard::End,
            }
            let old = self.buffer.len();
            self.buffer.resize(old + READ, 0);
            let read = stdout.read(self.buffer.get_mut(old..).unwrap_or_default());
            self.buffer.truncate(old + read.as_ref().map_or(0, |&read| read));
            match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(0) | Err(_) => return Heard::End,
                Ok(_) => return Heard::Bytes,
            }
        }
    }

    /// Nothing came, and no end either: whoever has ended himself may have left the pipe to a process that he started.
    fn silence(&mut self, deadline: Duration) -> Fault {
        match self.ended() {
            Some(_) => Fault::Ended(format!("{}; a process that it started holds its stdout open", self.autopsy())),
            None => Fault::Silent(deadline),
        }
    }

    /// How it ended, and what it logged last.
    fn autopsy(&mut self) -> String {
        self.stdin = None;
        // stdout is at its end: all but a strange process is about to exit.
        let ended = (0..50).find_map(|_| {
            thread::sleep(Duration::from_millis(2));
            self.ended()
        });
        let how = ended.unwrap_or_else(|| "it closed its stdout and lives on".to_owned());
        let log = self.log.lock().map(|log| String::from_utf8_lossy(&log).into_owned()).unwrap_or_default();
        let last = log.trim_end().lines().next_back().unwrap_or_default();
        if last.is_empty() { how } else { format!("{how}; it logged: {last}") }
    }

    /// How the process ended. It stays a zombie until it is dropped, so that its number names this group and no other.
    fn ended(&self) -> Option<String> {
        let id = Pid::from_raw(self.group.id());
        let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
        match waitid(Id::Pid(id), flags) {
            Ok(WaitStatus::Exited(_, code)) => Some(format!("it ended with exit status {code}")),
            Ok(WaitStatus::Signaled(_, signal, _)) => Some(format!("it was ended by {signal}")),
            Ok(_) => None,
            Err(error) => Some(format!("it is gone: {error}")),
        }
    }

    /// Lets it end by itself, or kills it. Returns whether it ended by itself.
    #[expect(clippy::disallowed_methods, reason = "a deadline needs the clock")]
    pub(super) fn leave(mut self, patience: Duration) -> bool {
        self.stdin = None;
        let until = until(patience);
        while Instant::now() < until {
            if self.ended().is_some() {
                return true;
            }
            thread::sleep(Duration::from_millis(1));
        }
        false
    }
}

/// When a deadline that starts now is over.
#[expect(clippy::disallowed_methods, reason = "a deadline needs the clock")]
fn until(deadline: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(deadline).or_else(|| now.checked_add(FOREVER)).unwrap_or(now)
}

fn keep_log(stderr: &mut impl Read, log: &Mutex<Vec<u8>>) {
    let mut chunk = [0; 1 << 14];
    while let Ok(read) = stderr.read(&mut chunk) {
        if read == 0 {
            break;
        }
        if let Ok(mut log) = log.lock() {
            log.extend_from_slice(chunk.get(..read).unwrap_or_default());
            let surplus = log.len().saturating_sub(LOG);
            log.drain(..surplus);
        }
    }
}

//! The process groups that run: a signal that ends this process ends them first.

use std::collections::BTreeSet;
use std::io;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{SigSet, Signal, kill, killpg};
use nix::unistd::Pid;

use crate::runner::process::table;

/// What every process of a testee has in its environment. One that leaves the group, as by `setsid`, is found by it.
const MARK: &str = "FRAMEWRIGHT_TESTEE";

/// So often those that left their group are looked for, until none is found.
const SWEEPS: usize = 100;

static GROUPS: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());
static STARTED: AtomicU32 = AtomicU32::new(0);

fn groups() -> MutexGuard<'static, BTreeSet<i32>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A process that leads a group of its own, and all that it starts. Dropping it kills them.
pub(super) struct Group {
    pub(super) child: Child,
    /// `NAME=VALUE`, which no other group has.
    mark: String,
}

impl Group {
    /// No signal comes between its start and its registration.
    pub(super) fn spawn(command: &mut Command) -> io::Result<Self> {
        let value = format!("{}-{}.", std::process::id(), STARTED.fetch_add(1, Ordering::Relaxed));
        command.env(MARK, &value);
        let mut groups = groups();
        let child = command.spawn()?;
        groups.extend(i32::try_from(child.id()));
        Ok(Self { child, mark: format!("{MARK}={value}") })
    }

    /// Its number, which is its leader's.
    pub(super) fn id(&self) -> i32 {
        i32::try_from(self.child.id()).unwrap_or_default()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Its leader has not been waited for, so that the number is still its own. The group outlives the leader where that
        // started processes of its own.
        let _gone = killpg(Pid::from_raw(self.id()), Signal::SIGKILL);
        sweep(&self.mark);
        groups().remove(&self.id());
        let _status = self.child.wait();
    }
}

/// Kills all processes with this in their environment.
fn sweep(mark: &str) {
    for _ in 0..SWEEPS {
        let left = table::with_environment(mark);
        if left.is_empty() {
            return;
        }
        for id in left {
            let _gone = kill(Pid::from_raw(id), Signal::SIGKILL);
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// From now on SIGINT and SIGTERM kill every testee that runs and end this process with 130 or 143. To be called before there are
/// other threads: those that exist keep taking the signals themselves.
pub fn end_on_signals() {
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGINT);
    signals.add(Signal::SIGTERM);
    if signals.thread_block().is_err() {
        return;
    }
    thread::spawn(move || {
        if let Ok(signal) = signals.wait() {
            // Held to the end: nothing is started any more.
            let groups = groups();
            for &id in groups.iter() {
                let _gone = killpg(Pid::from_raw(id), Signal::SIGKILL);
            }
            sweep(&format!("{MARK}={}-", std::process::id()));
            std::process::exit(if signal == Signal::SIGINT { 130 } else { 143 });
        }
    });
}

//! The process groups that run: a signal that ends this process ends them first.

use std::collections::BTreeSet;
use std::io;
use std::process::{Child, Command};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use nix::sys::signal::{SigSet, Signal, killpg};
use nix::unistd::Pid;

static GROUPS: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

fn groups() -> MutexGuard<'static, BTreeSet<i32>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts a process that leads a group of its own. No signal comes between its start and its registration.
pub(super) fn spawn(command: &mut Command) -> io::Result<Child> {
    let mut groups = groups();
    let child = command.spawn()?;
    groups.extend(i32::try_from(child.id()));
    Ok(child)
}

/// Kills a group whose leader has not been waited for, and forgets it.
pub(super) fn kill(child: &Child) {
    // The group outlives its leader where that started processes of its own.
    if let Ok(id) = i32::try_from(child.id()) {
        let _gone = killpg(Pid::from_raw(id), Signal::SIGKILL);
        groups().remove(&id);
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
            std::process::exit(if signal == Signal::SIGINT { 130 } else { 143 });
        }
    });
}

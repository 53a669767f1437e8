//! Testees in this process.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use crate::runner::examine::{self, Task};
use crate::runner::judge::CRASH;
use crate::runner::outcome::{RunReport, Verdict};
use crate::runner::reply::{Answer, Reply};
use crate::runner::tally::Tally;
use crate::runner::{About, Job, Progress};
use crate::segment::{Counter, Family, Observed, ObservedEnd, Proof, Segmentation, Testee, Tier, drive, prove};

/// Longer streams are not proved: the feeds grow with the square of the length.
const PROOF_BYTES: usize = 2048;
/// States that a proof may have for each byte of the stream.
const PROOF_STATES: usize = 16;

/// Runs a decoder that can be cloned and compared. Under [`Family::Proof`] each vector is proved, or cut by `square` where there are too
/// many states.
///
/// `fresh` gives a new decoder. A panic of a decoder is caught and reported as a crash; one that never returns is not stopped.
pub fn run_provable<T: Testee + Clone + PartialEq>(job: &Job<'_>, about: &About, fresh: &dyn Fn() -> T) -> RunReport {
    run(job, about, fresh, &mut |task, tally| {
        let n = task.vector.stream.len();
        if job.family != Family::Proof || n > PROOF_BYTES {
            return false;
        }
        let budget = n.saturating_add(4).saturating_mul(PROOF_STATES);
        let testee = Guarded { testee: fresh(), crashed: false };
        let (feeds, counters) = match prove(&testee, &tally.demand().judge(), &task.vector.stream, budget) {
            Proof::Proved { feeds, .. } => (feeds, Vec::new()),
            Proof::Failed { feeds, counters, .. } => (feeds, counters),
            Proof::BudgetExceeded => return false,
        };
        tally.cases = tally.cases.saturating_add(feeds);
        counters.into_iter().for_each(|counter| tally.keep(counter));
        true
    })
}

/// Runs a decoder that cannot be compared: each case by itself.
pub fn run_testee<T: Testee>(job: &Job<'_>, about: &About, fresh: &dyn Fn() -> T) -> RunReport {
    run(job, about, fresh, &mut |_, _| false)
}

/// `proof` decides all cases of a vector at once, or says that it cannot.
fn run<T: Testee>(
    job: &Job<'_>,
    about: &About,
    fresh: &dyn Fn() -> T,
    proof: &mut dyn FnMut(&Task<'_>, &mut Tally<'_>) -> bool,
) -> RunReport {
    hush();
    let mut report = examine::report(job, about);
    let tasks = examine::tasks(job, about.checks);
    let of = tasks.iter().map(|task| task.cases.len()).sum();
    let mut done = 0;
    let guarded = || Guarded { testee: fresh(), crashed: false };
    let mut probe = |stream: &[u8], cuts: &Segmentation| Answer::Reply(Reply::record(guarded(), stream, cuts));
    for task in &tasks {
        let Some(expect) = task.expect.clone() else {
            report.vectors.push(examine::unrun(task, Verdict::NotApplicable));
            continue;
        };
        let mut tally = Tally::new(task.vector, expect);
        let uncut = Segmentation::default();
        tally.answer(&uncut, &probe(&task.vector.stream, &uncut));
        let tier = if proof(task, &mut tally) {
            Tier::Proved
        } else {
            cut(task, &mut tally, &guarded);
            task.cases.tier()
        };
        report.vectors.push(examine::conclude(job, about.checks, &mut tally, tier, &mut probe));
        done += task.cases.len();
        (job.progress)(Progress { cases: done, of });
    }
    examine::close(job, &mut report);
    report
}

/// Every case but the control, one after the other.
fn cut<T: Testee>(task: &Task<'_>, tally: &mut Tally<'_>, fresh: &dyn Fn() -> Guarded<T>) {
    let demand = tally.demand().clone();
    let (mut cuts, mut seen, mut found) = (Segmentation::default(), Vec::new(), Vec::new());
    for index in 1..task.cases.len() {
        task.cases.get(index, &mut cuts);
        drive(fresh(), &task.vector.stream, &cuts, demand.judge(), &mut seen, &mut found);
        tally.cases += 1;
        for deviation in found.drain(..) {
            tally.keep(Counter { cuts: cuts.clone(), deviation });
        }
    }
}

thread_local! {
    /// A decoder under test is running: its panic is an event and not printed.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Lets panics of decoders under test pass in silence, and all others as they were.
fn hush() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                before(info);
            }
        }));
    });
}

/// A decoder whose panics are events.
#[derive(Clone, PartialEq)]
struct Guarded<T> {
    testee: T,
    crashed: bool,
}

impl<T: Testee> Guarded<T> {
    fn guard<R>(&mut self, out: &mut Vec<Observed>, run: impl FnOnce(&mut T, &mut Vec<Observed>) -> R) -> Option<R> {
        if self.crashed {
            return None;
        }
        // A decoder that panicked is not asked again.
        GUARDED.set(true);
        let result = catch_unwind(AssertUnwindSafe(|| run(&mut self.testee, out)));
        GUARDED.set(false);
        result
            .map_err(|panic| {
                self.crashed = true;
                out.push(Observed::Error { class: CRASH.to_owned(), text: message(&*panic) });
            })
            .ok()
    }
}

impl<T: Testee> Testee for Guarded<T> {
    fn feed(&mut self, chunk: &[u8], out: &mut Vec<Observed>) {
        self.guard(out, |testee, out| testee.feed(chunk, out));
    }

    fn finish(&mut self, last: &[u8], out: &mut Vec<Observed>) -> ObservedEnd {
        self.guard(out, |testee, out| testee.finish(last, out)).unwrap_or(ObservedEnd::Unknown)
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic without a message".to_owned())
}

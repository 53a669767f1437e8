//! `framewright fuzz`

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::test::{DEADLINE, reach_file, subject};
use super::testees::{self, Testee};
use super::{Exit, Failure, Outcome, files};
use crate::fuzz::{Campaign, Fuzzed, Progress, Worker};
use crate::plan::Plan;
use crate::report;
use crate::runner::{Job, Session, end_on_signals};
use crate::segment::{Family, Rng};
use crate::value::to_hex;
use crate::vector::{self, Vectors};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A file, or the name of a protocol that ships
    #[arg(value_name = "SPEC")]
    spec: String,
    /// reference, tokio-util, or a name of the testees' file
    #[arg(long, value_name = "NAME", conflicts_with = "command", required_unless_present = "command")]
    testee: Option<String>,
    /// The testees' file
    #[arg(long, value_name = "FILE", default_value = testees::FILE)]
    testees_file: PathBuf,
    /// A program that speaks FWT/1
    #[arg(last = true, value_name = "CMD")]
    command: Vec<String>,
    /// How long, such as 90s, 10m or 2h
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    time: Duration,
    /// Begin no further round after so many cases: with this, and time enough, the same seed gives the same findings
    #[arg(long, value_name = "N")]
    cases: Option<usize>,
    /// Testees that run at once [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    workers: Option<u16>,
    /// Decides what is drawn at random
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder for the findings: PROTOCOL.json
    #[arg(short, long, value_name = "DIR", default_value = "fuzz-findings")]
    output: PathBuf,
    /// A folder of streams, one a file, to begin with; those that show something new are added to it
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// How each stream is cut, as for `test`
    #[arg(long, value_name = "FAMILY", default_value_t = Family::Sample)]
    cuts: Family,
    /// Bytes of a stream at most
    #[arg(long, value_name = "BYTES", default_value_t = 4096)]
    max_len: usize,
    /// Known failures [default: known-failures/NAME.yaml beside the testees' file]
    #[arg(long, value_name = "FILE")]
    known_failures: Option<PathBuf>,
    /// Deviations of the level `should` are findings too
    #[arg(long)]
    strict: bool,
    /// Seconds that a program has for each reply
    #[arg(long, default_value_t = DEADLINE, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86400))]
    deadline: u64,
}

fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|each: char| each.is_ascii_alphabetic());
    let unit = match text.get(digits.len()..) {
        Some("s" | "") => 1,
        Some("m") => 60,
        Some("h") => 3600,
        _ => 0,
    };
    let seconds = digits.parse().ok().and_then(|count: u64| count.checked_mul(unit)).filter(|seconds| *seconds > 0);
    seconds.map(Duration::from_secs).ok_or_else(|| "a time is a number and s, m or h: 90s, 10m, 2h".to_owned())
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Outcome {
    let subject = match subject(&args.spec, None, out)? {
        Ok(subject) => subject,
        Err(exit) => return Ok(exit),
    };
    let testee = match &args.testee {
        None => Testee::command(&args.command),
        Some(name) => testees::one(name, &args.testees_file)?,
    };
    end_on_signals();
    let plan = subject.meaning.plan();
    let path = args.output.join(format!("{}.json", plan.name));
    let before = if path.is_file() { files::vectors_file(&path, plan)?.tests } else { Vec::new() };
    let mut seeds: Vec<Vec<u8>> = subject.vectors.iter().map(|vector| vector.stream.clone()).collect();
    if let Some(folder) = &args.corpus {
        seeds.extend(files::folder(folder)?);
    }
    let known = testee.known(args.known_failures.as_deref())?;
    let campaign = Campaign {
        testee: testee.name(),
        reach: &format!("{}{}", reach_file(&args.spec, &path), testee.reach()),
        meaning: &subject.meaning,
        known: &known,
        strict: args.strict,
        family: args.cuts,
        seed: args.seed,
        most: args.max_len,
        cases: args.cases,
    };
    #[expect(clippy::disallowed_methods, reason = "a campaign has so much time")]
    let started = Instant::now();
    let bar = bar(testee.name());
    let mut failed = Ok(());
    let fuzzed = campaign.run(
        seeds,
        &mut workers(args, &testee, plan),
        &|| started.elapsed() >= args.time,
        &|progress| bar.set_message(line(progress, started.elapsed())),
        &mut |fuzzed| {
            let written = show(fuzzed, out).and_then(|()| write(&path, plan, &before, fuzzed));
            if failed.is_ok() {
                failed = written;
            }
        },
    );
    bar.finish_and_clear();
    let fuzzed = fuzzed.map_err(Failure)?;
    failed?;
    if let Some(folder) = &args.corpus {
        for stream in &fuzzed.corpus {
            files::write(&folder.join(file_name(stream)), stream)?;
        }
    }
    writeln!(
        out,
        "{} on {}, seed {}: {}",
        testee.name(),
        plan.name,
        args.seed,
        line(fuzzed.progress, started.elapsed())
    )?;
    if fuzzed.vectors.is_empty() {
        return Ok(if fuzzed.progress.streams == 0 { Exit::Nothing } else { Exit::Clean });
    }
    writeln!(out, "wrote {}", path.display())?;
    Ok(Exit::Findings)
}

/// A testee for each worker.
fn workers<'w>(args: &Args, testee: &Testee, plan: &Plan) -> Vec<Worker<'w>> {
    let cores = || std::thread::available_parallelism().map_or(1, |cores| u16::try_from(cores.get()).unwrap_or(1));
    let worker = |_| -> Worker<'w> {
        match testee {
            Testee::Embedded(embedded) => {
                let embedded = *embedded;
                Box::new(move |job: &Job<'_>| embedded.run(job))
            }
            Testee::Program { command, .. } => {
                let program = testees::program(command, plan, args.deadline);
                let mut session = Session::default();
                Box::new(move |job: &Job<'_>| session.run(job, &[], &program))
            }
        }
    };
    (0..args.workers.unwrap_or_else(cores)).map(worker).collect()
}

/// Prints the finding that came last.
fn show(fuzzed: &Fuzzed, out: &mut dyn Write) -> Result<(), Failure> {
    if let Some(vector) = fuzzed.report.vectors.last() {
        for finding in &vector.findings {
            writeln!(out, "{}", report::text::failure(&fuzzed.report, vector, finding))?;
        }
    }
    Ok(out.flush()?)
}

/// Writes the findings beside those that the file had before.
fn write(path: &Path, plan: &Plan, before: &[vector::Vector], fuzzed: &Fuzzed) -> Result<(), Failure> {
    let old = before.iter().filter(|old| fuzzed.vectors.iter().all(|new| new.id != old.id));
    let tests = old.chain(&fuzzed.vectors).cloned().collect();
    let vectors = Vectors::new(plan.name.clone(), tests, Vec::new());
    files::write(path, vector::to_json(plan, &vectors).as_bytes())
}

/// A name that depends on the bytes alone.
fn file_name(stream: &[u8]) -> String {
    format!("{:016x}", Rng::new(0, &to_hex(stream)).bits())
}

fn line(progress: Progress, elapsed: Duration) -> String {
    let Progress { cases, streams, unrun, kept, findings } = progress;
    let rate = testees::rate(cases, elapsed);
    let unrun = if unrun > 0 { format!(", {unrun} not run") } else { String::new() };
    format!(
        "{streams} streams{unrun}, {cases} cases in {:.1} s ({rate}), {kept} outcomes, {findings} findings",
        elapsed.as_secs_f64()
    )
}

fn bar(name: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template(&format!("{name:>20} {{spinner}} {{msg}}")) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

//! `framewright test`

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};

use super::testees::{self, Testee, quoted};
use super::{Exit, Failure, Outcome, files};
use crate::plan::lower;
use crate::runner::{self, Job, Known, Meaning, Progress, RunReport, Session, Shard, Shrink};
use crate::segment::Family;
use crate::vector::{EncodeVector, Vector, sweep};
use crate::{catalogue, model, report};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files, or names of protocols that ship; all that ship where none is named
    #[arg(value_name = "SPEC")]
    specs: Vec<String>,
    /// reference, tokio-util, or a name of the testees' file; `all` stands for the whole file
    #[arg(long = "testee", value_name = "NAME", conflicts_with = "command")]
    testees: Vec<String>,
    /// The testees' file
    #[arg(long, value_name = "FILE", default_value = testees::FILE)]
    testees_file: PathBuf,
    /// A program that speaks FWT/1
    #[arg(last = true, value_name = "CMD")]
    command: Vec<String>,
    /// How streams are cut: whole, every-byte, one-cut, two-cuts, uniform, seams, random, sample, exhaustive, square, proof
    #[arg(long, value_name = "FAMILY")]
    cuts: Option<Family>,
    /// The vectors of a file in place of those that the spec gives: what `framewright fuzz` wrote, or `vectors`
    #[arg(long, value_name = "FILE", requires = "specs", conflicts_with = "sweep")]
    vectors: Option<PathBuf>,
    /// Vectors whose id, name or flags have all of these words; `-word` excludes
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    filter: Option<String>,
    /// Decides what is drawn at random
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// One part of the vectors, such as 2/5
    #[arg(long, value_name = "I/N", value_parser = shard)]
    shard: Option<Shard>,
    /// Known failures [default: known-failures/NAME.yaml beside the testees' file]
    #[arg(long, value_name = "FILE")]
    known_failures: Option<PathBuf>,
    /// Write the known failures anew; reasons are then to be filled in
    #[arg(long)]
    update_known_failures: bool,
    /// Deviations of the level `should` fail too
    #[arg(long)]
    strict: bool,
    /// List the vectors that are selected, and run none
    #[arg(long)]
    list: bool,
    /// Also write a report: junit=FILE or json=FILE, several with commas
    #[arg(long, value_name = "FORM=FILE", value_delimiter = ',', value_parser = report_file)]
    report: Vec<(Form, PathBuf)>,
    /// Instead of specs, all geometries of a length-field framer: offset, width, order, adjustment, strip
    #[arg(long, conflicts_with = "specs")]
    sweep: bool,
    /// Also judge the time and the memory that a program takes: some seconds for each protocol; Linux only
    #[arg(long, conflicts_with = "sweep")]
    resources: bool,
    /// Seconds that a program has for each reply
    #[arg(long, default_value_t = DEADLINE, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86400))]
    deadline: u64,
}

/// Seconds that a program has for each reply.
pub(super) const DEADLINE: u64 = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Junit,
    Json,
}

fn shard(text: &str) -> Result<Shard, String> {
    Shard::parse(text).ok_or_else(|| "a part is I/N, I from 1 to N".to_owned())
}

fn report_file(text: &str) -> Result<(Form, PathBuf), String> {
    match text.split_once('=') {
        Some(("junit", file)) => Ok((Form::Junit, file.into())),
        Some(("json", file)) => Ok((Form::Json, file.into())),
        _ => Err("a report is junit=FILE or json=FILE".to_owned()),
    }
}

/// One protocol and what is run on it.
pub(super) struct Subject {
    pub(super) meaning: Meaning,
    pub(super) vectors: Vec<Vector>,
    encode: Vec<EncodeVector>,
    /// The option of `replay` that leads to the spec, where its name does not.
    reach: String,
}

impl Subject {
    fn protocol(&self) -> &str {
        &self.meaning.plan().name
    }
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Outcome {
    let mut subjects = Vec::new();
    if args.sweep {
        subjects.extend(sweep::points().map(swept).collect::<Result<Vec<_>, _>>()?);
    } else {
        for name in files::names(&args.specs) {
            match subject(&name, args.vectors.as_deref(), out)? {
                Ok(subject) => subjects.push(subject),
                Err(exit) => return Ok(exit),
            }
        }
    }
    let filter = Filter::new(args.filter.as_deref().unwrap_or_default());
    let shard = args.shard;
    let selected = |protocol: &str, vector: &Vector| {
        filter.takes(protocol, &vector.id, &vector.name, &vector.flags)
            && shard.is_none_or(|shard| shard.has(&vector.id))
    };
    if args.list {
        return list(&subjects, &selected, out);
    }
    let testees = if args.command.is_empty() {
        testees::named(&args.testees, &args.testees_file)?
    } else {
        vec![Testee::command(&args.command)]
    };
    runner::end_on_signals();
    let mut reports = Vec::new();
    let mut written = Vec::new();
    for testee in &testees {
        let known = testee.known(args.known_failures.as_deref())?;
        let of_testee = test(args, testee, &known, &subjects, &filter)?;
        if args.update_known_failures {
            written.push(update(args, testee, &known, &of_testee)?);
        }
        reports.extend(if args.sweep { together(of_testee) } else { of_testee });
    }
    for (form, path) in &args.report {
        let text = match form {
            Form::Junit => report::junit::write(&reports, args.strict),
            Form::Json => report::json::write(&reports, args.strict),
        };
        files::write(path, text.as_bytes())?;
    }
    out.write_all(report::text::failures(&reports, args.strict).as_bytes())?;
    out.write_all(report::text::table(&reports, args.strict).as_bytes())?;
    out.write_all(report::text::resources(&reports).as_bytes())?;
    out.write_all(report::text::summary(&reports, args.strict).as_bytes())?;
    for path in written {
        writeln!(out, "wrote {}; say in each new entry why, or it is refused", path.display())?;
    }
    Ok(runner::status(&reports, args.strict))
}

/// A spec, its vectors or those of a file, and how `replay` finds both; its mistakes go to `out`.
pub(super) fn subject(
    name: &str,
    vectors: Option<&Path>,
    out: &mut dyn Write,
) -> Result<Result<Subject, Exit>, Failure> {
    let (plan, derived) = match files::vectors(name, out)? {
        Ok(found) => found,
        Err(exit) => return Ok(Err(exit)),
    };
    let mut reach = if catalogue::spec(name).is_some() { String::new() } else { format!("--spec {} ", quoted(name)) };
    let vectors = match vectors {
        None => derived,
        Some(path) => {
            reach = reach_file(name, path);
            files::vectors_file(path, &plan)?
        }
    };
    let meaning = Meaning::new(Arc::new(plan));
    Ok(Ok(Subject { meaning, vectors: vectors.tests, encode: vectors.encode, reach }))
}

/// The options of `replay` that lead to the vectors of a file.
pub(super) fn reach_file(spec: &str, vectors: &Path) -> String {
    format!("--spec {} --vectors {} ", quoted(spec), quoted(&vectors.display().to_string()))
}

/// The protocol of a point of the sweep, through the same door as every spec: settings, text, model, plan.
pub(super) fn swept(point: sweep::Point) -> Result<Subject, Failure> {
    let name = point.name();
    let fault = |why: String| Failure(format!("{name}: {why}"));
    let text = crate::plan::import::netty(&name, &point.settings()).map_err(fault)?;
    let protocol = model::load(text.as_bytes()).map_err(|mistakes| {
        fault(mistakes.iter().map(|mistake| mistake.message.as_str()).collect::<Vec<_>>().join("; "))
    })?;
    let meaning = Meaning::new(Arc::new(lower(&protocol)));
    Ok(Subject { meaning, vectors: point.vectors(), encode: Vec::new(), reach: String::new() })
}

/// The reports of all points of the sweep as one, and one for each reason to skip points.
fn together(reports: Vec<RunReport>) -> Vec<RunReport> {
    let mut all: Vec<RunReport> = Vec::new();
    let mut points: Vec<usize> = Vec::new();
    for report in reports {
        let same = |other: &RunReport| other.skipped == report.skipped && other.error == report.error;
        match all.iter().position(same) {
            None => {
                all.push(report);
                points.push(1);
            }
            Some(at) => {
                if let (Some(whole), Some(points)) = (all.get_mut(at), points.get_mut(at)) {
                    whole.cases = whole.cases.saturating_add(report.cases);
                    whole.vectors.extend(report.vectors);
                    whole.stale.extend(report.stale);
                    *points = points.saturating_add(1);
                }
            }
        }
    }
    for (report, points) in all.iter_mut().zip(points) {
        report.protocol = format!("sweep of {points} geometries");
    }
    all
}

/// The words of `--filter`.
struct Filter {
    with: Vec<String>,
    without: Vec<String>,
}

impl Filter {
    fn new(text: &str) -> Self {
        let (without, with): (Vec<&str>, Vec<&str>) = text.split_whitespace().partition(|word| word.starts_with('-'));
        let without = without.into_iter().map(|word| word.trim_start_matches('-').to_owned());
        Self { with: with.into_iter().map(str::to_owned).collect(), without: without.collect() }
    }

    fn takes(&self, protocol: &str, id: &str, name: &str, flags: &[String]) -> bool {
        let text = format!("{protocol}/{id} {name} {}", flags.join(" "));
        self.with.iter().all(|word| text.contains(word)) && !self.without.iter().any(|word| text.contains(word))
    }
}

fn list(subjects: &[Subject], selected: &dyn Fn(&str, &Vector) -> bool, out: &mut dyn Write) -> Outcome {
    let mut exit = Exit::Nothing;
    for subject in subjects {
        let protocol = subject.protocol();
        for vector in subject.vectors.iter().filter(|vector| selected(protocol, vector)) {
            exit = Exit::Clean;
            writeln!(
                out,
                "{protocol}/{}  {} bytes  {}  [{}]",
                vector.id,
                vector.stream.len(),
                vector.name,
                vector.flags.join(" ")
            )?;
        }
    }
    Ok(exit)
}

/// One testee on every protocol.
fn test(
    args: &Args,
    testee: &Testee,
    known: &Known,
    subjects: &[Subject],
    filter: &Filter,
) -> Result<Vec<RunReport>, Failure> {
    let bar = bar(testee.name(), subjects.len());
    let mut reports = Vec::new();
    let mut cases = 0_usize;
    let (mut session, mut last) = (Session::default(), None);
    for subject in subjects {
        let protocol = subject.protocol();
        bar.set_message(protocol.to_owned());
        let job = Job {
            testee: testee.name(),
            reach: &format!("{}{}", subject.reach, testee.reach()),
            meaning: &subject.meaning,
            vectors: &subject.vectors,
            family: args.cuts.unwrap_or(if matches!(testee, Testee::Program { .. }) {
                Family::Square
            } else {
                Family::Proof
            }),
            seed: args.seed,
            shard: args.shard,
            select: &|vector| filter.takes(protocol, &vector.id, &vector.name, &vector.flags),
            known,
            shrink: Shrink::Frames,
            progress: &|Progress { cases: done, .. }| {
                bar.set_prefix(testees::rate(cases.saturating_add(done), bar.elapsed()));
                bar.tick();
            },
        };
        let report = match testee {
            Testee::Embedded(embedded) => embedded.run(&job),
            Testee::Program { command, .. } => {
                let program = testees::program(command, subject.meaning.plan(), args.deadline);
                let wanted = |vector: &&EncodeVector| filter.takes(protocol, &vector.id, &vector.name, &vector.flags);
                let encode: Vec<EncodeVector> = subject.encode.iter().filter(wanted).cloned().collect();
                let mut report = session.run(&job, &encode, &program);
                if args.resources && report.skipped.is_none() && report.error.is_none() {
                    runner::judge_resources(&job, &program, &mut report);
                }
                last = Some(program);
                report
            }
        };
        cases = cases.saturating_add(report.cases);
        bar.inc(1);
        reports.push(report);
    }
    bar.finish_and_clear();
    if let (Some(program), Some(report)) = (last, reports.last_mut())
        && let Err(error) = session.end(&program)
        && report.error.is_none()
    {
        report.error = Some(error);
    }
    if args.specs.is_empty() && matches!(testee, Testee::Program { may_skip: false, .. }) {
        must_run(&mut reports);
    }
    Ok(reports)
}

/// A testee that serves none of all protocols that ship, and may not: an error.
fn must_run(reports: &mut [RunReport]) {
    if reports.len() > 1
        && reports.iter().all(|report| report.skipped.is_some())
        && let Some(report) = reports.first_mut()
    {
        report.error = report.skipped.take().map(|reason| format!("it serves no protocol at all: {reason}"));
    }
}

fn bar(name: &str, length: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(length).unwrap_or(0));
    let template = format!("{name:>20} {{bar:30}} {{pos}}/{{len}} {{prefix}} {{msg}}");
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style);
    }
    bar
}

/// Writes the known failures that would make the run pass, and says where.
fn update(args: &Args, testee: &Testee, known: &Known, reports: &[RunReport]) -> Result<PathBuf, Failure> {
    let beside = match testee {
        Testee::Program { known, .. } => known.clone(),
        Testee::Embedded(embedded) => {
            Some(PathBuf::from(format!("conformance/known-failures/{}.yaml", embedded.name())))
        }
    };
    let Some(path) = args.known_failures.clone().or(beside) else {
        return Err(Failure(format!("{}: name the file with --known-failures", testee.name())));
    };
    files::write(&path, known.updated(reports).as_bytes())?;
    Ok(path)
}

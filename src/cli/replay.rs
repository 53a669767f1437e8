//! `framewright replay`

use std::io::Write;
use std::path::{Path, PathBuf};

use super::test::{Subject, subject, swept};
use super::testees::{self, Testee};
use super::{Exit, Failure, Outcome};
use crate::catalogue;
use crate::runner::{answer_one, end_on_signals, replay};
use crate::segment::Segmentation;
use crate::value::to_hex;
use crate::vector::{Vector, sweep};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A vector's id and cuts of its stream, as a report prints them: hw057:3,4,9
    #[arg(value_name = "ID:CUTS")]
    case: String,
    /// The spec of the vector; all that ship are looked through where it is left out
    #[arg(long, value_name = "SPEC")]
    spec: Option<String>,
    /// The vectors' file, where they are not those that the spec gives
    #[arg(long, value_name = "FILE", requires = "spec")]
    vectors: Option<PathBuf>,
    /// reference, tokio-util, or a name of the testees' file
    #[arg(long, value_name = "NAME", default_value = "reference", conflicts_with = "command")]
    testee: String,
    /// Seconds that a program has for its reply
    #[arg(long, default_value_t = super::test::DEADLINE, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86400))]
    deadline: u64,
    /// The testees' file
    #[arg(long, value_name = "FILE", default_value = testees::FILE)]
    testees_file: PathBuf,
    /// A program that speaks FWT/1
    #[arg(last = true, value_name = "CMD")]
    command: Vec<String>,
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Outcome {
    end_on_signals();
    let (id, cuts) = args.case.rsplit_once(':').unwrap_or((&args.case, "-"));
    let found = match &args.spec {
        Some(name) => in_spec(name, args.vectors.as_deref(), id, out)?,
        None if id.starts_with("sweep-") => in_sweep(id)?,
        None => in_catalogue(id, out)?,
    };
    let Some((subject, vector)) = found else {
        let where_ = args.spec.as_deref().unwrap_or("the protocols that ship; name the spec with --spec");
        return Err(Failure(format!("no vector {id} in {where_}; `framewright test --list` lists them")));
    };
    let plan = subject.meaning.plan();
    let cuts = cuts.parse().and_then(|cuts: Segmentation| cuts.of(vector.stream.len()));
    let cuts = cuts.map_err(|why| Failure(format!("the cuts of {}: {why}", args.case)))?;
    let testee = match args.command.as_slice() {
        [] => testees::one(&args.testee, &args.testees_file)?,
        command => Testee::command(command),
    };
    let answer = match &testee {
        Testee::Embedded(embedded) => embedded.answer(plan, &vector.stream, &cuts),
        Testee::Program { command, .. } => {
            answer_one(&testees::program(command, plan, args.deadline), &vector.stream, &cuts)
        }
    };
    let replayed = replay(&vector, &cuts, &answer.map_err(Failure)?);
    writeln!(out, "{}/{}  {}", plan.name, vector.id, vector.name)?;
    writeln!(out, "stream    {}", to_hex(&vector.stream))?;
    writeln!(out, "cuts      {cuts}")?;
    writeln!(out, "expected  {}", replayed.expected)?;
    writeln!(out, "got       {}", replayed.got)?;
    for deviation in &replayed.deviations {
        let line = format!("{:<9} {}", deviation.kind.to_string(), deviation.text);
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(if replayed.deviations.is_empty() { Exit::Clean } else { Exit::Findings })
}

type Found = Option<(Subject, Vector)>;

fn pick(subject: Subject, id: &str) -> Found {
    let id = id.rsplit('/').next().unwrap_or(id);
    let vector = subject.vectors.iter().find(|vector| vector.id == id).cloned();
    vector.map(|vector| (subject, vector))
}

fn in_spec(name: &str, vectors: Option<&Path>, id: &str, out: &mut dyn Write) -> Result<Found, Failure> {
    match subject(name, vectors, out)? {
        Ok(subject) => Ok(pick(subject, id)),
        Err(_) => Err(Failure(format!("{name} has mistakes"))),
    }
}

fn in_catalogue(id: &str, out: &mut dyn Write) -> Result<Found, Failure> {
    for (name, _) in catalogue::specs() {
        if let Some(found) = in_spec(&name, None, id, out)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn in_sweep(id: &str) -> Result<Found, Failure> {
    let mut points = sweep::points().filter(|point| id.starts_with(&format!("{}-", point.name())));
    match points.next() {
        Some(point) => Ok(pick(swept(point)?, id)),
        None => Ok(None),
    }
}

//! `framewright generate`

use std::io::Write;
use std::path::PathBuf;

use super::{Exit, Failure, Outcome, files};
use crate::{backends, catalogue};

#[derive(Debug, clap::Args)]
#[command(after_help = after_help())]
pub(super) struct Args {
    /// The language
    #[arg(value_name = "LANG")]
    language: String,
    /// Files, or names of protocols that ship
    #[arg(value_name = "SPEC", required = true)]
    specs: Vec<String>,
    /// The folder to write to
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// What to write besides the codec, separated by commas
    #[arg(long, value_name = "EXTRA", value_delimiter = ',')]
    with: Vec<String>,
    /// Write nothing; report the files in DIR that are not fresh
    #[arg(long)]
    check: bool,
}

fn after_help() -> String {
    let mut help = String::from("Languages and extras:\n");
    for language in backends::LANGUAGES.iter().chain(backends::PROJECTS) {
        help += &format!("  {}\n", language.name);
        for extra in language.extras {
            help += &format!("    {:<12}{}\n", extra.name, extra.about);
        }
    }
    help.trim_end().to_owned()
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Outcome {
    let mut plans = Vec::new();
    let mut sources = Vec::new();
    for name in &args.specs {
        match files::plan_and_source(name, out)? {
            Ok((plan, source)) => {
                plans.push(plan);
                sources.push(source);
            }
            Err(exit) => return Ok(exit),
        }
    }
    let by_hand = plans
        .iter()
        .zip(&sources)
        .filter_map(|(plan, source)| Some((plan.name.as_str(), catalogue::handwritten(&plan.name, source)?)));
    let by_hand: Vec<(&str, &str)> = by_hand.collect();
    let extras: Vec<&str> = args.with.iter().map(String::as_str).collect();
    let generated = backends::generate_with(&args.language, &plans, &extras, &by_hand);
    let generated = generated.map_err(|error| Failure(error.to_string()))?;
    let mut exit = Exit::Clean;
    for file in generated {
        let path = args.output.join(&file.path);
        if file.kept && path.is_file() {
            continue;
        }
        if !files::keep_fresh(&path, &file.bytes, args.check)? {
            exit = Exit::Findings;
            let with = if extras.is_empty() { String::new() } else { format!(" --with {}", extras.join(",")) };
            writeln!(
                out,
                "{} is not fresh; run: framewright generate {} {} -o {}{with}",
                path.display(),
                args.language,
                args.specs.join(" "),
                args.output.display()
            )?;
        }
    }
    Ok(exit)
}

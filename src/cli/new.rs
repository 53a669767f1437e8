//! `framewright new`

use std::io::Write;
use std::path::PathBuf;

use super::{Exit, Failure, Outcome, files};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Name of the protocol: lower-case letters, digits and `-`
    name: String,
    /// Where to write the spec [default: NAME.yaml]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// A spec that is valid once the name is filled in.
const STARTER: &str = include_str!("starter.yaml");

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Outcome {
    let path = args.output.clone().unwrap_or_else(|| PathBuf::from(format!("{}.yaml", args.name)));
    let text = STARTER.replace("NAME", &args.name);
    if crate::model::load(text.as_bytes()).is_err() {
        let shape = "start with a lower-case letter, then lower-case letters, digits and `-`, 64 at most";
        return Err(Failure(format!("{} is no name of a protocol: {shape}", args.name)));
    }
    if path.exists() {
        return Err(Failure(format!("{} exists; choose another with --output", path.display())));
    }
    files::write(&path, text.as_bytes())?;
    writeln!(out, "wrote {}; next: framewright show {0}", path.display())?;
    Ok(Exit::Clean)
}

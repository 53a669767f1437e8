//! `framewright vectors`

use std::io::Write;
use std::path::PathBuf;

use super::{Exit, Outcome, files};
use crate::vector;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files, or names of protocols that ship; all that ship where none is named
    #[arg(value_name = "SPEC")]
    specs: Vec<String>,
    /// The folder to write to, one file a protocol; stdout where it is left out
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Write nothing; report the files in DIR that are not fresh
    #[arg(long, requires = "output")]
    check: bool,
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Outcome {
    let mut exit = Exit::Clean;
    for name in files::names(&args.specs) {
        let (plan, vectors) = match files::vectors(&name, out)? {
            Ok(found) => found,
            Err(exit) => return Ok(exit),
        };
        let text = vector::to_json(&plan, &vectors);
        let Some(folder) = &args.output else {
            out.write_all(text.as_bytes())?;
            continue;
        };
        let path = folder.join(format!("{}.json", plan.name));
        if !files::keep_fresh(&path, text.as_bytes(), args.check)? {
            exit = Exit::Findings;
            writeln!(out, "{} is not fresh; run: framewright vectors {name} -o {}", path.display(), folder.display())?;
        }
    }
    Ok(exit)
}

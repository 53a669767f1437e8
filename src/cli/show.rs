//! `framewright show`

use std::io::Write;

use super::{Exit, Outcome, files};
use crate::plan::diagram;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A file, or the name of a protocol that ships
    spec: String,
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Outcome {
    match files::plan(&args.spec, out)? {
        Err(exit) => Ok(exit),
        Ok(plan) => {
            out.write_all(diagram::show(&plan).as_bytes())?;
            Ok(Exit::Clean)
        }
    }
}

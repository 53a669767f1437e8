//! `framewright explain`

use std::io::Write;

use super::{Exit, Failure, Outcome};
use crate::diag::Code;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A code such as FW009; all codes are listed where it is left out
    code: Option<String>,
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Outcome {
    let Some(text) = &args.code else {
        for code in Code::ALL {
            writeln!(out, "{}  {}", code.id(), code.title())?;
        }
        return Ok(Exit::Clean);
    };
    let Some(code) = Code::parse(text) else {
        return Err(Failure(format!("{text} is no code; `framewright explain` lists them")));
    };
    out.write_all(code.page().as_bytes())?;
    Ok(Exit::Clean)
}

//! `framewright check`

use std::io::Write;

use super::{Exit, Outcome, files};
use crate::diag::render;
use crate::model;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files, or names of protocols that ship
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<String>,
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Outcome {
    let mut mistakes = 0_usize;
    for name in &args.specs {
        let source = files::spec_text(name)?;
        if let Err(diagnostics) = model::load(&source) {
            mistakes = mistakes.saturating_add(diagnostics.len());
            out.write_all(render(name, &source, &diagnostics, files::colour()).as_bytes())?;
        }
    }
    if mistakes == 0 {
        return Ok(Exit::Clean);
    }
    let plural = if mistakes == 1 { "" } else { "s" };
    writeln!(out, "{mistakes} mistake{plural}; `framewright explain CODE` tells more")?;
    Ok(Exit::Findings)
}

//! `framewright schema`

use std::io::Write;

use super::{Exit, Outcome};

pub(super) fn run(out: &mut dyn Write) -> Outcome {
    out.write_all(crate::schema::text().as_bytes())?;
    Ok(Exit::Clean)
}

//! `framewright encode`

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;
use serde_json::Value as Json;

use super::{Exit, Failure, Outcome, files};
use crate::interp::{Event, decode, encode as encode_frame, fields_from_json, fields_to_json, inputs};
use crate::oracle::begun_with;
use crate::plan::Plan;
use crate::value::{Value, to_hex};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A file, or the name of a protocol that ships
    spec: String,
    /// JSON lines: one object of a frame's fields each, or what `decode` prints; stdin where it is left out
    file: Option<PathBuf>,
    /// What to write
    #[arg(long, value_enum, default_value_t = Form::Raw)]
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Bytes as they are
    Raw,
    /// Hexadecimal digits; white space between them is passed over
    Hex,
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Outcome {
    let plan = match files::plan(&args.spec, out)? {
        Ok(plan) => Arc::new(plan),
        Err(exit) => return Ok(exit),
    };
    let input = files::input(args.file.as_ref())?;
    let text = std::str::from_utf8(&input).map_err(|error| Failure(format!("the input is not UTF-8: {error}")))?;
    for (number, line) in (1_usize..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let frame = frame_of_line(&plan, line).map_err(|why| Failure(format!("line {number}: {why}")))?;
        match args.form {
            Form::Raw => out.write_all(&frame)?,
            Form::Hex => writeln!(out, "{}", to_hex(&frame))?,
        }
    }
    Ok(Exit::Clean)
}

/// Encodes one line. What the encoder computes may be given too, if it is right.
fn frame_of_line(plan: &Arc<Plan>, line: &str) -> Result<Vec<u8>, String> {
    let json: Json = serde_json::from_str(line).map_err(|error| format!("not JSON: {error}"))?;
    let json = match json.get("frame").and_then(|frame| frame.get("fields")) {
        Some(fields) if plan.slots.iter().all(|slot| slot.name != "frame") => fields,
        Some(_) | None => &json,
    };
    let fields = fields_from_json(plan, json).map_err(|error| error.to_string())?;
    let bytes = encode_frame(plan, &inputs(plan, &fields)).map_err(|error| error.to_string())?;
    let computed = match decode(&begun_with(plan, &fields)?, &bytes).events.into_iter().next() {
        Some(Event::Frame(frame)) => frame.fields,
        Some(Event::Reject { .. }) | None => Vec::new(),
    };
    let differs =
        |(name, value): &&(String, Value)| computed.iter().any(|(other, right)| other == name && right != value);
    if let Some((name, _)) = fields.iter().find(differs) {
        let right = fields_to_json(plan, &computed);
        let right = right.get(name).unwrap_or(&Json::Null);
        return Err(format!("{name}: it is computed and would be {right}; leave it out or correct it"));
    }
    Ok(bytes)
}

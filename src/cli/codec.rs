//! `framewright encode` and `framewright decode`

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;
use serde_json::{Value as Json, json};

use super::{Exit, Failure, Outcome, files};
use crate::interp::{Decoder, End, Event, encode as encode_frame, fields_from_json, fields_to_json, inputs};
use crate::plan::Plan;
use crate::segment::Segmentation;
use crate::value::{from_hex, to_hex};

#[derive(Debug, clap::Args)]
pub(super) struct EncodeArgs {
    /// A file, or the name of a protocol that ships
    spec: String,
    /// JSON lines: one object of a frame's fields each, or what `decode` prints; stdin where it is left out
    file: Option<PathBuf>,
    /// What to write
    #[arg(long, value_enum, default_value_t = Form::Raw)]
    form: Form,
}

#[derive(Debug, clap::Args)]
pub(super) struct DecodeArgs {
    /// A file, or the name of a protocol that ships
    spec: String,
    /// The stream; stdin where it is left out
    file: Option<PathBuf>,
    /// How the stream is written
    #[arg(long, value_enum, default_value_t = Form::Raw)]
    form: Form,
    /// Cuts of the stream: offsets such as 3,4,9, or `-` for none
    #[arg(long, default_value = "-")]
    cuts: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Bytes as they are
    Raw,
    /// Hexadecimal digits; white space between them is passed over
    Hex,
}

pub(super) fn encode(args: &EncodeArgs, out: &mut dyn Write) -> Outcome {
    let plan = match files::plan(&args.spec, out)? {
        Ok(plan) => plan,
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

fn frame_of_line(plan: &Plan, line: &str) -> Result<Vec<u8>, String> {
    let json: Json = serde_json::from_str(line).map_err(|error| format!("not JSON: {error}"))?;
    let json = match json.get("frame").and_then(|frame| frame.get("fields")) {
        Some(fields) if plan.slots.iter().all(|slot| slot.name != "frame") => fields,
        Some(_) | None => &json,
    };
    let fields = fields_from_json(plan, json).map_err(|error| error.to_string())?;
    encode_frame(plan, &inputs(plan, &fields)).map_err(|error| error.to_string())
}

pub(super) fn decode(args: &DecodeArgs, out: &mut dyn Write) -> Outcome {
    let plan = match files::plan(&args.spec, out)? {
        Ok(plan) => Arc::new(plan),
        Err(exit) => return Ok(exit),
    };
    let mut stream = files::input(args.file.as_ref())?;
    if args.form == Form::Hex {
        let digits: Vec<u8> = stream.into_iter().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let text = String::from_utf8_lossy(&digits);
        stream = from_hex(&text).ok_or_else(|| Failure("the input is not pairs of hexadecimal digits".to_owned()))?;
    }
    let cuts = args.cuts.parse().and_then(|segmentation: Segmentation| segmentation.of(stream.len()));
    let cuts = cuts.map_err(|why| Failure(format!("--cuts {}: {why}", args.cuts)))?;
    let mut decoder = Decoder::new(Arc::clone(&plan));
    let mut exit = Exit::Clean;
    let mut fed = 0_usize;
    for end in cuts.ends(stream.len()) {
        let mut events = Vec::new();
        decoder.feed(stream.get(fed..end).unwrap_or_default(), &mut events);
        fed = end;
        for event in events {
            let line = match event {
                Event::Frame(frame) => {
                    let fields = fields_to_json(&plan, &frame.fields);
                    json!({ "frame": { "start": frame.start, "end": frame.end, "fields": fields } })
                }
                Event::Reject { class, at } => {
                    exit = Exit::Findings;
                    json!({ "reject": { "class": class.word(), "at": at } })
                }
            };
            writeln!(out, "{line}")?;
        }
    }
    let end = match decoder.finish() {
        End::Clean => "clean",
        End::Incomplete => {
            exit = Exit::Findings;
            "incomplete"
        }
        End::Rejected => "rejected",
    };
    writeln!(out, "{}", json!({ "end": end }))?;
    Ok(exit)
}

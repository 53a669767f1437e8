//! `framewright encode` and `framewright decode`

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;
use serde_json::{Value as Json, json};

use super::{Exit, Failure, Outcome, files};
use crate::interp::{
    Decoder, End, Event, decode as decode_stream, encode as encode_frame, fields_from_json, fields_to_json, inputs,
};
use crate::plan::Plan;
use crate::segment::Segmentation;
use crate::value::{Value, from_hex, to_hex};

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

/// Bytes that are decoded before what they mean is written.
const SLICE: usize = 1 << 16;

/// Encodes one line. What the encoder computes may be given too, if it is right.
fn frame_of_line(plan: &Arc<Plan>, line: &str) -> Result<Vec<u8>, String> {
    let json: Json = serde_json::from_str(line).map_err(|error| format!("not JSON: {error}"))?;
    let json = match json.get("frame").and_then(|frame| frame.get("fields")) {
        Some(fields) if plan.slots.iter().all(|slot| slot.name != "frame") => fields,
        Some(_) | None => &json,
    };
    let fields = fields_from_json(plan, json).map_err(|error| error.to_string())?;
    let bytes = encode_frame(plan, &inputs(plan, &fields)).map_err(|error| error.to_string())?;
    let computed = match decode_stream(plan, &bytes).events.into_iter().next() {
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
    let mut events = Vec::new();
    for end in cuts.ends(stream.len()) {
        // In slices, so that the events of a long stream are not held all at once.
        let chunk = stream.get(fed..end).unwrap_or_default();
        fed = end;
        for slice in chunk.chunks(SLICE) {
            decoder.feed(slice, &mut events);
            for event in events.drain(..) {
                exit = if matches!(event, Event::Reject { .. }) { Exit::Findings } else { exit };
                writeln!(out, "{}", line_of_event(&plan, event))?;
            }
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

fn line_of_event(plan: &Plan, event: Event) -> Json {
    match event {
        Event::Frame(frame) => {
            let fields = fields_to_json(plan, &frame.fields);
            json!({ "frame": { "start": frame.start, "end": frame.end, "fields": fields } })
        }
        Event::Reject { class, at } => json!({ "reject": { "class": class.word(), "at": at } }),
    }
}

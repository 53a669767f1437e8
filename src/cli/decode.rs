//! `framewright decode`

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;
use serde_json::{Map, Value as Json, json};

use super::files::Source;
use super::{Exit, Failure, Outcome, capture, files};
use crate::capture::Capture;
use crate::interp::{Decoder, End, Event, fields_to_json};
use crate::plan::Plan;
use crate::segment::Segmentation;
use crate::value::from_hex;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A file, or the name of a protocol that ships
    spec: String,
    /// The stream, or a capture (pcap, pcapng) that holds streams of TCP; stdin where it is left out
    file: Option<PathBuf>,
    /// What the file is; where it is left out, its first bytes tell a capture, and all else is raw
    #[arg(long, value_enum)]
    form: Option<Form>,
    /// Cuts of the stream: offsets such as 3,4,9, or `-` for none. A capture's streams are cut into their segments without it
    #[arg(long)]
    cuts: Option<String>,
    /// Bytes at the start of a stream that are passed over, such as the 24 of HTTP/2's preface; cuts count from there
    #[arg(long, default_value_t = 0)]
    skip: u64,
    #[command(flatten)]
    select: capture::Select,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Bytes as they are
    Raw,
    /// Hexadecimal digits; white space between them is passed over
    Hex,
    /// Packets, as tcpdump and Wireshark write them: pcap or pcapng
    Capture,
}

/// Bytes that are decoded before what they mean is written.
pub(super) const SLICE: usize = 1 << 16;

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Outcome {
    let plan = match files::plan(&args.spec, out)? {
        Ok(plan) => Arc::new(plan),
        Err(exit) => return Ok(exit),
    };
    let mut source = Source::open(args.file.as_ref())?;
    let mut stream = Vec::new();
    while stream.len() < Capture::MAGIC && source.more(&mut stream)? {}
    let told = if Capture::is_one(&stream) { Form::Capture } else { Form::Raw };
    let cuts = args.cuts.as_ref().map(|text| text.parse().map_err(|why| Failure(format!("--cuts {text}: {why}"))));
    let cuts: Option<Segmentation> = cuts.transpose()?;
    match args.form.unwrap_or(told) {
        Form::Capture => return capture::decode(&plan, &args.select, cuts.as_ref(), args.skip, source, stream, out),
        Form::Raw | Form::Hex if !args.select.is_all() => {
            return Err(Failure("--flow, --from and --to choose streams of a capture, and this is none".to_owned()));
        }
        Form::Raw => source.rest(&mut stream)?,
        Form::Hex => {
            source.rest(&mut stream)?;
            let digits: Vec<u8> = stream.into_iter().filter(|byte| !byte.is_ascii_whitespace()).collect();
            let bytes = from_hex(&String::from_utf8_lossy(&digits));
            stream = bytes.ok_or_else(|| Failure("the input is not pairs of hexadecimal digits".to_owned()))?;
        }
    }
    let mut decoding = Decoding::new(&plan, args.skip);
    stream.drain(..usize::try_from(args.skip).unwrap_or(usize::MAX).min(stream.len()));
    let cuts = cuts.unwrap_or_default().of(stream.len());
    let cuts = cuts.map_err(|why| Failure(format!("--cuts {}: {why}", args.cuts.as_deref().unwrap_or_default())))?;
    let mut fed = 0_usize;
    for end in cuts.ends(stream.len()) {
        let chunk = stream.get(fed..end).unwrap_or_default();
        fed = end;
        decoding.feed(chunk, &mut |_| Map::new(), out)?;
    }
    let end = decoding.end();
    writeln!(out, "{}", json!({ "end": end }))?;
    Ok(decoding.exit)
}

/// A stream as it is decoded.
#[derive(Debug)]
pub(super) struct Decoding {
    plan: Arc<Plan>,
    decoder: Decoder,
    /// Offset in the stream of the decoder's first byte.
    pub(super) base: u64,
    events: Vec<Event>,
    /// Findings as soon as something is wrong.
    pub(super) exit: Exit,
}

impl Decoding {
    pub(super) fn new(plan: &Arc<Plan>, base: u64) -> Self {
        let decoder = Decoder::new(Arc::clone(plan));
        Self { plan: Arc::clone(plan), decoder, base, events: Vec::new(), exit: Exit::Clean }
    }

    /// Decodes a chunk and writes a line an event. It begins with the members that `head` gives for the offset of the byte that made it certain.
    pub(super) fn feed(
        &mut self,
        chunk: &[u8],
        head: &mut dyn FnMut(u64) -> Map<String, Json>,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        // In slices, so that the events of a long chunk are not held all at once.
        for slice in chunk.chunks(SLICE) {
            self.decoder.feed(slice, &mut self.events);
            for event in self.events.drain(..) {
                let (last, key, told) = match event {
                    Event::Frame(frame) => {
                        let (start, end) = (self.base.saturating_add(frame.start), self.base.saturating_add(frame.end));
                        let fields = fields_to_json(&self.plan, &frame.fields);
                        (end.saturating_sub(1), "frame", json!({ "start": start, "end": end, "fields": fields }))
                    }
                    Event::Reject { class, at } => {
                        self.exit = Exit::Findings;
                        let at = self.base.saturating_add(at);
                        (at, "reject", json!({ "class": class.word(), "at": at }))
                    }
                };
                let mut line = head(last);
                line.insert(key.to_owned(), told);
                writeln!(out, "{}", Json::Object(line))?;
            }
        }
        Ok(())
    }

    /// The word for how the stream ends.
    pub(super) fn end(&mut self) -> &'static str {
        match self.decoder.finish() {
            End::Clean => "clean",
            End::Incomplete => {
                self.exit = Exit::Findings;
                "incomplete"
            }
            End::Rejected => "rejected",
        }
    }
}

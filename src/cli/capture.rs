//! `framewright decode` of a capture: every stream that is chosen is decoded by itself.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::decode::{Decoding, SLICE};
use super::files::Source;
use super::{Exit, Failure, Outcome};
use crate::capture::{Capture, Close, Event, Flow, Skip};
use crate::plan::Plan;
use crate::segment::{BadSegmentation, Segmentation};

/// Which streams of a capture are decoded: those that match all that is given.
#[derive(Debug, clap::Args)]
pub(super) struct Select {
    /// Of a capture, only the stream that is named so in the output, such as '127.0.0.1:5432>127.0.0.1:41022'
    #[arg(long)]
    flow: Option<String>,
    /// Of a capture, only streams from this port: what a server says
    #[arg(long, value_name = "PORT")]
    from: Option<u16>,
    /// Of a capture, only streams to this port: what a server is told
    #[arg(long, value_name = "PORT")]
    to: Option<u16>,
}

impl Select {
    pub(super) fn is_all(&self) -> bool {
        self.flow.is_none() && self.from.is_none() && self.to.is_none()
    }

    fn matches(&self, flow: Flow) -> bool {
        self.flow.as_ref().is_none_or(|name| *name == flow.to_string())
            && self.from.is_none_or(|port| port == flow.from.port())
            && self.to.is_none_or(|port| port == flow.to.port())
    }
}

/// Decodes the streams of a capture, of which `first` was read already.
pub(super) fn decode(
    plan: &Arc<Plan>,
    select: &Select,
    cuts: Option<&Segmentation>,
    skip: u64,
    mut source: Source,
    first: Vec<u8>,
    out: &mut dyn Write,
) -> Outcome {
    let mut streams =
        Streams { plan, select, cuts, skip, open: BTreeMap::new(), selected: 0, others: 0, exit: Exit::Clean };
    let mut capture = Capture::new();
    let (mut bytes, mut events) = (first, Vec::new());
    loop {
        let fed = capture.feed(&bytes, &mut events);
        streams.tell(&mut events, out)?;
        // A capture may come from a program that still runs.
        out.flush()?;
        bytes.clear();
        if fed.is_err() || !source.more(&mut bytes)? {
            break;
        }
    }
    let end = capture.finish(&mut events);
    streams.tell(&mut events, out)?;
    end.map_err(|fault| Failure(format!("{}: {fault}", source.name)))?;
    if streams.selected > 0 {
        return Ok(streams.exit);
    }
    let packets = capture.packets();
    let message = format!("no stream of TCP is chosen: {packets} packets, {} other streams", streams.others);
    // Nobody to tell where stderr is closed.
    let _ = writeln!(std::io::stderr(), "framewright: {}: {message}", source.name);
    Ok(if streams.exit == Exit::Clean { Exit::Nothing } else { streams.exit })
}

struct Streams<'a> {
    plan: &'a Arc<Plan>,
    select: &'a Select,
    cuts: Option<&'a Segmentation>,
    skip: u64,
    open: BTreeMap<Flow, Stream>,
    selected: u64,
    others: u64,
    exit: Exit,
}

/// A stream, and what of it waits for a cut.
struct Stream {
    decoding: Decoding,
    /// Bytes that are still passed over.
    skip: u64,
    /// Bytes that came, those passed over left out.
    came: usize,
    waiting: Vec<u8>,
    /// Which packet held which of them: the offset behind them, and its number.
    packets: Vec<(u64, u64)>,
    /// Cuts that were made.
    made: usize,
}

impl Streams<'_> {
    fn tell(&mut self, events: &mut Vec<Event>, out: &mut dyn Write) -> Result<(), Failure> {
        for event in events.drain(..) {
            match event {
                Event::Midstream { flow, packet } if self.select.matches(flow) => {
                    self.stream(flow);
                    line(out, head(flow, Some(packet)), "midstream", json!(true))?;
                }
                Event::Bytes { flow, packet, bytes } if self.select.matches(flow) => {
                    let cuts = self.cuts;
                    self.stream(flow).take(flow, packet, &bytes, cuts, out)?;
                }
                Event::Missing { flow, hole } if self.select.matches(flow) => {
                    self.exit = Exit::Findings;
                    let mut told = Map::new();
                    let numbers = [("after", hole.after), ("before", hole.before), ("cut", hole.cut)];
                    let always = [("at", hole.at), ("bytes", hole.bytes), ("behind", hole.behind)];
                    let numbers = numbers.into_iter().filter_map(|(key, number)| Some((key, number?)));
                    told.extend(always.into_iter().chain(numbers).map(|(key, number)| (key.to_owned(), json!(number))));
                    line(out, head(flow, None), "missing", Json::Object(told))?;
                }
                Event::End { flow, close } if self.select.matches(flow) => self.end(flow, close, out)?,
                Event::End { .. } => self.others = self.others.saturating_add(1),
                Event::Skipped { packet, why } => {
                    let of = match &why {
                        Skip::Behind(flow) | Skip::Before(flow) | Skip::Outside(flow) => Some(*flow),
                        Skip::Fragment | Skip::Cut | Skip::Header(_) | Skip::Link(_) => None,
                    };
                    if of.is_none_or(|flow| self.select.matches(flow)) {
                        self.exit = Exit::Findings;
                        let head = Map::from_iter([("packet".to_owned(), json!(packet))]);
                        line(out, head, "skipped", json!(why.to_string()))?;
                    }
                }
                Event::Midstream { .. } | Event::Bytes { .. } | Event::Missing { .. } => {}
            }
        }
        Ok(())
    }

    fn stream(&mut self, flow: Flow) -> &mut Stream {
        self.open.entry(flow).or_insert_with(|| {
            self.selected = self.selected.saturating_add(1);
            let decoding = Decoding::new(self.plan, self.skip);
            Stream { decoding, skip: self.skip, came: 0, waiting: Vec::new(), packets: Vec::new(), made: 0 }
        })
    }

    fn end(&mut self, flow: Flow, close: Close, out: &mut dyn Write) -> Result<(), Failure> {
        self.stream(flow);
        let Some(mut stream) = self.open.remove(&flow) else { return Ok(()) };
        stream.last(self.cuts, flow, out)?;
        let mut head = head(flow, None);
        head.insert("end".to_owned(), json!(stream.decoding.end()));
        line(out, head, "close", json!(close.word()))?;
        self.exit = if stream.decoding.exit == Exit::Clean { self.exit } else { stream.decoding.exit };
        Ok(())
    }
}

impl Stream {
    /// Takes a segment. Where there are cuts, it is what lies between them that is fed.
    fn take(
        &mut self,
        flow: Flow,
        packet: u64,
        bytes: &[u8],
        cuts: Option<&Segmentation>,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let over = usize::try_from(self.skip).unwrap_or(usize::MAX).min(bytes.len());
        self.skip = self.skip.saturating_sub(u64::try_from(over).unwrap_or(u64::MAX));
        let mut bytes = bytes.get(over..).unwrap_or_default();
        let Some(cuts) = cuts else {
            return self.decoding.feed(bytes, &mut |_| head(flow, Some(packet)), out);
        };
        while !bytes.is_empty() {
            let cut = cuts.cuts.get(self.made).map(|cut| cut.saturating_sub(self.came));
            // A long chunk is fed in slices in any case.
            let room = cut.unwrap_or(usize::MAX).min(SLICE.saturating_sub(self.waiting.len()));
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.waiting.extend_from_slice(now);
            self.came = self.came.saturating_add(now.len());
            let end = u64::try_from(self.came).unwrap_or(u64::MAX).saturating_add(self.decoding.base);
            self.packets.push((end, packet));
            bytes = later;
            let at_cut = cut.is_some_and(|cut| cut == now.len());
            self.made = self.made.saturating_add(usize::from(at_cut));
            if at_cut || self.waiting.len() >= SLICE {
                self.feed(flow, out)?;
            }
        }
        Ok(())
    }

    /// Feeds what waits.
    fn feed(&mut self, flow: Flow, out: &mut dyn Write) -> Result<(), Failure> {
        let mut packets = self.packets.iter().peekable();
        let mut place = |last: u64| {
            while packets.next_if(|(end, _)| *end <= last).is_some() {}
            head(flow, packets.peek().map(|(_, packet)| *packet))
        };
        self.decoding.feed(&self.waiting, &mut place, out)?;
        self.waiting.clear();
        self.packets.clear();
        Ok(())
    }

    /// Feeds what waits for a cut that never came, which must not lie behind the end.
    fn last(&mut self, cuts: Option<&Segmentation>, flow: Flow, out: &mut dyn Write) -> Result<(), Failure> {
        let left = cuts.into_iter().flat_map(|cuts| cuts.cuts.iter()).skip(self.made);
        if let Some(&cut) = left.filter(|cut| **cut > self.came).last() {
            return Err(Failure(format!("--cuts, {flow}: {}", BadSegmentation::Beyond(cut, self.came))));
        }
        self.feed(flow, out)
    }
}

/// The members with which a line of a stream begins.
fn head(flow: Flow, packet: Option<u64>) -> Map<String, Json> {
    let mut head = Map::new();
    head.insert("flow".to_owned(), json!(flow.to_string()));
    head.insert("connection".to_owned(), json!(flow.connection));
    if let Some(packet) = packet {
        head.insert("packet".to_owned(), json!(packet));
    }
    head
}

fn line(out: &mut dyn Write, mut head: Map<String, Json>, key: &str, value: Json) -> Result<(), Failure> {
    head.insert(key.to_owned(), value);
    Ok(writeln!(out, "{}", Json::Object(head))?)
}

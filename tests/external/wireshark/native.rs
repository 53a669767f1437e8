//! Wireshark's own dissectors against ours, on the protocols that it knows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use framewright::interp::{Event, decode};
use framewright::plan::{Kind, Plan};
use framewright::value::{Value, from_hex, to_hex};
use framewright::{catalogue, vector};

use super::pcap::{Capture, Connection};
use super::rows::{Carrier, Cuts, Row, Segment, Side, table};
use super::tshark::{Node, Packet, dissect};
use super::{ROOT, Stream, folder, segmentations, told};

struct Subject<'a> {
    row: &'a Row,
    plan: Arc<Plan>,
    streams: Vec<Stream>,
}

struct Case<'a> {
    subject: &'a Subject<'a>,
    stream: &'a Stream,
    cuts: Cuts,
    /// The numbers of the packets that carry it.
    packets: std::ops::RangeInclusive<usize>,
}

/// The streams of a spec's row; `super` runs our dissectors over them as well.
pub(super) fn streams(spec: &str, plan: &Arc<Plan>, vectors: &vector::Vectors) -> Vec<Stream> {
    let table = table(ROOT);
    let rows = table.protocols.iter().filter(|row| row.name() == spec);
    rows.flat_map(|row| row.streams(plan, vectors)).collect()
}

/// Specs that begin elsewhere, with the streams of their rows.
pub(super) fn started() -> Vec<(Arc<Plan>, Vec<Stream>)> {
    let mut rows = table(ROOT).protocols;
    rows.retain(|row| row.start.is_some());
    subjects(&rows).into_iter().map(|subject| (subject.plan, subject.streams)).collect()
}

fn side(from: Side) -> usize {
    match from {
        Side::Client => 0,
        Side::Server => 1,
    }
}

/// The bytes that go over the connection.
fn carried(carrier: Option<Carrier>, bytes: &[u8]) -> Vec<u8> {
    let Some(Carrier::Http2Data) = carrier else { return bytes.to_vec() };
    let mut out = Vec::new();
    for part in bytes.chunks(7) {
        out.extend(&(part.len() as u32).to_be_bytes()[1..]);
        out.extend([0, 0, 0, 0, 0, 1]);
        out.extend(part);
    }
    out
}

fn write<'a>(subjects: &'a [Subject<'a>], capture: &mut Capture) -> Vec<Case<'a>> {
    let mut cases = Vec::new();
    for subject in subjects {
        let row = subject.row;
        for stream in &subject.streams {
            let bytes = carried(row.inside, &stream.bytes);
            for (cuts, ends) in segmentations(&subject.plan, &bytes) {
                let mut connection = Connection::open(capture, cases.len() as u32, row.port);
                for Segment { from, hex } in row.before(stream) {
                    connection.segment(capture, side(*from), &from_hex(&hex.replace(' ', "")).unwrap());
                }
                let (first, mut start) = (capture.packets + 1, 0);
                for end in ends {
                    connection.segment(capture, side(row.from), &bytes[start..end]);
                    start = end;
                }
                cases.push(Case { subject, stream, cuts, packets: first..=capture.packets });
            }
        }
    }
    cases
}

/// A frame as it is told: where it lies, the names and values of those fields that both have, and the frames inside. Empty fields are left
/// out: Wireshark mostly has none then.
#[derive(Debug, PartialEq)]
struct Frame {
    place: (usize, usize),
    fields: Vec<(String, String)>,
    /// From the first byte of the first of them.
    inside: Vec<Self>,
}

impl Frame {
    fn words(&self) -> String {
        let fields: String = self.fields.iter().map(|(name, value)| format!(" {name}={value}")).collect();
        let inside: Vec<String> = self.inside.iter().map(Self::words).collect();
        let inside = if inside.is_empty() { String::new() } else { format!(" [{}]", inside.join(", ")) };
        format!("{}..{}{fields}{inside}", self.place.0, self.place.1)
    }
}

/// A field as it is told: by our name, or by Wireshark's where it is several of ours.
fn label<'a>(row: &'a Row, name: &'a str) -> &'a str {
    let theirs = &row.fields[name];
    let shared = row.fields.values().filter(|each| *each == theirs).count() > 1;
    if shared { theirs.split(" as ").next().unwrap_or(theirs) } else { name }
}

/// The field that has the frames inside, where it is compared.
fn nested<'a>(row: &Row, plan: &'a Plan) -> Option<&'a str> {
    super::nested(plan).filter(|name| row.fields.contains_key(*name))
}

/// What the reference codec tells. Of fields that Wireshark shows in some frames only, those in which it does.
fn expected(row: &Row, plan: &Arc<Plan>, bytes: &[u8], theirs: &[Frame]) -> Vec<Frame> {
    let named = plan.slots.iter().filter(|slot| !slot.hidden && row.fields.contains_key(&slot.name));
    let labels: Vec<&str> = named.map(|slot| label(row, &slot.name)).collect();
    let mut frames = Vec::new();
    for event in decode(plan, bytes).events {
        let Event::Frame(frame) = event else { panic!("{}: {}", row.name(), to_hex(bytes)) };
        let there: Option<&Frame> = theirs.get(frames.len());
        let shown =
            |name: &String| there.is_some_and(|there| there.fields.iter().any(|(each, _)| each == label(row, name)));
        let (mut both, mut inside) = (Vec::new(), Vec::new());
        for (name, value) in &frame.fields {
            match value {
                Value::Bytes(bytes) if nested(row, plan) == Some(name) => {
                    inside = expected(row, plan, bytes, there.map_or(&[], |there| &there.inside));
                }
                _ if !row.fields.contains_key(name) || row.partly.contains_key(name) && !shown(name) => {}
                _ => both.push((label(row, name).to_owned(), told(value))),
            }
        }
        both.retain(|(_, value)| !value.is_empty());
        both.sort_by_key(|(label, _)| labels.iter().position(|each| each == label));
        frames.push(Frame { place: (frame.start as usize, frame.end as usize), fields: both, inside });
    }
    frames
}

/// What Wireshark shows of a frame: an item, and what is in it or behind it up to the next one. An item in it is a frame inside.
struct Unit<'a> {
    item: &'a Node,
    own: Vec<&'a Node>,
    inside: Vec<Self>,
}

impl<'a> Unit<'a> {
    fn is(row: &Row, node: &Node) -> bool {
        row.unit.split(" or ").any(|unit| unit == node.name)
    }

    /// Adds those that a node is or has.
    fn gather(row: &Row, node: &'a Node, units: &mut Vec<Self>) {
        if Self::is(row, node) {
            let mut unit = Self { item: node, own: vec![node], inside: Vec::new() };
            node.fields.iter().for_each(|field| unit.take(row, field));
            units.push(unit);
            return;
        }
        if let Some(unit) = units.last_mut() {
            unit.own.push(node);
        }
        node.fields.iter().for_each(|field| Self::gather(row, field, units));
    }

    fn take(&mut self, row: &Row, node: &'a Node) {
        if Self::is(row, node) {
            Self::gather(row, node, &mut self.inside);
            return;
        }
        self.own.push(node);
        node.fields.iter().for_each(|field| self.take(row, field));
    }
}

/// What Wireshark tells.
fn dissected(case: &Case<'_>, packets: &BTreeMap<usize, &Packet>) -> Vec<Frame> {
    let Subject { row, plan, .. } = case.subject;
    let mut units = Vec::new();
    for (_, packet) in packets.range(case.packets.clone()) {
        packet.layers.iter().for_each(|layer| Unit::gather(row, layer, &mut units));
    }
    frames(row, plan, &units)
}

fn frames(row: &Row, plan: &Plan, units: &[Unit<'_>]) -> Vec<Frame> {
    let nested = nested(row, plan);
    let (mut frames_told, mut at) = (Vec::new(), 0);
    for unit in units {
        let mut first: BTreeMap<&str, &Node> = BTreeMap::new();
        unit.own.iter().for_each(|node| {
            first.entry(&node.name).or_insert(node);
        });
        if row.again.as_ref().is_some_and(|mark| first.contains_key(mark.as_str())) {
            continue;
        }
        let single = plan.slots.iter().filter(|slot| !slot.hidden && nested != Some(&slot.name));
        let fields = single.filter_map(|slot| {
            let theirs = row.fields.get(&slot.name)?;
            let (theirs, form) = theirs.split_once(" as ").unwrap_or((theirs, ""));
            let field = theirs.split(" or ").find_map(|name| first.get(name))?;
            let value = value(slot.kind, field, form);
            (!value.is_empty()).then(|| (label(row, &slot.name).to_owned(), value))
        });
        let mut fields: Vec<(String, String)> = fields.collect();
        let mut told = BTreeSet::new();
        fields.retain(|(label, _)| told.insert(label.clone()));
        // Wireshark shows a unit, but found no frame in it.
        if fields.is_empty() && !row.fields.is_empty() {
            continue;
        }
        let size = |size: &String| {
            let (name, more) = size.split_once(" + ").unwrap_or((size, "0"));
            let shown = first.get(name).map_or(0, |size| size.show.parse().unwrap());
            shown + more.parse::<usize>().unwrap()
        };
        let behind = row.behind.as_ref().and_then(|name| first.get(name.as_str())).map_or(0, |field| field.size);
        let end = at + row.size.as_ref().map_or(unit.item.size, size) + behind;
        let inside = nested.map_or_else(Vec::new, |_| frames(row, plan, &unit.inside));
        frames_told.push(Frame { place: (at, end), fields, inside });
        at = end;
    }
    frames_told
}

/// Takes out what Wireshark shows also in frames where the spec has no such field. Notes what the row says of single frames.
fn overlook<'a>(row: &'a Row, theirs: &mut [Frame], ours: &[Frame], seen: &mut BTreeSet<(String, &'a String)>) {
    for (theirs, ours) in theirs.iter_mut().zip(ours) {
        let labels: Vec<&str> = ours.fields.iter().map(|(name, _)| name.as_str()).collect();
        let partly = row.partly.keys().filter(|name| labels.contains(&label(row, name)));
        seen.extend(partly.map(|name| (row.name(), name)));
        for name in row.also.keys().filter(|name| !labels.contains(&label(row, name))) {
            let before = theirs.fields.len();
            theirs.fields.retain(|(theirs, _)| theirs != label(row, name));
            if theirs.fields.len() < before {
                seen.insert((row.name(), name));
            }
        }
        overlook(row, &mut theirs.inside, &ours.inside, seen);
    }
}

/// A field's value as ours is told: of a number that Wireshark shows as words, its bytes as a number. `form`: `bytes` for these in any case,
/// `text` for what is shown of a field whose bytes are more.
fn value(kind: Kind, field: &Node, form: &str) -> String {
    let hex = |digits: &str| u64::from_str_radix(digits, 16).map(|value| value.to_string());
    match kind {
        Kind::Bytes | Kind::Text if form == "text" => to_hex(field.show.as_bytes()),
        Kind::Bytes | Kind::Text => field.value.clone(),
        Kind::Int(_) | Kind::Bits(_) if form == "bytes" && field.value.is_empty() => String::new(),
        Kind::Int(_) | Kind::Bits(_) if form == "bytes" => hex(&field.value).unwrap(),
        Kind::Int(_) | Kind::Bits(_) => match (field.show.as_str(), field.show.strip_prefix("0x")) {
            ("True", _) => "1".to_owned(),
            ("False", _) => "0".to_owned(),
            (_, Some(digits)) => hex(digits).unwrap(),
            (show, None) => match show.parse::<i128>() {
                Ok(number) => number.to_string(),
                Err(_) => hex(&field.value).unwrap_or_else(|_| show.to_owned()),
            },
        },
    }
}

fn subjects(rows: &[Row]) -> Vec<Subject<'_>> {
    let mut subjects = Vec::new();
    for row in rows {
        let plan = Arc::new(row.plan());
        let text = catalogue::spec(&row.spec).unwrap();
        let handwritten = catalogue::handwritten(&row.spec, text.as_bytes()).filter(|_| row.start.is_none());
        let vectors = vector::build(&plan, handwritten).unwrap();
        let streams = row.streams(&plan, &vectors);
        subjects.push(Subject { row, plan, streams });
    }
    subjects
}

#[test]
fn wiresharks_own_dissectors_agree_but_for_what_the_table_says() {
    let folder = folder("native");
    let table = table(ROOT);
    let subjects = subjects(&table.protocols);
    let mut capture = Capture::new();
    let cases = write(&subjects, &mut capture);
    let names = subjects.iter().flat_map(|Subject { row, .. }| std::iter::once(&row.unit).chain(row.fields.values()));
    let names = names.flat_map(|names| names.split(" or "));
    let layers: BTreeSet<String> = names.map(|name| name.split('.').next().unwrap().to_owned()).collect();
    let layers: Vec<String> = layers.into_iter().collect();
    let decode_as = table
        .protocols
        .iter()
        .filter_map(|row| Some(["-d".to_owned(), format!("tcp.port=={},{}", row.port, row.decode_as.as_ref()?)]));
    let arguments: Vec<String> = decode_as.flatten().collect();
    let packets = dissect(&folder, "native", &capture, &arguments, &layers);
    let packets: BTreeMap<usize, &Packet> = packets.iter().map(|packet| (packet.number, packet)).collect();
    let mut wrong = Vec::new();
    // What the rows say of single frames, which must be so somewhere.
    let mut seen: BTreeSet<(String, &String)> = BTreeSet::new();
    for case in &cases {
        let mut theirs = dissected(case, &packets);
        let (row, stream) = (case.subject.row, case.stream);
        let ours = expected(row, &case.subject.plan, &stream.bytes, &theirs);
        overlook(row, &mut theirs, &ours, &mut seen);
        let words = |frames: &[Frame]| frames.iter().map(Frame::words).collect::<Vec<_>>();
        let known =
            row.disagreements.iter().find(|each| each.streams.contains(&stream.id) && each.cuts.contains(&case.cuts));
        let place = format!("{}, {:?}, {:?}, {}", row.name(), stream.id, case.cuts, to_hex(&stream.bytes));
        let (ours, theirs) = (words(&ours), words(&theirs));
        match known {
            None if ours != theirs => wrong.push(format!("{place}\n  ours   {ours:?}\n  theirs {theirs:?}")),
            Some(_) if ours == theirs => wrong.push(format!("{place}: the disagreement is gone; take it out")),
            Some(known) if known.wireshark != theirs => {
                wrong.push(format!("{place}\n  table  {:?}\n  theirs {theirs:?}", known.wireshark));
            }
            None | Some(_) => {}
        }
    }
    for Subject { row, plan, streams } in &subjects {
        for slot in plan.slots.iter().filter(|slot| !slot.hidden) {
            if row.fields.contains_key(&slot.name) == row.without.contains_key(&slot.name) {
                wrong.push(format!("{}: {} must be in one of `fields` and `without`", row.name(), slot.name));
            }
        }
        for name in row.partly.keys().chain(row.also.keys()).filter(|name| !seen.contains(&(row.name(), name))) {
            wrong.push(format!("{}: {name} is never shown so", row.name()));
        }
        for name in row.fields.keys().chain(row.without.keys()).chain(row.also.keys()) {
            if !plan.slots.iter().any(|slot| slot.name == *name) {
                wrong.push(format!("{}: no field {name}", row.name()));
            }
        }
        for known in &row.disagreements {
            for name in known.streams.iter().filter(|name| !streams.iter().any(|stream| stream.id == **name)) {
                wrong.push(format!("{}: no stream {name:?}", row.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    println!("{} streams, {} packets", cases.len(), capture.packets);
}

#[test]
fn every_spec_is_in_the_table() {
    let table = table(ROOT);
    let rows: BTreeSet<String> = table.protocols.iter().map(Row::name).collect();
    assert_eq!(rows.len(), table.protocols.len(), "a spec is there twice");
    let known: BTreeSet<&String> = table.protocols.iter().map(|row| &row.spec).collect();
    let both: Vec<&&String> = known.iter().filter(|spec| table.unknown.contains_key(**spec)).collect();
    assert!(both.is_empty(), "known and not: {both:?}");
    let told: BTreeSet<&String> = known.into_iter().chain(table.unknown.keys()).collect();
    let specs: Vec<String> = catalogue::specs().into_iter().map(|(name, _)| name).collect();
    let specs: BTreeSet<&String> = specs.iter().filter(|name| !name.starts_with("lfbfd-")).collect();
    assert_eq!(told, specs);
}

/// The tables of `docs/wireshark.md`.
fn page() -> String {
    let table = table(ROOT);
    let mut page = String::from(
        "| protocol | Wireshark's | port | fields compared | not compared | note |\n|---|---|---|---|---|---|\n",
    );
    for row in &table.protocols {
        let field = |(ours, theirs): (&String, &String)| {
            let only = row.partly.get(ours).map_or_else(String::new, |which| format!(" ({which})"));
            let also = row.also.get(ours).map_or_else(String::new, |which| format!(" (also {which})"));
            let (theirs, form) = theirs.split_once(" as ").unwrap_or((theirs, ""));
            let form = if form.is_empty() { String::new() } else { format!(", its {form}") };
            format!("{ours}: `{}`{form}{only}{also}", theirs.replace(" or ", "` or `"))
        };
        let fields: Vec<String> = row.fields.iter().map(field).collect();
        let without: Vec<String> = row.without.iter().map(|(name, why)| format!("{name}: {why}")).collect();
        let note = row.note.as_deref().unwrap_or("").trim();
        let _ = writeln!(
            page,
            "| {} | `{}` | {} | {} | {} | {note} |",
            row.name(),
            row.unit.replace(" or ", "` or `"),
            row.port,
            fields.join("; "),
            without.join("; ")
        );
    }
    page += "\n| protocol | streams | cut | right | reason |\n|---|---|---|---|---|\n";
    for row in &table.protocols {
        for known in &row.disagreements {
            let cuts: Vec<&str> = known.cuts.iter().map(|cuts| cuts.words()).collect();
            let _ = writeln!(
                page,
                "| {} | {} | {} | {} | {} |",
                row.name(),
                known.streams.join("; "),
                cuts.join(", "),
                known.right.words(),
                known.reason.trim()
            );
        }
    }
    page
}

#[test]
fn the_page_has_the_table() {
    let path = Path::new(ROOT).join("docs/wireshark.md");
    let text = fs::read_to_string(&path).unwrap();
    let (begin, end) = ("<!-- table -->\n", "<!-- end of the table -->\n");
    let (head, rest) = text.split_once(begin).unwrap();
    let (_, tail) = rest.split_once(end).unwrap();
    let fresh = format!("{head}{begin}{}{end}{tail}", page());
    if fresh != text && std::env::var_os("FRAMEWRIGHT_UPDATE").is_some() {
        fs::write(&path, &fresh).unwrap();
        return;
    }
    assert_eq!(text, fresh, "run the test with FRAMEWRIGHT_UPDATE=1");
}

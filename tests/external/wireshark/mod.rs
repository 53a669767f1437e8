//! Dissectors in Wireshark: what tshark tells with ours is what the reference codec tells.

mod checksums;
mod native;
mod pcap;
mod rows;
mod sessions;
mod tshark;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use framewright::backends::{File, generate};
use framewright::catalogue;
use framewright::interp::{End, Event, decode, encode};
use framewright::plan::{Kind, Plan, lower};
use framewright::segment::Rng;
use framewright::value::{Value, to_hex};
use framewright::{model, vector};

use crate::naive::{first_session, judge};
use crate::random_specs::{frames, spec, tape::Tape};

use self::pcap::{Capture, Connection};
use self::rows::Cuts;
use self::tshark::{Node, Packet, dissect, known};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// Bytes of a segment at most.
const SEGMENT: usize = 60_000;
/// Bytes of a stream that is cut at each of them at most.
const SHORT: usize = 400;
const ALL: [Cuts; 3] = [Cuts::EveryByte, Cuts::Whole, Cuts::Seams];
/// The port of the first protocol; the others follow.
const FIRST_PORT: u16 = 20_000;

/// A protocol with its dissector.
#[derive(Clone)]
struct Subject {
    plan: Arc<Plan>,
    /// As display filters write it.
    filter: String,
    streams: Vec<Stream>,
}

#[derive(Clone)]
struct Stream {
    /// The vector's id, or the sample's name.
    id: String,
    bytes: Vec<u8>,
}

/// A connection in a capture that carries a stream cut in some way.
struct Case<'a> {
    subject: &'a Subject,
    stream: &'a Stream,
    cuts: Cuts,
    /// Where each segment ends in the stream, by the number of its packet.
    segments: BTreeMap<usize, (usize, usize)>,
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(ROOT).join("target/generated/wireshark").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn subject(text: &[u8], handwritten: Option<&str>) -> Subject {
    let plan = Arc::new(lower(&model::load(text).unwrap()));
    let vectors = vector::build(&plan, handwritten).unwrap();
    let derived = vectors.tests.iter().map(|test| Stream { id: test.id.clone(), bytes: test.stream.clone() });
    let streams = derived.chain(native::streams(&plan.name, &plan, &vectors)).collect();
    Subject { filter: filter(&plan), plan, streams }
}

fn filter(plan: &Plan) -> String {
    let filter = plan.name.replace('-', "_");
    if known().contains(&filter) { format!("fw_{filter}") } else { filter }
}

/// Every spec that ships, those of `conformance/codecs`, which use all constructs and policies, what random specs have found, and those
/// that begin elsewhere in `conformance/wireshark.yaml`. Their vectors are derived once for all tests of a run.
fn subjects() -> &'static [Subject] {
    static SUBJECTS: OnceLock<Vec<Subject>> = OnceLock::new();
    SUBJECTS.get_or_init(every_subject)
}

fn every_subject() -> Vec<Subject> {
    let shipped = catalogue::specs();
    let mut all: Vec<Subject> = shipped
        .iter()
        .map(|(name, text)| subject(text.as_bytes(), catalogue::handwritten(name, text.as_bytes())))
        .collect();
    for folder in ["conformance/codecs/specs", "tests/external/found"] {
        let entries = fs::read_dir(Path::new(ROOT).join(folder)).unwrap();
        let mut more: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        more.sort();
        all.extend(more.iter().map(|path| subject(&fs::read(path).unwrap(), None)));
    }
    all.extend(native::started().into_iter().map(|(plan, streams)| Subject { filter: filter(&plan), plan, streams }));
    all
}

/// The offsets at which a stream's segments end: each byte alone, all in one, and around the frames' ends. Of long streams the bytes in
/// the middle are cut more coarsely: what is waited for there is looked at again with each segment.
fn segmentations(plan: &Arc<Plan>, bytes: &[u8]) -> [(Cuts, Vec<usize>); 3] {
    let ends = |step: usize| (1..bytes.len().div_ceil(step)).map(|index| index * step).chain([bytes.len()]).collect();
    let single = |at: &usize| *at < SHORT / 2 || *at + SHORT / 2 > bytes.len() || at.is_multiple_of(SHORT);
    let each = (1..=bytes.len()).filter(single).collect();
    let seams = decode(plan, bytes).events.into_iter().flat_map(|event| match event {
        Event::Frame(frame) => [frame.end - 1, frame.end + 1],
        Event::Reject { at, .. } => [at, at + 1],
    });
    let mut seams: Vec<usize> = seams.map(|at| at as usize).chain([bytes.len()]).collect();
    seams.retain(|at| *at > 0 && *at <= bytes.len());
    seams.sort_unstable();
    seams.dedup();
    let close = seams.iter().zip([0].iter().chain(&seams)).all(|(end, start)| end - start <= SEGMENT);
    [(Cuts::EveryByte, each), (Cuts::Whole, ends(SEGMENT)), (Cuts::Seams, if close { seams } else { ends(SEGMENT) })]
}

/// One connection for each stream and each way of cutting it.
fn write<'a>(subjects: &'a [Subject], ways: &[Cuts], capture: &mut Capture) -> Vec<Case<'a>> {
    let mut cases = Vec::new();
    for (subject, port) in subjects.iter().zip(FIRST_PORT..) {
        for stream in subject.streams.iter().filter(|stream| !stream.bytes.is_empty()) {
            let all = segmentations(&subject.plan, &stream.bytes).into_iter();
            for (cuts, ends) in all.filter(|(cuts, _)| ways.contains(cuts)) {
                let mut connection = Connection::open(capture, cases.len() as u32, port);
                let (mut segments, mut start) = (BTreeMap::new(), 0);
                for end in ends {
                    connection.segment(capture, 0, &stream.bytes[start..end]);
                    segments.insert(capture.packets, (start, end));
                    start = end;
                }
                cases.push(Case { subject, stream, cuts, segments });
            }
        }
    }
    cases
}

/// What is told of a stream, in words.
fn expected(case: &Case<'_>) -> Vec<String> {
    let outcome = decode(&case.subject.plan, &case.stream.bytes);
    let mut told = told_of(&case.subject.plan, &outcome.events);
    if outcome.end != End::Incomplete {
        told.push("to the end".to_owned());
    }
    told
}

fn told_of(plan: &Arc<Plan>, events: &[Event]) -> Vec<String> {
    let field = |(name, value): &(String, Value)| match value {
        Value::Bytes(bytes) if nested(plan) == Some(name) => {
            format!("{name}={} [{}]", told(value), told_of(plan, &decode(plan, bytes).events).join(", "))
        }
        _ => format!("{name}={}", told(value)),
    };
    let event = |event: &Event| match event {
        Event::Frame(frame) => {
            let fields: Vec<String> = frame.fields.iter().map(field).collect();
            format!("{}..{} {}", frame.start, frame.end, fields.join(" "))
        }
        Event::Reject { class, at } => format!("{class} at {at}"),
    };
    events.iter().map(event).collect()
}

/// The field that has the frames inside.
fn nested(plan: &Plan) -> Option<&str> {
    plan.slot(plan.nested()?.slot).map(|slot| slot.name.as_str())
}

fn told(value: &Value) -> String {
    match value {
        Value::UInt(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Bytes(bytes) => to_hex(bytes),
        Value::Text(text) => to_hex(text.as_bytes()),
    }
}

/// The same of what tshark printed. The dissector's items lie next to each other, from the stream's first byte.
fn dissected(case: &Case<'_>, packets: &BTreeMap<usize, &Packet>) -> Vec<String> {
    let filter = &case.subject.filter;
    let (mut told, mut at) = (Vec::new(), 0);
    for (number, (start, end)) in &case.segments {
        let Some(packet) = packets.get(number) else { continue };
        for layer in packet.layers.iter().filter(|layer| layer.name == *filter) {
            let begin = at;
            at += layer.size;
            let find = |name: &str| layer.fields.iter().find(|field| field.name == format!("{filter}.{name}"));
            if let (Some(class), Some(place)) = (find("reject.class"), find("reject.at")) {
                let place = begin + place.show.parse::<usize>().unwrap();
                told.push(format!("{} at {place}", class.show));
                if place >= *end || place < *start {
                    told.push(format!("told in the segment {start}..{end}"));
                }
            } else if find("stream.undecoded").is_none() && find("stream.discarded").is_none() {
                let fields: Vec<String> = layer.fields.iter().map(|field| shown(case, field)).collect();
                told.push(format!("{begin}..{at} {}", fields.join(" ")));
                if at > *end || at <= *start {
                    told.push(format!("told in the segment {start}..{end}"));
                }
            }
        }
    }
    let waits = decode(&case.subject.plan, &case.stream.bytes).end == End::Incomplete;
    if at == case.stream.bytes.len() && !waits {
        told.push("to the end".to_owned());
    }
    told
}

fn shown(case: &Case<'_>, field: &Node) -> String {
    let name = field.name.strip_prefix(&format!("{}.", case.subject.filter)).unwrap_or(&field.name);
    let slot = case.subject.plan.slots.iter().find(|slot| !slot.hidden && slot.name == name);
    let value = match slot.map(|slot| slot.kind) {
        Some(Kind::Bytes | Kind::Text) => field.value.clone(),
        _ => match field.show.strip_prefix("0x") {
            Some(hex) => u64::from_str_radix(hex, 16).unwrap().to_string(),
            None => field.show.clone(),
        },
    };
    if nested(&case.subject.plan) != Some(name) {
        return format!("{name}={value}");
    }
    let (mut frames, mut at) = (Vec::new(), 0);
    for frame in &field.fields {
        let fields: Vec<String> = frame.fields.iter().map(|field| shown(case, field)).collect();
        frames.push(format!("{at}..{} {}", at + frame.size, fields.join(" ")));
        at += frame.size;
    }
    format!("{name}={value} [{}]", frames.join(", "))
}

/// Loads the dissector of each subject.
fn scripts(folder: &Path, subjects: &[Subject]) -> Vec<String> {
    let plans: Vec<Plan> = subjects.iter().map(|subject| Plan::clone(&subject.plan)).collect();
    let files = generate("wireshark", &plans, &[]).unwrap().into_iter();
    let script = |file: File| {
        let path = folder.join(file.path);
        fs::write(&path, file.bytes).unwrap();
        ["-X".to_owned(), format!("lua_script:{}", path.display())]
    };
    files.flat_map(script).collect()
}

/// Says for each subject which port is its own.
fn decode_as(subjects: &[Subject]) -> Vec<String> {
    let one = |(subject, port): (&Subject, u16)| ["-d".to_owned(), format!("tcp.port=={port},{}", subject.filter)];
    subjects.iter().zip(FIRST_PORT..).flat_map(one).collect()
}

/// What tshark tells of each stream, cut in each way, is what the reference codec tells.
fn same(name: &str, subjects: &[Subject], ways: &[Cuts], more: &[&str]) {
    let mut capture = Capture::new();
    let cases = write(subjects, ways, &mut capture);
    compare(name, subjects, &capture, &cases, more);
}

fn compare(name: &str, subjects: &[Subject], capture: &Capture, cases: &[Case<'_>], more: &[&str]) {
    let folder = folder(name);
    let more = more.iter().map(|word| (*word).to_owned());
    let arguments: Vec<String> =
        scripts(&folder, subjects).into_iter().chain(decode_as(subjects)).chain(more).collect();
    let filters: Vec<String> = subjects.iter().map(|subject| subject.filter.clone()).collect();
    let packets = dissect(&folder, name, capture, &arguments, &filters);
    let packets: BTreeMap<usize, &Packet> = packets.iter().map(|packet| (packet.number, packet)).collect();
    let mut wrong = Vec::new();
    for case in cases {
        let (expected, dissected) = (expected(case), dissected(case, &packets));
        if expected != dissected {
            let (name, id, cuts) = (&case.subject.plan.name, &case.stream.id, case.cuts);
            let stream = to_hex(&case.stream.bytes[..case.stream.bytes.len().min(100)]);
            wrong.push(format!("{name} {id} {cuts:?} {stream}\n  want {expected:?}\n  got  {dissected:?}"));
        }
    }
    assert!(!cases.is_empty());
    let count = wrong.len();
    wrong.truncate(40);
    assert!(wrong.is_empty(), "{count} of {}:\n{}", cases.len(), wrong.join("\n"));
    println!("{name}: {} streams, {} packets", cases.len(), capture.packets);
}

#[test]
fn one_pass_tells_what_the_reference_codec_does() {
    same("one-pass", subjects(), &[Cuts::Whole, Cuts::Seams], &[]);
}

#[test]
fn a_second_pass_tells_the_same_of_every_cut() {
    same("two-passes", subjects(), &ALL, &["-2"]);
}

/// Without Decode As: by the preference, and by the constant at the start of frames. A stream that is neither is left alone.
#[test]
fn a_stream_is_known_by_its_port_or_its_constant() {
    let folder = folder("known");
    let some = |subject: &&Subject| matches!(subject.plan.name.as_str(), "record" | "session-record" | "swoole");
    let subjects: Vec<Subject> = subjects().iter().filter(some).cloned().collect();
    let mut capture = Capture::new();
    for (number, port, stream) in [
        (0, 30_000, &b"\0\0\0\x01\0\0\0\0\0\0\0\x05\x07x"[..]),
        (1, 30_001, b"\0\0\0\x01\0\0\0\0\0\0\0\x05\x07x"),
        (2, 30_002, b"SWOOLE\0\x02hi"),
        (3, 30_003, b"SWOOL\0\0\x02hi"),
    ] {
        let mut connection = Connection::open(&mut capture, number, port);
        connection.segment(&mut capture, 0, stream);
        connection.segment(&mut capture, 1, stream);
    }
    let mut arguments = scripts(&folder, &subjects);
    arguments.extend(["-o".to_owned(), "record.ports:1-9,30000".to_owned()]);
    let filters: Vec<String> = subjects.iter().map(|subject| subject.filter.clone()).collect();
    let packets = dissect(&folder, "known", &capture, &arguments, &filters);
    let found: Vec<(usize, &str)> = packets
        .iter()
        .flat_map(|packet| packet.layers.iter().map(|layer| (packet.number, layer.name.as_str())))
        .filter(|(_, name)| filters.iter().any(|filter| filter == name))
        .collect();
    // Each connection has four packets, the last two with a stream.
    assert_eq!(found, [(3, "record"), (4, "record"), (11, "swoole"), (12, "swoole")]);
}

/// `FRAMEWRIGHT_RANDOM_SPECS` says how many (40), `FRAMEWRIGHT_SEED` which.
#[test]
fn random_specs_are_dissected_as_the_reference_codec_decodes_them() {
    let number = |name: &str, default: u64| std::env::var(name).map_or(default, |text| text.parse().unwrap());
    let mut rng = Rng::new(number("FRAMEWRIGHT_SEED", 1), "dissectors of random specs");
    let mut tape = |len: usize| -> Vec<u8> { (0..len).map(|_| (rng.bits() >> 56) as u8).collect() };
    let random = |index| {
        let (text, _) = spec::protocol(&tape(120), 255).unwrap();
        let text = text.replace("name: random\n", &format!("name: random-{index}\n"));
        imagined(&text, &tape(2000))
    };
    let subjects: Vec<Subject> = (0..number("FRAMEWRIGHT_RANDOM_SPECS", 40)).map(random).collect();
    same("random", &subjects, &ALL, &["-2"]);
}

/// A protocol with streams of random values: one of good frames first, then such with bytes that are others, then noise.
fn imagined(text: &str, data: &[u8]) -> Subject {
    let protocol = model::load(text.as_bytes()).unwrap();
    let (plan, tape) = (Arc::new(lower(&protocol)), &mut Tape::new(data));
    let (mut good, mut session) = (Vec::new(), first_session(&protocol));
    for _ in 0..8 {
        let room = good.len() < 200;
        let encoded = encode(&plan, &frames::values(&protocol, &session, tape));
        let encoded = encoded.ok().filter(|_| room).unwrap_or_default();
        judge(&protocol, &encoded, &mut session);
        good.extend(encoded);
    }
    let mut streams = vec![good.clone()];
    streams.extend((0..6).map(|_| frames::mutated(&good, tape)));
    streams.push(frames::noise(tape));
    let streams = (0..).zip(streams).map(|(id, bytes)| Stream { id: format!("{id}"), bytes }).collect();
    Subject { filter: plan.name.replace('-', "_"), plan, streams }
}

//! The fuzz targets that need this crate alone: what each does with an input, and the inputs that it begins with. `cargo test` runs them on those and on
//! every input that once failed (`fuzz/regressions`).

use std::sync::{Arc, LazyLock};

use arbitrary::{Arbitrary, Unstructured};
use framewright::backends::{LANGUAGES, generate};
use framewright::interp::decode;
use framewright::oracle::{
    Case, frames_encode_again, measures, round_trips, split_invariant, splits_by_numbers, values,
};
use framewright::plan::framing::hello;
use framewright::plan::peers::netty::{self, Settings};
use framewright::plan::peers::{swoole, tokio};
use framewright::plan::{Endian, Plan, diagram, import, lower};
use framewright::runner::{Answer, Checks, Demand, Hello, Meaning, Reply};
use framewright::segment::{Observed, Segmentation};
use framewright::vector::{Expected, Level, derive, marks};
use framewright::{catalogue, diag, model};

use crate::capture::scenario::{is_orderly, reassembles};
use crate::capture::writer::{FORMS, Flags, LINKS, Writer};
use crate::random_specs::holds::holds;
use crate::random_specs::spec;
use crate::random_specs::tape::Tape;

/// Longer streams of vectors are no seeds.
const LONGEST: usize = 1 << 10;

/// A target: its name, what it does with an input, and its seeds.
#[derive(Clone, Copy)]
pub struct Target {
    /// As of its file in `fuzz_targets`.
    pub name: &'static str,
    /// Panics where something does not hold.
    pub run: fn(&[u8]),
    /// Made of the vectors and specs that ship.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// Every target of this file.
pub const TARGETS: &[Target] = &[
    Target { name: "capture", run: capture, seeds: captures },
    Target { name: "geometry_vs_naive", run: geometry_vs_naive, seeds: geometries },
    Target { name: "round_trip", run: round_trip, seeds: streams },
    Target { name: "spec_lower", run: spec_lower, seeds: tapes },
    Target { name: "spec_parse", run: spec_parse, seeds: specs },
    Target { name: "split_invariance", run: split_invariance, seeds: streams },
    Target { name: "testee_wire", run: testee_wire, seeds: replies },
];

static PLANS: LazyLock<Vec<Arc<Plan>>> = LazyLock::new(|| {
    let specs = catalogue::specs().into_iter();
    specs.map(|(_, text)| Arc::new(lower(&model::load(text.as_bytes()).expect("a valid spec")))).collect()
});

/// A protocol that ships, by number, modulo their number.
fn plan(number: u8) -> &'static Arc<Plan> {
    &PLANS[usize::from(number) % PLANS.len()]
}

/// The case of an input; nothing where it is too short to be one.
pub fn case(input: &[u8]) -> Option<Case> {
    Case::arbitrary_take_rest(Unstructured::new(input)).ok()
}

/// Every stream means the same under every cut, and its prefixes are measured truthfully.
pub fn split_invariance(input: &[u8]) {
    let Some(case) = case(input) else { return };
    let plan = plan(case.protocol);
    let stream = case.stream(plan);
    split_invariant(plan, &stream, &case.cuts()).unwrap();
    measures(plan, &stream[..stream.len().min(64)]).unwrap();
}

/// What is decoded can be encoded, and comes back; and so do values that were never decoded.
pub fn round_trip(input: &[u8]) {
    let Some(case) = case(input) else { return };
    let plan = plan(case.protocol);
    frames_encode_again(plan, &case.stream(plan)).unwrap();
    let _refused = round_trips(plan, &values(plan, input)).unwrap();
}

/// Any text is a spec or gets diagnostics that can be shown.
pub fn spec_parse(input: &[u8]) {
    match model::load(input) {
        Ok(protocol) => shown(&lower(&protocol)),
        Err(found) => assert!(!diag::render("fuzz.yaml", input, &found, diag::Colour::Never).is_empty()),
    }
}

/// Any document that validates can be lowered, means to the reference codec what it means to the naive model, and compiles in every language.
/// The input is slack of `max_frame`, a language or none, how many bytes choose the document, those, and those that choose values and streams.
pub fn spec_lower(input: &[u8]) {
    let [slack, language, choices, rest @ ..] = input else { return };
    let (choices, data) = rest.split_at(rest.len().min(usize::from(*choices)));
    let (text, protocol) = spec::protocol(choices, *slack).unwrap();
    holds(&text, &protocol, &mut Tape::new(data)).unwrap();
    shown(&lower(&protocol));
    if let Some(language) = LANGUAGES.get(usize::from(*language)) {
        assert!(!generate(language.name, &[lower(&protocol)], &[]).unwrap().is_empty());
    }
}

/// Whatever a plan is, it can be shown, and the settings that a peer is given for it are a spec again.
fn shown(plan: &Plan) {
    assert!(plan.min_frame > 0);
    assert!(!diagram::show(plan).is_empty());
    assert!(hello(plan).starts_with("fwt 1 "));
    let netty = netty::settings(plan).and_then(|peer| import::netty("again", &peer.settings));
    let tokio = tokio::settings(plan).and_then(|peer| import::tokio("again", &peer.settings));
    let swoole = swoole::settings(plan).and_then(|peer| import::swoole("again", &peer.settings));
    for text in [netty, tokio, swoole].into_iter().flatten() {
        assert!(model::load(text.as_bytes()).is_ok(), "{text}");
    }
}

/// The numbers of a length-field framer, and a stream.
#[derive(Arbitrary, Debug)]
struct Numbers {
    offset: u8,
    width: u8,
    little: bool,
    adjustment: i8,
    strip: u8,
    room: u8,
}

impl Numbers {
    fn settings(&self) -> Settings {
        let offset = u64::from(self.offset % 8);
        let length = [1, 2, 3, 4, 8][usize::from(self.width) % 5];
        let header = offset + u64::from(length);
        // A frame has its header at least.
        let adjustment = i64::from(self.adjustment).max(-i64::try_from(header).unwrap());
        let strip = u64::from(self.strip) % (header + 1);
        let order = if self.little { Endian::Little } else { Endian::Big };
        Settings::LengthField { max: header + u64::from(self.room), offset, length, adjustment, strip, order }
    }
}

/// A spec that was made of a framer's numbers splits every stream as the numbers say.
pub fn geometry_vs_naive(input: &[u8]) {
    let mut input = Unstructured::new(input);
    let Ok(numbers) = Numbers::arbitrary(&mut input) else { return };
    let settings = numbers.settings();
    // What cannot be imported is told in words.
    let Ok(text) = import::netty("numbers", &settings) else { return };
    let plan = Arc::new(lower(&model::load(text.as_bytes()).unwrap_or_else(|found| panic!("{found:?}\n{text}"))));
    splits_by_numbers(&settings, &plan, input.take_rest()).unwrap();
}

/// The meaning of the two frames of [`WIRE`].
static MEANING: LazyLock<Meaning> =
    LazyLock::new(|| Meaning::new(Arc::clone(PLANS.iter().find(|plan| plan.name == "tpkt").unwrap())));
/// Two frames of TPKT (RFC 1006, section 6).
const WIRE: &[u8] = &[3, 0, 0, 7, 2, 0xf0, 0x80, 3, 0, 0, 7, 2, 0xf0, 0x80];

/// Whatever lines a testee writes, they are read or refused in words; and a reply in which nothing is wrong has just the right frames.
/// The input is a cut and the lines.
pub fn testee_wire(input: &[u8]) {
    let [cut, lines @ ..] = input else { return };
    let cuts = Segmentation { cuts: vec![usize::from(*cut) % WIRE.len()], glued: cut & 0x80 != 0 };
    let expect = MEANING.of(WIRE, Checks::All).unwrap();
    let demand = Demand::meaning(WIRE.len(), Level::Must, &expect);
    for line in lines.split(|byte| *byte == b'\n') {
        let _told = Hello::parse(line);
        let Ok(reply) = Reply::parse(line) else { continue };
        let seen = reply.seen.clone();
        if Answer::Reply(reply).judge(&demand, &cuts).is_empty() {
            let right = expect.events.iter().map(|event| match event {
                Expected::Frame { emitted, .. } => emitted.clone(),
                Expected::Reject { .. } => panic!("both frames are right"),
            });
            let fields = |seen: &Observed| matches!(seen, Observed::Fields(_));
            assert!(seen.iter().any(fields) || seen == right.map(Observed::Frame).collect::<Vec<_>>(), "{seen:?}");
        }
    }
}

/// Streams that are cut into segments, shuffled, repeated and partly lost come back, or what is lost is told; and any other file means the same
/// however it is fed. The input is an even number and a tape, or an odd one, the size of a feed, and a file.
pub fn capture(input: &[u8]) {
    match input {
        [choice, tape @ ..] if choice % 2 == 0 => reassembles(&mut Tape::new(tape)),
        [_, chunk, file @ ..] => is_orderly(file, usize::from(*chunk).max(1)),
        _ => {}
    }
}

/// A stream of each vector of each protocol, cut at two of its seams.
fn streams() -> Vec<Vec<u8>> {
    let mut inputs = Vec::new();
    for (number, plan) in (0..=u8::MAX).zip(PLANS.iter()) {
        for vector in derive(plan).tests.into_iter().filter(|vector| vector.stream.len() <= LONGEST) {
            let seams = marks(plan, &vector.stream).into_iter().filter_map(|mark| u16::try_from(mark.offset).ok());
            let cuts: Vec<u16> = seams.filter(|seam| *seam > 0).map(|seam| seam - 1).take(2).collect();
            inputs.push(Case::input(number, &vector.stream, &cuts));
        }
    }
    inputs
}

/// Every spec that ships.
fn specs() -> Vec<Vec<u8>> {
    catalogue::specs().into_iter().map(|(_, text)| text.as_bytes().to_vec()).collect()
}

/// Tapes of different bytes, and each language in turn.
fn tapes() -> Vec<Vec<u8>> {
    let mut state = 1_u64;
    let mut byte = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    };
    let mut tape = |number: u8| {
        let head = [byte(), number % 16, 100];
        head.into_iter().chain((0..300).map(|_| byte())).collect()
    };
    (0..64).map(&mut tape).collect()
}

/// A file of each form and link layer, and tapes.
fn captures() -> Vec<Vec<u8>> {
    let mut inputs: Vec<Vec<u8>> = tapes().into_iter().map(|tape| [&[0], &tape[..]].concat()).collect();
    for (number, (form, link)) in (1..=u8::MAX).zip(FORMS.into_iter().flat_map(|form| LINKS.map(|link| (form, link)))) {
        let address = if link == 229 { "[::1]" } else { "127.0.0.1" };
        let [from, to] = [41_022, 5432].map(|port| format!("{address}:{port}").parse().unwrap());
        let mut writer = Writer::new(form, link);
        writer.tags = usize::from(number % 3);
        let none = Flags::default();
        writer.tcp(from, to, 0xffff_fffd, Flags { syn: true, ..none }, b"", 0);
        writer.tcp(to, from, 99, Flags { syn: true, ack: Some(0xffff_fffe), ..none }, b"", 0);
        writer.tcp(from, to, 1, Flags { fin: true, ..none }, b"def", usize::from(number % 2));
        writer.tcp(from, to, 0xffff_fffe, Flags { ack: Some(100), ..none }, b"abc", 0);
        writer.tcp(to, from, 100, Flags { rst: number % 5 == 0, ack: Some(4), ..none }, b"xyz", 0);
        inputs.push([&[1, number][..], &writer.bytes].concat());
    }
    inputs
}

/// A stream of three frames for different numbers.
fn geometries() -> Vec<Vec<u8>> {
    let mut inputs = Vec::new();
    for offset in 0..4_u8 {
        for width in 0..5_u8 {
            for adjustment in [0xfc_u8, 0xff, 0, 1] {
                // In the order of `Numbers`.
                let head = [offset, width, offset & 1, adjustment, offset, 40];
                inputs.push(head.into_iter().chain((0..48_u8).map(|at| at % 7)).collect());
            }
        }
    }
    inputs
}

/// First lines, and replies right and wrong.
fn replies() -> Vec<Vec<u8>> {
    let frame: String = WIRE[..7].iter().map(|byte| format!("{byte:02x}")).collect();
    let lines = [
        "fwt 1 name=netty version=4.1.118 language=java emits=frame ops=d checks=framing".to_owned(),
        "skip no such protocol".to_owned(),
        format!("14:{frame}\t14:{frame}\t."),
        format!("7:{frame}\t14:{frame}\t?"),
        format!("14:{frame}\t14!bad-const the first byte"),
        "14={\"version\":3}\t+".to_owned(),
        "14:_\t.".to_owned(),
    ];
    assert_eq!(decode(MEANING.plan(), WIRE).events.len(), 2);
    let inputs = lines.iter().flat_map(|line| [0_u8, 7, 0x83].map(|cut| [&[cut], line.as_bytes()].concat()));
    inputs.collect()
}

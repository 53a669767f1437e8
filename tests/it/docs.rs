//! Generated documentation: read as Markdown and XML, and held against plans and vectors.

mod examples;
mod markdown;
mod nasty;
mod packet;

use std::sync::LazyLock;

use framewright::backends::{File, generate_with};
use framewright::plan::{Plan, lower};
use framewright::vector::{self, Vectors};
use framewright::{catalogue, model};

use crate::random_specs::spec;
use markdown::Read;

/// Classes that no vector shows: its stream would have a megabyte and more, or begin in another session, or the page says more than can be.
const UNMET: &[(&str, &str)] = &[
    ("amqp-connection", "length-too-small"),
    ("amqp-connection", "out-of-range"),
    ("bittorrent-connection", "length-too-small"),
    ("bittorrent-connection", "out-of-range"),
    ("http2-connection", "frame-too-large"),
    ("http2-connection", "length-too-small"),
    ("iscsi", "bad-checksum"),
    ("lfbfd-swoole-eof", "delimiter-too-far"),
    ("lfbfd-swoole-eof-4", "delimiter-too-far"),
    ("memcached-text", "length-too-small"),
    ("memcached-text", "out-of-range"),
    ("mllp", "delimiter-too-far"),
    ("mllp", "frame-too-large"),
    ("mysql", "bad-check"),
    ("nats", "out-of-range"),
    ("plan9", "out-of-range"),
    ("stomp", "delimiter-too-far"),
    ("stomp", "frame-too-large"),
];

/// A protocol with its documentation.
struct Documented {
    plan: Plan,
    vectors: Vectors,
    files: Vec<File>,
}

impl Documented {
    fn new(plan: Plan, handwritten: Option<&str>) -> Self {
        let by_hand: Vec<(&str, &str)> = handwritten.map(|text| (plan.name.as_str(), text)).into_iter().collect();
        let files = generate_with("docs", std::slice::from_ref(&plan), &[], &by_hand).unwrap();
        let vectors = vector::build(&plan, handwritten).unwrap();
        Self { plan, vectors, files }
    }

    fn shipped(name: &str) -> Self {
        let text = catalogue::spec(name).unwrap();
        let plan = lower(&model::load(text.as_bytes()).unwrap());
        Self::new(plan, catalogue::handwritten(name, text.as_bytes()))
    }

    fn file(&self, path: &str) -> &str {
        let file = self.files.iter().find(|file| file.path == path);
        std::str::from_utf8(&file.unwrap_or_else(|| panic!("{path} is missing")).bytes).unwrap()
    }

    fn page(&self) -> &str {
        self.file(&format!("{}.md", self.plan.name))
    }

    fn diagram(&self) -> &str {
        self.file(&format!("{}.svg", self.plan.name))
    }
}

static SHIPPED: LazyLock<Vec<Documented>> =
    LazyLock::new(|| catalogue::specs().into_iter().map(|(name, _)| Documented::shipped(&name)).collect());

/// Specs that use every construct, most of them in ways that nobody would.
fn random() -> Vec<Documented> {
    let mut state = 7_u64;
    let mut tape = |len: usize| -> Vec<u8> {
        let step = |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        (0..len).map(step).collect()
    };
    (0..300).map(|_| Documented::new(lower(&spec::protocol(&tape(120), 255).unwrap().1), None)).collect()
}

#[test]
fn pages_say_what_specs_do() {
    for documented in SHIPPED.iter().chain(&random()) {
        markdown::is_sound(documented);
        markdown::names_everything(documented);
        examples::are_vectors(documented);
        packet::is_to_scale(documented);
    }
}

#[test]
fn the_classes_of_what_is_refused_are_those_that_vectors_meet() {
    let mut faults = Vec::new();
    for documented in SHIPPED.iter() {
        let (listed, mut met) = (markdown::classes(documented), markdown::met(&documented.vectors));
        let unmet = UNMET.iter().filter(|(name, _)| *name == documented.plan.name);
        met.extend(unmet.map(|(_, class)| (*class).to_owned()));
        faults.extend((listed != met).then(|| format!("{}: {listed:?}, not {met:?}", documented.plan.name)));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn names_of_every_length_have_room_or_a_letter() {
    let dns = lower(&model::load(catalogue::spec("dns-tcp").unwrap().as_bytes()).unwrap());
    for length in (1..30).chain((30..72).step_by(7)) {
        let mut plan = dns.clone();
        for (at, slot) in plan.slots.iter_mut().enumerate() {
            slot.name = format!("{at:n>length$}");
        }
        let files = generate_with("docs", std::slice::from_ref(&plan), &[], &[]).unwrap();
        let vectors = Vectors::new(plan.name.clone(), Vec::new(), Vec::new());
        packet::is_to_scale(&Documented { plan, vectors, files });
    }
}

#[test]
fn strangers_text_stays_text() {
    nasty::stays_text();
}

#[test]
fn the_index_leads_to_every_page() {
    let plans: Vec<Plan> = SHIPPED.iter().map(|documented| documented.plan.clone()).collect();
    let by_hand = |name| Some((name, catalogue::handwritten(name, catalogue::spec(name)?.as_bytes())?));
    let by_hand: Vec<(&str, &str)> = plans.iter().filter_map(|plan| by_hand(plan.name.as_str())).collect();
    let files = generate_with("docs", &plans, &[], &by_hand).unwrap();
    for documented in SHIPPED.iter() {
        let of_it = documented.files.iter().filter(|file| file.path != "README.md");
        assert!(of_it.into_iter().all(|file| files.contains(file)), "{}: the same again", documented.plan.name);
    }
    let index = files.iter().find(|file| file.path == "README.md").unwrap();
    let mut read = Read::new(std::str::from_utf8(&index.bytes).unwrap());
    read.links.retain(|link| !link.starts_with("https://"));
    let pages: Vec<String> = plans.iter().map(|plan| format!("{}.md", plan.name)).collect();
    assert_eq!(read.links, pages);
    for path in read.links {
        assert!(files.iter().any(|file| file.path == path), "{path}");
    }
    let [(head, rows)] = read.tables.as_slice() else { panic!("one table") };
    assert_eq!(head[..3], ["Protocol", "Summary", "A frame has"]);
    assert_eq!(rows.len(), plans.len());
}

#[test]
fn a_protocol_cannot_take_the_place_of_the_index() {
    let plan = lower(&model::load(b"{framewright: 1, name: readme, frame: [{kind: u8}]}").unwrap());
    let refused = generate_with("docs", &[plan], &[], &[]).unwrap_err().to_string();
    assert!(refused.contains("readme"), "{refused}");
}

const SUMS: &str = "
framewright: 1
name: sums
max_frame: 1 KiB
endian: big
frame:
  - kind: u8
  - length: u16 counts body
  - header: u32 checks length..body zeroed with crc32
  - digest: bytes[4] checks body with sha256d when kind > 0
  - body: bytes
  - text: ascii[3] checks frame zeroed with sum8 then length + 1
";

#[test]
fn a_page_says_what_checksums_are_computed_from() {
    let documented = Documented::new(lower(&model::load(SUMS.as_bytes()).unwrap()), None);
    markdown::is_sound(&documented);
    markdown::names_everything(&documented);
    examples::are_vectors(&documented);
    packet::is_to_scale(&documented);
    assert_eq!(markdown::classes(&documented), markdown::met(&documented.vectors));
    for line in [
        "| 3 | 4 | `header` | `u32` | checks `length..body` with crc-32/iso-hdlc |  |",
        "| 7 | 4 | `digest` | `bytes` | checks `body` with sha256d; only if `kind > 0` |  |",
        "| after `body` | 3 | `text` | `ascii` | checks `frame` with sum8; decimal, 3 digits |  |",
        "## Checksums",
        "- `header` = crc-32/iso-hdlc of the bytes from the first of `length` through the last of `body`, those of `header` taken as zeros",
        "- `digest` = the first 4 bytes of sha256d of the bytes of `body`",
        "- `text` = sum8 of the bytes of the whole frame, those of `text` taken as zeros, and of the low 8 bits of `length + 1`",
        "| `bad-checksum` | `digest` is not sha256d of `body` | the last byte of `body` |",
        "| `bad-checksum` | `text` is not sum8 of `frame` | the last byte of `text` |",
    ] {
        assert!(documented.page().lines().any(|each| each == line), "{line}\n{}", documented.page());
    }
}

#[test]
fn a_page_and_a_diagram() {
    let lite = Documented::shipped("msgpack-rpc-lite");
    insta::assert_snapshot!("msgpack-rpc-lite.md", lite.page());
    insta::assert_snapshot!("dns-tcp.svg", Documented::shipped("dns-tcp").diagram());
}

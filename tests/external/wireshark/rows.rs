//! `conformance/wireshark.yaml`: the protocols that Wireshark knows itself, and what of its fields are ours.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use framewright::interp::{End, Event, decode, encode, fields_from_json, inputs};
use framewright::plan::{Plan, lower};
use framewright::vector::{self, Vectors};
use framewright::{catalogue, model};
use serde::Deserialize;
use serde_json::Value as Json;
use std::sync::Arc;

use super::Stream;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    pub(super) protocols: Vec<Row>,
    /// Specs that Wireshark has no dissector for, and why it is said so.
    pub(super) unknown: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) spec: String,
    /// The session at the first byte of its streams, as behind a spec's `@`; without it, the spec's own. Such a row has its own frames alone.
    pub(super) start: Option<String>,
    /// Where Wireshark expects the protocol.
    pub(super) port: u16,
    /// The protocol that the port is said to be; without it Wireshark has to find out by itself.
    pub(super) decode_as: Option<String>,
    /// What Wireshark shows once for each frame: a protocol, or a field of one; several with ` or ` between them.
    pub(super) unit: String,
    /// The side that sends.
    #[serde(default)]
    pub(super) from: Side,
    /// Wireshark's field that tells a frame's size, with ` + N` behind it where it counts less, where its `unit` does not cover the frame.
    pub(super) size: Option<String>,
    /// Wireshark's field behind its `unit` that belongs to the frame, where the `unit` ends before it.
    pub(super) behind: Option<String>,
    /// Wireshark's mark of a `unit` of which it shows what has come: it shows it again when more has. Such are not compared.
    pub(super) again: Option<String>,
    /// What Wireshark needs to see first; no frames of ours.
    #[serde(default)]
    pub(super) before: Vec<Segment>,
    /// The stream travels inside another protocol.
    pub(super) inside: Option<Carrier>,
    /// Of our field: the name of Wireshark's, or several with ` or ` between them, of which the first that is shown counts; with `as bytes`
    /// behind it where the bytes on the wire are to be compared, not what it makes of them; with `as text` where what it makes of them is,
    /// since its bytes are more than the value. Fields of ours that exclude each other may have the same of Wireshark's. Of frames inside a frame:
    /// where Wireshark shows them, each a `unit`; all their fields are compared.
    pub(super) fields: BTreeMap<String, String>,
    /// Those that Wireshark shows in some frames only, and in which. They are compared there.
    #[serde(default)]
    pub(super) partly: BTreeMap<String, String>,
    /// Those that Wireshark shows also in frames where the spec has no such field, and where it has the value then. They are not compared there.
    #[serde(default)]
    pub(super) also: BTreeMap<String, String>,
    /// Our fields that Wireshark has no single one for, and why.
    #[serde(default)]
    pub(super) without: BTreeMap<String, String>,
    /// Frames besides those of the hand-written vectors, as the encoder takes them.
    #[serde(default)]
    pub(super) frames: Vec<Sample>,
    /// Hand-written vectors that are left out, by name, and why.
    #[serde(default)]
    pub(super) leave_out: BTreeMap<String, String>,
    /// What the streams avoid on purpose, or what else there is to know.
    pub(super) note: Option<String>,
    #[serde(default)]
    pub(super) disagreements: Vec<Disagreement>,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Side {
    #[default]
    Client,
    Server,
}

/// Bytes of one side.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Segment {
    pub(super) from: Side,
    pub(super) hex: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Carrier {
    /// DATA frames of HTTP/2 on stream 1.
    Http2Data,
}

/// Frames that are sent one after another.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sample {
    pub(super) name: String,
    /// What Wireshark needs to see first, instead of the row's.
    pub(super) before: Option<Vec<Segment>>,
    pub(super) values: Vec<Json>,
}

/// What Wireshark tells instead, and who is right.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Disagreement {
    /// Names of vectors or samples.
    pub(super) streams: Vec<String>,
    /// Of these ways of cutting them.
    pub(super) cuts: Vec<Cuts>,
    /// What it tells of each, as the test prints it.
    pub(super) wireshark: Vec<String>,
    pub(super) right: Right,
    pub(super) reason: String,
}

/// How a stream is cut into segments.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Cuts {
    EveryByte,
    Whole,
    /// Around the frames' ends.
    Seams,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Right {
    Spec,
    Wireshark,
    /// The standard leaves it open, or the two answer different questions.
    Both,
}

impl Cuts {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::EveryByte => "at every byte",
            Self::Whole => "nowhere",
            Self::Seams => "at seams",
        }
    }
}

impl Right {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Spec => "the spec",
            Self::Wireshark => "Wireshark",
            Self::Both => "both",
        }
    }
}

pub(super) fn table(root: &str) -> Table {
    let text = fs::read_to_string(Path::new(root).join("conformance/wireshark.yaml")).unwrap();
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("conformance/wireshark.yaml: {error}"))
}

/// A value without the spaces in its texts, which are hex.
fn packed(value: &Json) -> Json {
    let Json::Object(fields) = value else { return value.clone() };
    let packed = |(name, value): (&String, &Json)| match value {
        Json::String(hex) => (name.clone(), Json::String(hex.replace(' ', ""))),
        other => (name.clone(), other.clone()),
    };
    Json::Object(fields.iter().map(packed).collect())
}

impl Row {
    /// The spec with its start, as on the command line.
    pub(super) fn name(&self) -> String {
        self.start.as_ref().map_or_else(|| self.spec.clone(), |start| format!("{}@{start}", self.spec))
    }

    /// The protocol of its streams.
    pub(super) fn plan(&self) -> Plan {
        let text = catalogue::spec(&self.spec).unwrap_or_else(|| panic!("no spec {}", self.spec));
        let plan = lower(&model::load(text.as_bytes()).unwrap());
        self.start.as_ref().map_or(Ok(plan.clone()), |start| plan.starting_with(start)).unwrap()
    }

    /// What Wireshark needs to see before one of its streams.
    pub(super) fn before(&self, stream: &Stream) -> &[Segment] {
        let sample = self.frames.iter().find(|sample| sample.name == stream.id);
        sample.and_then(|sample| sample.before.as_ref()).unwrap_or(&self.before)
    }

    /// Hand-written vectors of nothing but whole frames, and the row's own frames.
    pub(super) fn streams(&self, plan: &Arc<Plan>, vectors: &Vectors) -> Vec<Stream> {
        let whole = |bytes: &[u8]| {
            let outcome = decode(plan, bytes);
            let frames = outcome.events.iter().all(|event| matches!(event, Event::Frame(_)));
            frames && outcome.end == End::Clean && !outcome.events.is_empty()
        };
        let own = |test: &&vector::Vector| self.start.is_none() && !test.derived && whole(&test.stream);
        let tests = vectors.tests.iter().filter(own);
        let mut streams: Vec<Stream> =
            tests.map(|test| Stream { id: test.name.clone(), bytes: test.stream.clone() }).collect();
        for name in self.leave_out.keys() {
            assert!(streams.iter().any(|stream| stream.id == *name), "{}: no vector {name:?}", self.spec);
        }
        streams.retain(|stream| !self.leave_out.contains_key(&stream.id));
        for sample in &self.frames {
            let bytes = sample.values.iter().flat_map(|value| {
                let fields =
                    fields_from_json(plan, &packed(value)).unwrap_or_else(|error| panic!("{}: {error}", sample.name));
                encode(plan, &inputs(plan, &fields)).unwrap_or_else(|error| panic!("{}: {error}", sample.name))
            });
            streams.push(Stream { id: sample.name.clone(), bytes: bytes.collect() });
        }
        streams
    }
}

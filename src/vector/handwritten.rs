//! Vectors made by hand, from standards and from the documentation of peers, and all vectors of a protocol together.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::derive::derive;
use super::file::{parse_end, read_fields};
use super::marks::marks_of;
use super::{EncodeVector, Expect, Expected, Level, Vector, Vectors, notes};
use crate::interp::{Class, EncodeClass, Event, decode};
use crate::plan::Plan;
use crate::value::{Fields, from_hex};

/// Why a file of hand-written vectors cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandwrittenError {
    /// The id of the vector and the key, where there are such, and what is wrong.
    pub message: String,
}

impl fmt::Display for HandwrittenError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.message)
    }
}

impl std::error::Error for HandwrittenError {}

/// All vectors of a protocol: those made by hand, whose YAML text is given where there is one, then those derived. Of two equal
/// streams the first is kept.
///
/// # Errors
///
/// The first thing that is wrong with the text.
pub fn build(plan: &Plan, handwritten: Option<&str>) -> Result<Vectors, HandwrittenError> {
    let mut all = derive(plan);
    let Some(text) = handwritten else { return Ok(all) };
    let by_hand = read(plan, text)?;
    let streams: BTreeSet<&[u8]> = by_hand.tests.iter().map(|test| test.stream.as_slice()).collect();
    all.tests.retain(|test| !streams.contains(test.stream.as_slice()));
    all.encode.retain(|vector| by_hand.encode.iter().all(|known| known.value != vector.value));
    let ids = by_hand.tests.iter().map(|test| &test.id).chain(by_hand.encode.iter().map(|vector| &vector.id));
    let derived: BTreeSet<&String> =
        all.tests.iter().map(|test| &test.id).chain(all.encode.iter().map(|vector| &vector.id)).collect();
    let mut seen = BTreeSet::new();
    for id in ids {
        if derived.contains(id) || !seen.insert(id.clone()) {
            return Err(wrong(id, "id", "another vector has it"));
        }
    }
    let tests = by_hand.tests.into_iter().chain(all.tests).collect();
    let encode = by_hand.encode.into_iter().chain(all.encode).collect();
    Ok(Vectors::new(all.protocol, tests, encode))
}

/// The vectors of a file by hand. Of a frame whose fields are not given, they are not judged.
fn read(plan: &Plan, text: &str) -> Result<Vectors, HandwrittenError> {
    let file: FileYaml = serde_yaml::from_str(text).map_err(|error| HandwrittenError { message: error.to_string() })?;
    if file.protocol != plan.name {
        let message = format!("protocol: it is {}, where the spec's name is {}", file.protocol, plan.name);
        return Err(HandwrittenError { message });
    }
    let tests = file.vectors.into_iter().map(|test| read_test(plan, test)).collect::<Result<_, _>>()?;
    let encode = file.encode.into_iter().map(|vector| read_encode(plan, vector)).collect::<Result<_, _>>()?;
    Ok(Vectors::new(file.protocol, tests, encode))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileYaml {
    protocol: String,
    #[serde(default)]
    vectors: Vec<TestYaml>,
    #[serde(default)]
    encode: Vec<EncodeYaml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TestYaml {
    id: String,
    name: String,
    source: String,
    level: Option<String>,
    #[serde(default)]
    flags: Vec<String>,
    stream: String,
    #[serde(default)]
    frames: Vec<FrameYaml>,
    reject: Option<RejectYaml>,
    end: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrameYaml {
    end: usize,
    emit: String,
    fields: Option<Map<String, Json>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RejectYaml {
    class: String,
    at: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EncodeYaml {
    id: String,
    name: String,
    source: String,
    #[serde(default)]
    flags: Vec<String>,
    value: Map<String, Json>,
    bytes: Option<String>,
    refuse: Option<String>,
}

fn wrong(id: &str, key: &str, what: &str) -> HandwrittenError {
    HandwrittenError { message: format!("{id}: {key}: {what}") }
}

/// Hex, with spaces wherever they help.
fn hex(id: &str, key: &str, text: &str) -> Result<Vec<u8>, HandwrittenError> {
    let digits: String = text.chars().filter(|each| !each.is_whitespace()).collect();
    from_hex(&digits).ok_or_else(|| wrong(id, key, &format!("{text:?} is no hex of whole bytes")))
}

fn word<T>(id: &str, key: &str, text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, HandwrittenError> {
    parse(text).ok_or_else(|| wrong(id, key, &format!("there is no {text:?}")))
}

/// The flags that were given; without one, whether the source is somebody else's or the spec that ships.
fn flags(id: &str, source: &str, flags: Vec<String>) -> Result<Vec<String>, HandwrittenError> {
    match flags.iter().find(|flag| !notes::is_known(flag)) {
        Some(unknown) => Err(wrong(id, "flags", &format!("{unknown:?} has no note"))),
        None if flags.is_empty() && source.starts_with("spec/") => Ok(vec!["worked-out".to_owned()]),
        None if flags.is_empty() => Ok(vec!["documented".to_owned()]),
        None => Ok(flags),
    }
}

fn read_test(plan: &Plan, test: TestYaml) -> Result<Vector, HandwrittenError> {
    let id = &test.id;
    let stream = hex(id, "stream", &test.stream)?;
    let found = decode(&Arc::new(plan.clone()), &stream).events;
    let (mut events, mut marks, mut start) = (Vec::new(), Vec::new(), 0);
    for (index, frame) in test.frames.iter().enumerate() {
        let emitted = hex(id, "emit", &frame.emit)?;
        let fields = frame.fields.as_ref().map(|object| read_fields(plan, object)).transpose();
        let fields = fields.map_err(|key| wrong(id, &key, "it takes a number or a string"))?;
        let bytes = stream.get(start..frame.end).unwrap_or_default();
        // Where fields lie is shown and guides the cuts; it is no expectation.
        let found = fields.clone().unwrap_or_else(|| fields_at(&found, frame.end));
        marks.extend(marks_of(plan, &found, bytes, index, start));
        start = frame.end;
        events.push(Expected::Frame { end: frame.end, emitted, fields });
    }
    if let Some(reject) = &test.reject {
        events.push(Expected::Reject { class: word(id, "class", &reject.class, Class::parse)?, at: reject.at });
    }
    Ok(Vector {
        level: test.level.as_ref().map_or(Ok(Level::Must), |level| word(id, "level", level, Level::parse))?,
        flags: flags(id, &test.source, test.flags)?,
        expect: Expect { events, end: word(id, "end", &test.end, parse_end)? },
        id: test.id,
        name: test.name,
        source: Some(test.source),
        derived: false,
        stream,
        marks,
    })
}

fn fields_at(events: &[Event], wanted: usize) -> Fields {
    let fields = events.iter().find_map(|event| match event {
        Event::Frame(frame) if usize::try_from(frame.end) == Ok(wanted) => Some(frame.fields.clone()),
        Event::Frame(_) | Event::Reject { .. } => None,
    });
    fields.unwrap_or_default()
}

fn read_encode(plan: &Plan, vector: EncodeYaml) -> Result<EncodeVector, HandwrittenError> {
    let id = &vector.id;
    let expect = match (&vector.bytes, &vector.refuse) {
        (Some(bytes), None) => Ok(hex(id, "bytes", bytes)?),
        (None, Some(class)) => Err(word(id, "refuse", class, EncodeClass::parse)?),
        _ => return Err(wrong(id, "bytes", "either bytes or refuse is to be given")),
    };
    Ok(EncodeVector {
        value: read_fields(plan, &vector.value).map_err(|key| wrong(id, &key, "it takes a number or a string"))?,
        flags: flags(id, &vector.source, vector.flags)?,
        id: vector.id,
        name: vector.name,
        source: Some(vector.source),
        derived: false,
        expect,
    })
}

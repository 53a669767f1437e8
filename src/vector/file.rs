//! The file of a protocol's vectors: JSON with a line for each part of a test, so that changes are read easily.
//!
//! `conformance/vectors.schema.json` describes it. Bytes are lower-case hex; integers of more than 53 bits are strings.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use serde::Deserialize;
use serde_json::{Number, Value as Json, json};

use super::{EncodeVector, Expect, Expected, Level, Mark, Note, Vector, Vectors};
use crate::interp::{Class, EncodeClass, End, fields_from_json, fields_to_json};
use crate::plan::{Kind, Plan};
use crate::value::{Fields, Value, from_hex, to_hex};

/// Why a text is no file of vectors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// The test or the key, and what is wrong with it.
    pub message: String,
}

impl fmt::Display for FormatError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.message)
    }
}

impl std::error::Error for FormatError {}

impl Level {
    /// Its word in files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::May => "may",
            Self::Should => "should",
            Self::Must => "must",
        }
    }

    /// The level of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::May, Self::Should, Self::Must].into_iter().find(|level| level.word() == word)
    }
}

/// The word of an end in files.
fn end_word(end: End) -> &'static str {
    match end {
        End::Clean => "clean",
        End::Incomplete => "incomplete",
        End::Rejected => "rejected",
    }
}

/// The end of a word.
pub(super) fn parse_end(word: &str) -> Option<End> {
    [End::Clean, End::Incomplete, End::Rejected].into_iter().find(|end| end_word(*end) == word)
}

/// The file's text. `plan` is that of the vectors' protocol.
#[must_use]
pub fn to_json(plan: &Plan, vectors: &Vectors) -> String {
    let mut out = String::new();
    let _ = write!(out, "{{\n  \"protocol\": {},\n  \"notes\": {{", json!(vectors.protocol));
    let notes = vectors.notes.iter();
    list(&mut out, "    ", notes.map(|(flag, note)| format!("{}: {}", json!(flag), note_json(note))));
    out.push_str("},\n  \"tests\": [");
    list(&mut out, "    ", vectors.tests.iter().map(|test| test_json(plan, test)));
    out.push_str("],\n  \"encode\": [");
    list(&mut out, "    ", vectors.encode.iter().map(|vector| encode_json(plan, vector)));
    out.push_str("]\n}\n");
    out
}

/// Reads what [`to_json`] writes. Unknown keys are refused.
///
/// # Errors
///
/// The first thing that is wrong, with the id of its test.
pub fn from_json(plan: &Plan, text: &str) -> Result<Vectors, FormatError> {
    let file: FileJson = serde_json::from_str(text).map_err(|error| FormatError { message: error.to_string() })?;
    let notes = file.notes.into_iter().map(|(flag, note)| (flag, Note { effect: note.effect, links: note.links }));
    Ok(Vectors {
        protocol: file.protocol,
        notes: notes.collect(),
        tests: file.tests.into_iter().map(|test| read_test(plan, test)).collect::<Result<_, _>>()?,
        encode: file.encode.into_iter().map(|vector| read_encode(plan, vector)).collect::<Result<_, _>>()?,
    })
}

fn list(out: &mut String, indent: &str, items: impl Iterator<Item = String>) {
    let mut empty = true;
    for item in items {
        out.push_str(if empty { "\n" } else { ",\n" });
        out.push_str(indent);
        out.push_str(&item);
        empty = false;
    }
    if !empty {
        out.push('\n');
        out.push_str(indent.get(2..).unwrap_or_default());
    }
}

fn note_json(note: &Note) -> Json {
    json!({ "effect": note.effect, "links": note.links })
}

/// `"id": …, "name": …` and what else both kinds of vectors have.
fn head(id: &str, name: &str, level: Option<Level>, flags: &[String], source: Option<&str>, derived: bool) -> String {
    let mut head = format!("\"id\": {}, \"name\": {}", json!(id), json!(name));
    if let Some(level) = level {
        let _ = write!(head, ", \"level\": \"{}\"", level.word());
    }
    let _ = write!(head, ", \"flags\": {}, \"derived\": {derived}", json!(flags));
    if let Some(source) = source {
        let _ = write!(head, ", \"source\": {}", json!(source));
    }
    head
}

fn test_json(plan: &Plan, test: &Vector) -> String {
    let head = head(&test.id, &test.name, Some(test.level), &test.flags, test.source.as_deref(), test.derived);
    let marks: Vec<Json> = test.marks.iter().map(|mark| json!([mark.offset, mark.length, mark.path])).collect();
    let mut out = format!("{{\n      {head},\n      \"stream\": \"{}\",\n", to_hex(&test.stream));
    let _ = write!(out, "      \"marks\": {},\n      \"expect\": {{ \"events\": [", Json::Array(marks));
    list(&mut out, "        ", test.expect.events.iter().map(|event| event_json(plan, event).to_string()));
    let _ = write!(out, "], \"end\": \"{}\" }}\n    }}", end_word(test.expect.end));
    out
}

fn event_json(plan: &Plan, event: &Expected) -> Json {
    match event {
        Expected::Frame { end, emitted, fields } => {
            let mut frame = json!({ "end": end, "emitted": to_hex(emitted) });
            if let (Some(fields), Json::Object(frame)) = (fields, &mut frame) {
                frame.insert("fields".to_owned(), fields_to_json(plan, fields));
            }
            json!({ "frame": frame })
        }
        Expected::Reject { class, at } => json!({ "reject": { "class": class.word(), "at": at } }),
    }
}

fn encode_json(plan: &Plan, vector: &EncodeVector) -> String {
    let head = head(&vector.id, &vector.name, None, &vector.flags, vector.source.as_deref(), vector.derived);
    let expect = match &vector.expect {
        Ok(bytes) => format!("\"bytes\": \"{}\"", to_hex(bytes)),
        Err(class) => format!("\"refuse\": \"{}\"", class.word()),
    };
    let value = fields_to_json(plan, &vector.value);
    format!("{{\n      {head},\n      \"value\": {value},\n      {expect}\n    }}")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileJson {
    protocol: String,
    notes: BTreeMap<String, NoteJson>,
    tests: Vec<TestJson>,
    encode: Vec<EncodeJson>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoteJson {
    effect: String,
    links: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TestJson {
    id: String,
    name: String,
    level: String,
    flags: Vec<String>,
    derived: bool,
    source: Option<String>,
    stream: String,
    marks: Vec<(usize, usize, String)>,
    expect: ExpectJson,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectJson {
    events: Vec<EventJson>,
    end: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
enum EventJson {
    Frame(FrameJson),
    Reject(RejectJson),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrameJson {
    end: usize,
    emitted: String,
    fields: Option<serde_json::Map<String, Json>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RejectJson {
    class: String,
    at: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EncodeJson {
    id: String,
    name: String,
    flags: Vec<String>,
    derived: bool,
    source: Option<String>,
    value: serde_json::Map<String, Json>,
    bytes: Option<String>,
    refuse: Option<String>,
}

/// Reads a word or hex of a test, which is named where it is none.
fn read<T>(id: &str, key: &str, text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, FormatError> {
    parse(text).ok_or_else(|| FormatError { message: format!("{id}: {key}: {text:?} is none") })
}

fn read_test(plan: &Plan, test: TestJson) -> Result<Vector, FormatError> {
    let id = test.id.clone();
    let event = |event| match event {
        EventJson::Frame(frame) => Ok(Expected::Frame {
            end: frame.end,
            emitted: read(&id, "emitted", &frame.emitted, from_hex)?,
            fields: frame
                .fields
                .as_ref()
                .map(|fields| read_fields(plan, fields))
                .transpose()
                .map_err(|key| wrong_field(&id, &key))?,
        }),
        EventJson::Reject(reject) => {
            Ok(Expected::Reject { class: read(&id, "class", &reject.class, Class::parse)?, at: reject.at })
        }
    };
    Ok(Vector {
        level: read(&id, "level", &test.level, Level::parse)?,
        stream: read(&id, "stream", &test.stream, from_hex)?,
        expect: Expect {
            events: test.expect.events.into_iter().map(event).collect::<Result<_, _>>()?,
            end: read(&id, "end", &test.expect.end, parse_end)?,
        },
        marks: test.marks.into_iter().map(|(offset, length, path)| Mark { offset, length, path }).collect(),
        id: test.id,
        name: test.name,
        flags: test.flags,
        source: test.source,
        derived: test.derived,
    })
}

fn read_encode(plan: &Plan, vector: EncodeJson) -> Result<EncodeVector, FormatError> {
    let expect = match (&vector.bytes, &vector.refuse) {
        (Some(bytes), None) => Ok(read(&vector.id, "bytes", bytes, from_hex)?),
        (None, Some(class)) => Err(read(&vector.id, "refuse", class, EncodeClass::parse)?),
        _ => return Err(FormatError { message: format!("{}: either bytes or refuse", vector.id) }),
    };
    Ok(EncodeVector {
        value: read_fields(plan, &vector.value).map_err(|key| wrong_field(&vector.id, &key))?,
        id: vector.id,
        name: vector.name,
        flags: vector.flags,
        source: vector.source,
        derived: vector.derived,
        expect,
    })
}

fn wrong_field(id: &str, key: &str) -> FormatError {
    FormatError { message: format!("{id}: {key}: it takes a number or a string") }
}

/// The fields of an object in its order, also such that no frame has: an encoder is to refuse them. Else the key that is neither.
pub(super) fn read_fields(plan: &Plan, object: &serde_json::Map<String, Json>) -> Result<Fields, String> {
    let field = |(name, json): (&String, &Json)| {
        let right = Json::Object([(name.clone(), json.clone())].into_iter().collect());
        if let Ok(fields) = fields_from_json(plan, &right) {
            return fields.into_iter().next().ok_or_else(|| name.clone());
        }
        let slot = plan.slots.iter().find(|slot| !slot.hidden && slot.name == *name);
        let value = refused_value(slot.map(|slot| slot.kind), json).ok_or_else(|| name.clone())?;
        Ok((name.clone(), value))
    };
    object.iter().map(field).collect()
}

/// A value that is none of its field's.
fn refused_value(kind: Option<Kind>, json: &Json) -> Option<Value> {
    let integer = |number: &Number| match number.as_i64() {
        Some(value) if value < 0 || matches!(kind, Some(Kind::Int(int)) if int.signed) => Some(Value::Int(value)),
        _ => number.as_u64().map(Value::UInt),
    };
    match (json, kind) {
        (Json::Number(number), _) => integer(number),
        (Json::String(text), Some(Kind::Int(_) | Kind::Bits(_))) => {
            text.parse::<Number>().map_or_else(|_| Some(Value::Text(text.clone())), |number| integer(&number))
        }
        (Json::String(text), _) => Some(Value::Text(text.clone())),
        _ => None,
    }
}

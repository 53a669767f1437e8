//! The hand-written vectors, against the reference codec.

use std::path::Path;
use std::sync::Arc;

use framewright::interp::{self, Class, End, Event};
use framewright::{model, plan, value};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    protocol: String,
    vectors: Vec<Vector>,
    #[serde(default)]
    encode: Vec<Encode>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    id: String,
    name: String,
    source: String,
    stream: String,
    frames: Vec<Frame>,
    reject: Option<Reject>,
    end: String,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Frame {
    end: u64,
    emit: String,
    fields: Option<serde_json::Value>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Reject {
    class: String,
    at: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Encode {
    id: String,
    name: String,
    source: String,
    value: serde_json::Value,
    bytes: Option<String>,
    refuse: Option<String>,
}

fn files() -> Vec<(File, Arc<plan::Plan>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let folder = std::fs::read_dir(root.join("conformance/handwritten")).unwrap();
    let mut paths: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let parsed = paths.iter().map(|path| {
        let file: File =
            serde_yaml::from_str(&read(path)).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        assert_eq!(path.file_stem().unwrap(), file.protocol.as_str());
        let spec =
            file.protocol.strip_prefix("lfbfd-").map_or_else(|| file.protocol.clone(), |name| format!("lfbfd/{name}"));
        let source = read(&root.join(format!("spec/{spec}.yaml")));
        let plan = plan::lower(&model::load(source.as_bytes()).unwrap());
        (file, Arc::new(plan))
    });
    parsed.collect()
}

fn hex(text: &str) -> Vec<u8> {
    value::from_hex(&text.replace([' ', '\n'], "")).unwrap()
}

#[test]
fn the_reference_codec_decodes_every_handwritten_stream_as_its_source_says() {
    for (file, plan) in files() {
        for vector in &file.vectors {
            let context = format!("{} {} {} ({})", file.protocol, vector.id, vector.name, vector.source);
            let outcome = interp::decode(&plan, &hex(&vector.stream));
            let mut frames = Vec::new();
            let mut reject = None;
            for event in outcome.events {
                match event {
                    Event::Frame(frame) => {
                        let expected = vector.frames.get(frames.len());
                        let fields = expected.and_then(|expected| expected.fields.as_ref());
                        frames.push(Frame {
                            end: frame.end,
                            emit: value::to_hex(&frame.emitted),
                            fields: fields.map(|_| interp::fields_to_json(&plan, &frame.fields)),
                        });
                    }
                    Event::Reject { class, at } => reject = Some(Reject { class: Class::word(class).to_owned(), at }),
                }
            }
            let expected: Vec<Frame> = vector
                .frames
                .iter()
                .map(|frame| Frame {
                    end: frame.end,
                    emit: frame.emit.replace([' ', '\n'], ""),
                    fields: frame.fields.clone(),
                })
                .collect();
            assert_eq!(frames, expected, "{context}");
            assert_eq!(reject, vector.reject, "{context}");
            let end = match outcome.end {
                End::Clean => "clean",
                End::Incomplete => "incomplete",
                End::Rejected => "rejected",
            };
            assert_eq!(end, vector.end, "{context}");
        }
    }
}

#[test]
fn the_reference_codec_encodes_every_handwritten_value_as_its_source_says() {
    for (file, plan) in files() {
        for case in &file.encode {
            let context = format!("{} {} {} ({})", file.protocol, case.id, case.name, case.source);
            let answer = interp::fields_from_json(&plan, &case.value).and_then(|fields| interp::encode(&plan, &fields));
            let answer = answer.map(|bytes| value::to_hex(&bytes)).map_err(|error| error.class.word().to_owned());
            let expected = match (&case.bytes, &case.refuse) {
                (Some(bytes), None) => Ok(value::to_hex(&hex(bytes))),
                (None, Some(class)) => Err(class.clone()),
                _ => panic!("{context}: either bytes or refuse"),
            };
            assert_eq!(answer, expected, "{context}");
        }
    }
}

#[test]
fn no_handwritten_id_occurs_twice() {
    let files = files();
    let mut ids: Vec<&str> = Vec::new();
    for (file, _) in &files {
        ids.extend(file.vectors.iter().map(|vector| vector.id.as_str()));
        ids.extend(file.encode.iter().map(|case| case.id.as_str()));
    }
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
    assert!(all > 150, "only {all}");
}

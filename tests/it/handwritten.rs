//! The hand-written vectors, against the reference codec.

use std::path::Path;
use std::sync::Arc;

use framewright::interp::{self, Class, End, Event};
use framewright::plan::peers::tokio;
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

/// The frames that a stream has by a framer's view of the protocol.
fn emitted(plan: &Arc<plan::Plan>, stream: &[u8]) -> Vec<String> {
    let events = interp::decode(plan, stream).events;
    let frames = events.into_iter().filter_map(|event| match event {
        Event::Frame(frame) => Some(value::to_hex(&frame.emitted)),
        Event::Reject { .. } => None,
    });
    frames.collect()
}

#[test]
fn a_framer_that_knows_the_geometry_alone_finds_the_same_frames() {
    let mut streams = 0;
    let mut without_one_rule = Vec::new();
    for (file, plan) in files() {
        let Some(framing) = plan::framing::framing_plan(&plan) else {
            without_one_rule.push(file.protocol);
            continue;
        };
        let framing = Arc::new(framing);
        for vector in file.vectors.iter().filter(|vector| vector.reject.is_none()) {
            let stream = hex(&vector.stream);
            assert_eq!(emitted(&framing, &stream), emitted(&plan, &stream), "{} {}", file.protocol, vector.id);
            streams += 1;
        }
    }
    assert!(streams > 60, "only {streams}");
    let expected = [
        "amqp-connection",
        "bittorrent-connection",
        "cassandra-v5",
        "coap-tcp",
        "fix",
        "http2-connection",
        "iscsi",
        "mavlink",
        "memcached-text",
        "minecraft",
        "mllp",
        "mqtt",
        "msgpack-rpc",
        "nats",
        "nbss",
        "netstring",
        "postgres-connection",
        "resp",
        "stomp",
        "websocket",
    ];
    assert_eq!(without_one_rule, expected);
}

#[test]
fn tokio_util_with_the_settings_of_show_finds_the_same_frames() {
    use tokio_util::codec::{AnyDelimiterCodec, Decoder, LengthDelimitedCodec, LinesCodec};

    fn drain<D: Decoder>(mut codec: D, stream: &[u8], bytes: impl Fn(D::Item) -> Vec<u8>) -> Vec<String> {
        let mut buffer = bytes::BytesMut::from(stream);
        let mut frames = Vec::new();
        while let Ok(Some(item)) = codec.decode(&mut buffer) {
            frames.push(value::to_hex(&bytes(item)));
        }
        frames
    }

    let mut streams = 0;
    for (file, plan) in files() {
        let Ok(configured) = tokio::settings(&plan) else { continue };
        for vector in file.vectors.iter().filter(|vector| vector.reject.is_none()) {
            let stream = hex(&vector.stream);
            let size = |number: u64| usize::try_from(number).unwrap();
            let frames = match &configured.settings {
                tokio::Settings::LengthDelimited { offset, length, adjustment, num_skip, max, order } => {
                    let mut builder = LengthDelimitedCodec::builder();
                    builder
                        .length_field_offset(size(*offset))
                        .length_field_length(usize::from(*length))
                        .length_adjustment(isize::try_from(*adjustment).unwrap())
                        .num_skip(size(*num_skip))
                        .max_frame_length(size(*max));
                    match order {
                        plan::Endian::Big => builder.big_endian(),
                        plan::Endian::Little => builder.little_endian(),
                    };
                    drain(builder.new_codec(), &stream, |item| item.to_vec())
                }
                tokio::Settings::Lines { max } => {
                    drain(LinesCodec::new_with_max_length(size(*max)), &stream, String::into_bytes)
                }
                tokio::Settings::AnyDelimiter { delimiters, writer, max } => {
                    let codec = AnyDelimiterCodec::new_with_max_length(delimiters.clone(), vec![*writer], size(*max));
                    drain(codec, &stream, |item| item.to_vec())
                }
            };
            assert_eq!(frames, emitted(&plan, &stream), "{} {}", file.protocol, vector.id);
            streams += 1;
        }
    }
    assert!(streams > 50, "only {streams}");
}

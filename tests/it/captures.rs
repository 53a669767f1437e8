//! What real servers and clients said to each other (`conformance/captures`) is decoded by `framewright decode` without a reject, and encoded to the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use framewright::capture::{Capture, Close, Event};
use serde_json::Value as Json;

/// Who sends, of a server on this port and its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Server(u16),
    Client(u16),
}
use Side::{Client, Server};

/// Streams that a spec decodes, each from behind the head that [`WAITING`] names.
struct Row {
    file: &'static str,
    side: Side,
    spec: &'static str,
    /// How long the head of such a stream is.
    head: fn(&[u8]) -> usize,
}

const fn row(file: &'static str, side: Side, spec: &'static str) -> Row {
    Row { file, side, spec, head: |_| 0 }
}

const DECODED: &[Row] = &[
    row("amqp", Client(5672), "amqp-connection"),
    row("amqp", Server(5672), "amqp-connection@phase=answer"),
    row("bgp", Client(179), "bgp"),
    row("bgp", Server(179), "bgp"),
    row("bittorrent", Client(6881), "bittorrent-connection"),
    row("bittorrent", Server(6881), "bittorrent-connection"),
    row("coap", Client(5683), "coap-tcp"),
    row("coap", Server(5683), "coap-tcp"),
    row("dlt", Client(3490), "dlt"),
    row("dlt", Server(3490), "dlt"),
    row("dns", Client(5353), "dns-tcp"),
    row("dns", Server(5353), "dns-tcp"),
    row("http2", Client(8080), "http2-connection"),
    row("http2", Server(8080), "http2-connection@phase=settings"),
    row("iscsi", Client(3260), "iscsi"),
    row("iscsi", Server(3260), "iscsi"),
    row("memcached-binary", Client(11211), "memcached-binary"),
    row("memcached-binary", Server(11211), "memcached-binary"),
    row("modbus", Client(502), "modbus-tcp"),
    row("modbus", Server(502), "modbus-tcp"),
    row("memcached-text", Client(11211), "memcached-text"),
    row("memcached-text", Server(11211), "memcached-text"),
    row("mqtt", Client(1883), "mqtt"),
    row("mqtt", Server(1883), "mqtt"),
    row("msgpack-rpc", Client(6666), "msgpack-rpc"),
    row("msgpack-rpc", Server(6666), "msgpack-rpc"),
    row("mysql", Client(3306), "mysql"),
    row("mysql", Server(3306), "mysql"),
    row("nats", Server(4222), "nats"),
    row("postgres", Client(5432), "postgres-connection"),
    row("postgres", Server(5432), "postgres-connection@phase=answer"),
    row("postgres-ssl-request", Client(5432), "postgres-connection"),
    row("postgres-ssl-request", Server(5432), "postgres-connection@phase=answer"),
    row("redis", Server(6379), "resp"),
    row("smb", Client(445), "smb-tcp"),
    row("smb", Server(445), "smb-tcp"),
    row("stomp", Client(61613), "stomp"),
    row("thrift-binary", Client(9090), "thrift-binary"),
    row("thrift-binary", Server(9090), "thrift-binary"),
    row("thrift-compact", Client(9091), "thrift-framed"),
    row("thrift-compact", Server(9091), "thrift-framed"),
    row("tls", Client(4433), "tls-record"),
    row("tls", Server(4433), "tls-record"),
    Row { head: upgrade, ..row("websocket", Client(8081), "websocket") },
    Row { head: upgrade, ..row("websocket", Server(8081), "websocket") },
];

/// The HTTP head that asks for WebSocket, or grants it.
fn upgrade(stream: &[u8]) -> usize {
    stream.windows(4).position(|part| part == b"\r\n\r\n").unwrap() + 4
}

/// What no spec describes yet: whole streams, and the heads of some in [`DECODED`]. A row leaves when it is decoded.
const WAITING: &[(&str, Side, &str)] = &[
    ("9p", Client(5640), "9P2000.L; the spec is of 9P2000"),
    ("9p", Server(5640), "9P2000.L; the spec is of 9P2000"),
    ("nats", Client(4222), "lower-case words, which a person typed"),
    ("redis", Client(6379), "inline commands; the spec of RESP is in part"),
    ("rtmp", Client(1935), "no spec"),
    ("rtmp", Server(1935), "no spec"),
    ("stomp", Server(61613), "line ends behind the last frame leave the stream incomplete"),
    ("websocket", Client(8081), "the HTTP upgrade"),
    ("websocket", Server(8081), "the HTTP upgrade"),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/captures")
}

/// The streams of a side, by the name of their flow.
fn streams(file: &str, side: Side) -> BTreeMap<String, Vec<u8>> {
    let bytes = std::fs::read(folder().join(format!("{file}.pcap"))).unwrap();
    let (mut capture, mut events) = (Capture::new(), Vec::new());
    capture.feed(&bytes, &mut events).unwrap();
    capture.finish(&mut events).unwrap();
    let mut streams: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut ended = BTreeSet::new();
    for event in events {
        match event {
            Event::Bytes { flow, bytes, .. } => streams.entry(flow.to_string()).or_default().extend(bytes),
            Event::End { flow, close } => {
                assert!(matches!(close, Close::Fin | Close::Reset | Close::Open), "{file}: {flow} {close:?}");
                assert!(ended.insert(flow.to_string()), "{file}: {flow} is used again");
                streams.entry(flow.to_string()).or_default();
            }
            Event::Midstream { .. } | Event::Missing { .. } | Event::Skipped { .. } => panic!("{file}: {event:?}"),
        }
    }
    let ports = |flow: &str| -> (u16, u16) {
        let (from, to) = flow.split_once('>').unwrap();
        let port = |end: &str| end.rsplit_once(':').unwrap().1.parse().unwrap();
        (port(from), port(to))
    };
    let is_of_side = |flow: &str| match side {
        Server(port) => ports(flow).0 == port,
        Client(port) => ports(flow).1 == port,
    };
    streams.into_iter().filter(|(flow, stream)| is_of_side(flow) && !stream.is_empty()).collect()
}

fn framewright(args: &[&str], input: &[u8]) -> (Option<i32>, Vec<u8>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_framewright"));
    let mut child = command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        // It may write before it has read all.
        scope.spawn(move || stdin.write_all(input));
        let output = child.wait_with_output().unwrap();
        (output.status.code(), output.stdout)
    })
}

/// Every stream of a side is decoded whole, and its frames are encoded to its bytes.
fn comes_back(row: &Row) {
    let path = folder().join(format!("{}.pcap", row.file));
    let streams = streams(row.file, row.side);
    assert!(!streams.is_empty(), "{} has no stream of {:?}", row.file, row.side);
    for (flow, stream) in streams {
        let head = (row.head)(&stream);
        let skip = head.to_string();
        let args = ["decode", row.spec, path.to_str().unwrap(), "--flow", &flow, "--skip", &skip];
        let (status, lines) = framewright(&args, b"");
        let text = String::from_utf8(lines).unwrap();
        let mut frames = String::new();
        let mut at = head;
        for line in text.lines() {
            let told: Json = serde_json::from_str(line).unwrap();
            if let Some(frame) = told.get("frame") {
                assert_eq!(frame["start"], at, "{args:?}: {line}");
                at = usize::try_from(frame["end"].as_u64().unwrap()).unwrap();
                frames += line;
                frames.push('\n');
            } else {
                assert_eq!(told["end"], "clean", "{args:?}: {line}");
            }
        }
        assert_eq!((status, at), (Some(0), stream.len()), "{args:?}");
        let (status, bytes) = framewright(&["encode", row.spec], frames.as_bytes());
        assert_eq!(status, Some(0), "{args:?}");
        assert!(bytes == stream[head..], "{args:?}: encoded, it is another stream");
    }
}

#[test]
fn every_stream_is_decoded_and_encoded_again() {
    DECODED.iter().for_each(comes_back);
}

/// Each side of each file is decoded or waits; what is decoded from behind a head waits for the head, and only that.
#[test]
fn nothing_that_waits_counts_as_decoded() {
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|it| it == "pcap"));
    let files: BTreeSet<String> = files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    let waiting: BTreeSet<(&str, Side)> = WAITING.iter().map(|(file, side, _)| (*file, *side)).collect();
    assert_eq!(waiting.len(), WAITING.len(), "a row stands there twice");
    let decoded: BTreeSet<(&str, Side)> = DECODED.iter().map(|row| (row.file, row.side)).collect();
    assert_eq!(decoded.len(), DECODED.len(), "a row stands there twice");
    let ports: BTreeSet<(&str, u16)> =
        waiting.iter().chain(&decoded).map(|(file, Server(port) | Client(port))| (*file, *port)).collect();
    assert_eq!(ports.iter().map(|(file, _)| (*file).to_owned()).collect::<Vec<_>>(), Vec::from_iter(files));
    for (file, port) in ports {
        for side in [Server(port), Client(port)] {
            assert!(waiting.contains(&(file, side)) || decoded.contains(&(file, side)), "{file}: {side:?}");
            assert!(!streams(file, side).is_empty(), "{file}: {side:?}");
        }
    }
    for row in DECODED {
        let headed = streams(row.file, row.side).values().any(|stream| (row.head)(stream) > 0);
        assert_eq!(waiting.contains(&(row.file, row.side)), headed, "{}: {:?}", row.file, row.side);
    }
}

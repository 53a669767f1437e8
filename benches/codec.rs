//! The reference codec: bytes a second of decoding and encoding, the drip that must stay linear, and the feeds of the proof. Each
//! case asserts its answer.

#![expect(clippy::disallowed_methods, clippy::expect_used, reason = "a benchmark reads specs and may stop at once")]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use framewright::interp::{Decoder, End, encode, fields_from_json};
use framewright::model;
use framewright::plan::{Plan, lower};
use framewright::value::Fields;
use serde_json::{Value as Json, json};

/// What TCP brings at a time on an Ethernet link.
const CHUNK: usize = 1460;

fn load(name: &str) -> Arc<Plan> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("spec").join(name).with_extension("yaml");
    let source = std::fs::read(path).expect("a spec");
    Arc::new(lower(&model::load(&source).expect("a valid spec")))
}

/// A protocol, the fields of a frame with 64 bytes of payload, and the frame.
struct Case {
    name: &'static str,
    plan: Arc<Plan>,
    fields: Fields,
    frame: Vec<u8>,
}

fn case(name: &'static str, fields: &Json) -> Case {
    let plan = load(name);
    let fields = fields_from_json(&plan, fields).expect("fields");
    let frame = encode(&plan, &fields).expect("a frame");
    Case { name, plan, fields, frame }
}

fn cases() -> [Case; 4] {
    let payload = "0123456789abcdef".repeat(4);
    let text = json!({"text": payload});
    [
        case("session-record", &json!({"version": 1, "serializer": 0, "opcode": 2, "session": 7, "body": text})),
        case("rocketmq", &json!({"serializer": 0, "header": {"json": {"code": 1}}, "body": text})),
        case("line", &json!({"line": payload})),
        case("msgpack-stream", &json!({"body": {"msgpack": [payload, 1, null]}})),
    ]
}

fn bytes(count: usize) -> Throughput {
    Throughput::Bytes(u64::try_from(count).expect("a small number"))
}

fn run(mut decoder: Decoder, stream: &[u8], chunk: usize, frames: usize) {
    let mut events = Vec::with_capacity(frames);
    for chunk in black_box(stream).chunks(chunk) {
        decoder.feed(chunk, &mut events);
    }
    assert_eq!((events.len(), decoder.finish()), (frames, End::Clean));
}

fn decoding(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode");
    for Case { name, plan, frame, .. } in cases() {
        let stream = frame.repeat(1000);
        group.throughput(bytes(stream.len()));
        group.bench_function(BenchmarkId::new(name, "fields"), |bencher| {
            bencher.iter(|| run(Decoder::new(Arc::clone(&plan)), &stream, CHUNK, 1000));
        });
        group.bench_function(BenchmarkId::new(name, "frames"), |bencher| {
            bencher.iter(|| run(Decoder::without_fields(Arc::clone(&plan)), &stream, CHUNK, 1000));
        });
    }
}

fn encoding(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("encode");
    for Case { name, plan, fields, frame } in cases() {
        group.throughput(bytes(frame.len()));
        group.bench_function(name, |bencher| {
            bencher.iter(|| assert_eq!(encode(&plan, black_box(&fields)).as_deref(), Ok(frame.as_slice())));
        });
    }
}

/// Twice the bytes, one at a time, must take less than 2.5 times as long: one long frame, whose body must not be looked at again
/// with every byte.
fn dripping(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("drip");
    let long = |count: usize| json!({"body": {"msgpack": [vec![0; count]]}});
    for (name, fields) in
        [("msgpack-stream", long as fn(usize) -> Json), ("line", |count| json!({"line": "a".repeat(count)}))]
    {
        for count in [4000, 8000] {
            let Case { plan, frame, .. } = case(name, &fields(count));
            group.throughput(bytes(frame.len()));
            group.bench_function(BenchmarkId::new(name, count), |bencher| {
                bencher.iter(|| run(Decoder::new(Arc::clone(&plan)), &frame, 1, 1));
            });
        }
    }
}

/// Every chunk of a 1 KiB stream, each fed to a clone of the state before it: what a proof over all its segmentations costs.
fn proving(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("every chunk of 1 KiB");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    for Case { name, plan, frame, .. } in cases() {
        let mut stream = frame.repeat(1024_usize.div_ceil(frame.len()));
        stream.truncate(1024);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut state = Decoder::without_fields(Arc::clone(&plan));
                let mut states = vec![state.clone()];
                let mut events = Vec::new();
                for byte in stream.chunks(1) {
                    state.feed(byte, &mut events);
                    states.push(state.clone());
                }
                let mut equal = 0;
                for (from, before) in states.iter().enumerate() {
                    for (to, after) in states.iter().enumerate().skip(from.saturating_add(1)) {
                        let mut decoder = before.clone();
                        events.clear();
                        decoder.feed(stream.get(from..to).unwrap_or_default(), &mut events);
                        equal += usize::from(decoder == *after);
                    }
                }
                assert_eq!(equal, 1024 * 1025 / 2);
            });
        });
    }
}

/// All 2^19 segmentations of a 20-byte stream, each by a decoder of its own.
fn enumerating(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("all segmentations of 20 bytes");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    let plan = load("swoole");
    let mut stream =
        encode(&plan, &fields_from_json(&plan, &json!({"body": "aabb"})).expect("fields")).expect("a frame");
    stream = stream.repeat(2);
    assert_eq!(stream.len(), 20);
    group.throughput(Throughput::Elements(1 << 19));
    group.bench_function("swoole", |bencher| {
        bencher.iter(|| {
            let mut events = Vec::new();
            for cuts in 0_u32..1 << 19 {
                let mut decoder = Decoder::without_fields(Arc::clone(&plan));
                events.clear();
                let mut from = 0;
                for to in 1..20 {
                    if cuts >> (to - 1) & 1 == 1 {
                        decoder.feed(stream.get(from..to).unwrap_or_default(), &mut events);
                        from = to;
                    }
                }
                decoder.feed(stream.get(from..).unwrap_or_default(), &mut events);
                assert_eq!((events.len(), decoder.finish()), (2, End::Clean));
            }
        });
    });
}

criterion_group!(benches, decoding, encoding, dripping, proving, enumerating);
criterion_main!(benches);

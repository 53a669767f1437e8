//! Deciding segmentations of the reference decoder: the proof, and the walk through each one that it replaces. Every case asserts
//! its answer.

#![expect(clippy::expect_used, reason = "a benchmark may stop at once")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use framewright::interp::encode;
use framewright::plan::{Plan, lower};
use framewright::runner::embedded::Reference;
use framewright::runner::{Checks, Demand, Meaning};
use framewright::segment::{Proof, prove, walk};
use framewright::value::Value;
use framewright::vector::Level;
use framewright::{catalogue, model};

/// Frames of this protocol with bodies of some sizes.
fn stream(bodies: &[usize]) -> (Arc<Plan>, Vec<u8>) {
    let text = catalogue::spec("swoole").expect("a spec");
    let plan = Arc::new(lower(&model::load(text.as_bytes()).expect("a valid spec")));
    let frame = |size: &usize| {
        let fields = vec![("body".to_owned(), Value::Bytes(vec![0x5a; *size]))];
        encode(&plan, &fields).expect("a frame")
    };
    let bytes: Vec<u8> = bodies.iter().flat_map(frame).collect();
    (plan, bytes)
}

fn demand(plan: &Arc<Plan>, stream: &[u8]) -> Demand {
    let expect = Meaning::new(Arc::clone(plan)).of(stream, Checks::All).expect("a meaning");
    Demand::meaning(stream.len(), Level::Must, &expect)
}

fn proofs(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("proof");
    group.sample_size(10);
    for (name, bodies) in [("20 bytes", &[2, 2][..]), ("1 KiB", &[0, 500, 13, 471])] {
        let (plan, stream) = stream(bodies);
        let n = stream.len();
        let demand = demand(&plan, &stream);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let reference = Reference::new(Arc::clone(&plan));
                let proof = prove(&reference, &demand.judge(), black_box(&stream), 4 * n);
                assert!(matches!(proof, Proof::Proved { .. }));
            });
        });
    }
}

fn walks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("exhaustive walk");
    group.sample_size(10);
    let (plan, stream) = stream(&[2, 2]);
    assert_eq!(stream.len(), 20);
    let demand = demand(&plan, &stream);
    group.throughput(Throughput::Elements(1 << 19));
    group.bench_function("20 bytes", |bencher| {
        bencher.iter(|| {
            let mut visited = 0;
            let reference = Reference::new(Arc::clone(&plan));
            walk(&reference, &demand.judge(), black_box(&stream), &mut |_, found| {
                assert!(found.is_empty());
                visited += 1;
            });
            assert_eq!(visited, 1 << 19);
        });
    });
}

criterion_group!(benches, proofs, walks);
criterion_main!(benches);

//! How fast segmentations are decided: all of a stream at once, one by one, and by programs over their pipes.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a benchmark looks at the clock and may stop at once"
)]
#![expect(
    clippy::print_stdout,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark speaks, and stops at what is wrong"
)]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use framewright::interp::End;
use framewright::plan::framing::hello;
use framewright::runner::embedded::Reference;
use framewright::runner::{Checks, Demand, Job, Known, Meaning, Program, run_program};
use framewright::segment::{Family, Proof, Rng, drive, prove, walk};
use framewright::vector::{Level, Vector};
use framewright::{model, plan};

const SPEC: &str =
    "framewright: 1\nname: u32-body\nmax_frame: 64 KiB\nframe:\n  - length: u32 counts body\n  - body: bytes\n";

fn protocol() -> Meaning {
    let protocol = model::load(SPEC.as_bytes()).expect("the spec is right");
    Meaning::new(Arc::new(plan::lower(&protocol)))
}

/// Frames of these bodies.
fn stream(bodies: &[usize]) -> Vec<u8> {
    let frame = |&size: &usize| {
        let length = u32::try_from(size).expect("bodies are small").to_be_bytes();
        length.into_iter().chain((0..size).map(|at| u8::try_from(at % 251).expect("below 251")))
    };
    bodies.iter().flat_map(frame).collect()
}

fn demand(meaning: &Meaning, stream: &[u8]) -> Demand {
    let expect = meaning.of(stream, Checks::All).expect("every stream has a meaning");
    assert_eq!(expect.end, End::Clean);
    Demand::meaning(stream.len(), Level::Must, &expect)
}

fn in_process(criterion: &mut Criterion) {
    let meaning = protocol();
    let testee = || Reference::new(Arc::clone(meaning.plan()));
    for (name, bodies) in [("proof/20", &[3, 5, 0][..]), ("proof/1024", &[100, 700, 212])] {
        let stream = stream(bodies);
        let demand = demand(&meaning, &stream);
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| match prove(&testee(), &demand.judge(), &stream, 100_000) {
                Proof::Proved { nodes, .. } => assert_eq!(nodes, stream.len() + 1),
                other => panic!("{other:?}"),
            });
        });
    }
    let stream = stream(&[3, 5, 0]);
    let demand = demand(&meaning, &stream);
    let mut slow = criterion.benchmark_group("one-by-one/20");
    slow.sample_size(10);
    slow.bench_function("shared", |bencher| {
        bencher.iter(|| {
            let mut count = 0;
            walk(&testee(), &demand.judge(), &stream, &mut |_, found| {
                assert!(found.is_empty());
                count += 1;
            });
            assert_eq!(count, 1 << 19);
        });
    });
    slow.bench_function("fresh", |bencher| {
        let cases = Family::Exhaustive.cases(stream.len(), &[], Rng::new(0, "")).expect("20 bytes are few");
        let (mut cuts, mut seen, mut found) = Default::default();
        bencher.iter(|| {
            for index in 0..cases.len() {
                cases.get(index, &mut cuts);
                drive(testee(), &stream, black_box(&cuts), demand.judge(), &mut seen, &mut found);
            }
            assert!(found.is_empty());
        });
    });
}

fn programs(criterion: &mut Criterion) {
    let meaning = protocol();
    let streams = [&[3, 5, 4][..], &[0, 20], &[1, 2, 3, 4, 5], &[30]];
    let vector = |index: usize, bodies: &&[usize]| {
        let stream = stream(bodies);
        let expect = meaning.of(&stream, Checks::All).expect("every stream has a meaning");
        let (id, name, flags, source) = (index.to_string(), String::new(), vec![], None);
        let (derived, level, marks) = (true, Level::Must, vec![]);
        Vector { id, name, level, flags, source, derived, stream, marks, expect }
    };
    let conformance = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance");
    let (folder, installed) = (conformance.join("testees"), conformance.join(".installed"));
    let known = Known::default();
    let mut group = criterion.benchmark_group("pipe");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    for (name, rounds, command) in [
        ("c", 200, vec![installed.join("example-c/testee")]),
        ("java", 60, vec!["java".into(), "-cp".into(), installed.join("example-java"), "Testee".into()]),
        ("node", 60, vec!["node".into(), folder.join("example-node/testee.js")]),
        ("python", 5, vec!["python3".into(), folder.join("example-python/testee.py")]),
    ] {
        let command: Vec<String> = command.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        let vectors: Vec<Vector> =
            (0..rounds * streams.len()).map(|at| vector(at, &streams[at % streams.len()])).collect();
        let job = Job {
            reach: "",
            testee: name,
            meaning: &meaning,
            vectors: &vectors,
            family: Family::Square,
            seed: 1,
            shard: None,
            select: &|_| true,
            known: &known,
            shrink: framewright::runner::Shrink::Frames,
            progress: &|_| {},
        };
        let program = Program::new(command, hello(meaning.plan()));
        let started = Instant::now();
        let report = run_program(&job, &program);
        if let Some(error) = &report.error {
            println!("pipe/{name}: {error}");
            continue;
        }
        let wrong: Vec<_> = report.vectors.iter().filter(|vector| !vector.findings.is_empty()).collect();
        assert!(wrong.is_empty(), "{:#?}", wrong.first());
        let seconds = started.elapsed().as_secs_f64();
        println!("pipe/{name}: {} cases, start included, in {seconds:.2} s", report.cases);
        group.throughput(criterion::Throughput::Elements(u64::try_from(report.cases).expect("few enough")));
        group.bench_function(name, |bencher| bencher.iter(|| run_program(&job, &program).cases));
    }
}

criterion_group!(benches, in_process, programs);
criterion_main!(benches);

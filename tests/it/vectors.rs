//! Derived vectors agree with the reference codec, and the files are fresh.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use framewright::interp::{self, Event};
use framewright::model;
use framewright::plan::{Plan, lower};
use framewright::value::to_hex;
use framewright::vector::{self, Expected, Vectors};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn plan(source: &[u8]) -> Plan {
    lower(&model::load(source).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}")))
}

/// The plans of all specs that ship, by name.
fn plans() -> BTreeMap<String, Plan> {
    let folders = [root().join("spec"), root().join("spec/lfbfd")];
    let paths = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let specs = paths.filter(|path| path.extension().is_some_and(|it| it == "yaml"));
    let plans: BTreeMap<String, Plan> =
        specs.map(|path| plan(&std::fs::read(path).unwrap())).map(|plan| (plan.name.clone(), plan)).collect();
    assert!(plans.len() > 30, "found only {:?}", plans.keys());
    plans
}

fn all(plan: &Plan) -> Vectors {
    let path = root().join(format!("conformance/handwritten/{}.yaml", plan.name));
    let text = path.exists().then(|| std::fs::read_to_string(&path).unwrap());
    vector::build(plan, text.as_deref()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// How the reference codec deviates from the vectors.
fn deviations(plan: &Plan, vectors: &Vectors) -> String {
    let mut found = String::new();
    let shared = Arc::new(plan.clone());
    for test in &vectors.tests {
        let outcome = interp::decode(&shared, &test.stream);
        let events: Vec<Expected> = outcome
            .events
            .into_iter()
            .map(|event| match event {
                Event::Frame(frame) => {
                    Expected::Frame { end: frame.end as usize, emitted: frame.emitted, fields: frame.fields }
                }
                Event::Reject { class, at } => Expected::Reject { class, at: at as usize },
            })
            .collect();
        if (&events, outcome.end) != (&test.expect.events, test.expect.end) {
            let hex = to_hex(&test.stream);
            writeln!(
                found,
                "{} {}: {}\n  stream {}\n  expected {:?} {:?}\n  decoded  {:?} {:?}",
                plan.name,
                test.id,
                test.name,
                &hex[..hex.len().min(200)],
                test.expect.events,
                test.expect.end,
                events,
                outcome.end
            )
            .unwrap();
        }
    }
    for vector in &vectors.encode {
        let encoded = interp::encode(plan, &vector.value);
        if encoded.as_ref().map_err(|error| error.class) != vector.expect.as_ref().map_err(|class| *class) {
            writeln!(
                found,
                "{} {}: encode {}\n  value {:?}\n  expected {:?}\n  encoded  {:?}",
                plan.name, vector.id, vector.name, vector.value, vector.expect, encoded
            )
            .unwrap();
        }
    }
    found
}

#[test]
fn the_reference_codec_agrees_with_every_vector_of_every_spec() {
    let found: String = plans().values().map(|plan| deviations(plan, &all(plan))).collect();
    assert!(found.is_empty(), "{found}");
}

#[test]
fn every_spec_has_vectors_for_decoders_and_encoders() {
    for (name, plan) in plans() {
        let vectors = all(&plan);
        assert!(vectors.tests.len() >= 14, "{name} has {} tests", vectors.tests.len());
        assert!(vectors.encode.len() >= 4, "{name} has {} for encoders", vectors.encode.len());
    }
}

#[test]
fn ids_are_unique_over_all_protocols_and_streams_within_each() {
    let mut ids = BTreeMap::new();
    for (name, plan) in plans() {
        let vectors = all(&plan);
        let mut streams = BTreeMap::new();
        for test in &vectors.tests {
            if let Some(other) = streams.insert(test.stream.clone(), &test.id) {
                panic!("{name}: {} and {other} have the same stream", test.id);
            }
        }
        let of_tests = vectors.tests.iter().map(|test| &test.id);
        for id in of_tests.chain(vectors.encode.iter().map(|vector| &vector.id)) {
            if let Some(other) = ids.insert(id.clone(), name.clone()) {
                panic!("{id} is in {other} and in {name}");
            }
        }
    }
}

#[test]
fn every_flag_has_a_note_and_every_mark_lies_in_its_stream() {
    for (name, plan) in plans() {
        let vectors = all(&plan);
        for test in &vectors.tests {
            for flag in &test.flags {
                assert!(vectors.notes.contains_key(flag), "{name}: {}: {flag} has no note", test.id);
            }
            for mark in &test.marks {
                assert!(
                    mark.length > 0 && mark.offset + mark.length <= test.stream.len(),
                    "{name}: {}: {mark:?}",
                    test.id
                );
            }
        }
    }
}

#[test]
fn a_file_reads_as_what_was_written() {
    for (name, plan) in plans() {
        let vectors = all(&plan);
        let text = vector::to_json(&plan, &vectors);
        assert_eq!(vector::from_json(&plan, &text), Ok(vectors), "{name}");
    }
}

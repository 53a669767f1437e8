//! The lists of known failures in `conformance/`: each entry names a vector that ships, and says where its reason can be read.

use std::collections::BTreeSet;
use std::path::Path;

use framewright::runner::embedded::Embedded;
use framewright::runner::{Check, Known};
use framewright::{catalogue, model, plan, vector};

/// The protocol and the id of every vector that ships.
fn vectors() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (name, text) in catalogue::specs() {
        let plan = plan::lower(&model::load(text.as_bytes()).unwrap());
        let built = vector::build(&plan, catalogue::handwritten(&name, text.as_bytes())).unwrap();
        let ids = built.tests.into_iter().map(|test| test.id).chain(built.encode.into_iter().map(|encode| encode.id));
        let checks = Check::ALL.map(|check| check.id().to_owned());
        all.extend(ids.chain(checks).map(|id| (name.clone(), id)));
    }
    all
}

/// The names of all testees.
fn testees() -> BTreeSet<String> {
    #[derive(serde::Deserialize)]
    struct File {
        testees: Vec<Listed>,
    }
    #[derive(serde::Deserialize)]
    struct Listed {
        name: String,
    }
    let text = include_str!("../../conformance/testees.yaml");
    let file: File = serde_yaml::from_str(text).unwrap();
    let programs = file.testees.into_iter().map(|testee| testee.name);
    programs.chain(Embedded::ALL.map(|embedded| embedded.name().to_owned())).collect()
}

#[test]
fn every_entry_names_a_vector_and_a_page() {
    let (vectors, testees) = (vectors(), testees());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/known-failures");
    let mut faults = String::new();
    let mut entries = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let testee = path.file_stem().unwrap().to_str().unwrap();
        if !testees.contains(testee) {
            faults.push_str(&format!("{testee} is no testee\n"));
        }
        let known =
            Known::parse(&std::fs::read_to_string(&path).unwrap()).unwrap_or_else(|why| panic!("{testee}: {why}"));
        for entry in known.entries() {
            entries += 1;
            if !vectors.iter().any(|(protocol, id)| entry.names(protocol, id)) {
                faults.push_str(&format!("{testee}: {} names no vector\n", entry.id));
            }
            // Else it would speak of all protocols.
            if entry.id.split_once('/').is_none_or(|(protocol, _)| catalogue::spec(protocol).is_none()) {
                faults.push_str(&format!("{testee}: {} begins with no protocol\n", entry.id));
            }
            if !entry.link.starts_with("https://") || entry.link.contains(char::is_whitespace) {
                faults.push_str(&format!("{testee}: {} links to `{}`\n", entry.id, entry.link));
            }
        }
    }
    assert!(entries > 0);
    assert!(faults.is_empty(), "{faults}");
}

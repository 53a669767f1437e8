//! Every spec that ships is valid.

use std::path::{Path, PathBuf};

use framewright::diag::{Colour, render};
use framewright::model;

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|it| it == "yaml")).collect();
    files.sort();
    files
}

#[test]
fn every_spec_is_valid_and_named_after_its_file() {
    let mut faults = String::new();
    let all: Vec<PathBuf> = files("spec").into_iter().chain(files("spec/lfbfd")).collect();
    assert!(all.len() > 30, "found only {all:?}");
    for path in all {
        let source = std::fs::read(&path).unwrap();
        match model::load(&source) {
            Ok(protocol) => {
                let below = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("spec")).unwrap();
                let name = below.with_extension("").to_str().unwrap().replace('/', "-");
                if protocol.name != name {
                    faults.push_str(&format!("{} is named {}\n", path.display(), protocol.name));
                }
            }
            Err(diagnostics) => {
                faults.push_str(&render(&path.display().to_string(), &source, &diagnostics, Colour::Never))
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

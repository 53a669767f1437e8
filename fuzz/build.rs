//! Codecs of the specs whose output is checked in: between them they use every construct.

use std::error::Error;
use std::path::Path;

#[path = "../conformance/codecs/rust/subjects_build.rs"]
mod subjects_build;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let paths = ["conformance/codecs/specs", "spec/line.yaml", "spec/session-record.yaml"].map(|path| root.join(path));
    subjects_build::write(&paths, &["testee"])
}

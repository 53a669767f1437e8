//! Codecs of every spec, with everything that can be asked for.

use std::error::Error;
use std::path::Path;

mod subjects_build;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..").canonicalize()?;
    let folders = ["spec", "spec/lfbfd", "conformance/codecs/specs"].map(|folder| root.join(folder));
    subjects_build::write(&folders, &["testee", "tokio-util", "serde", "arbitrary", "events", "tests"])
}

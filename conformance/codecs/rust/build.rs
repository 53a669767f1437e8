//! Codecs of every spec, with everything that can be asked for.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn specs(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let entries = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    let mut specs: Vec<PathBuf> = entries.into_iter().filter(|path| path.extension().is_some_and(|it| it == "yaml")).collect();
    specs.sort();
    Ok(specs)
}

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..").canonicalize()?;
    let folders = ["spec", "spec/lfbfd", "conformance/codecs/specs"];
    let mut all = Vec::new();
    for folder in folders {
        all.extend(specs(&root.join(folder))?);
    }
    framewright::build::rust(&all, &["testee", "tokio-util", "serde", "arbitrary", "events", "tests"])?;
    // A row for each protocol, for src/subjects.rs and tests/proofs.rs.
    let mut subjects = String::from("subjects! {\n");
    for path in &all {
        let source = std::fs::read(path)?;
        let protocol = framewright::model::load(&source).map_err(|mistakes| format!("{mistakes:?}"))?;
        let module = framewright::backends::generate("rust", &[framewright::plan::lower(&protocol)], &[])?;
        let module = module[0].path.trim_end_matches(".rs");
        writeln!(subjects, "    {module} fields_{module} {path:?};")?;
    }
    let out = std::env::var("OUT_DIR")?;
    subjects.push_str("}\n");
    std::fs::write(Path::new(&out).join("subjects.rs"), subjects)?;
    Ok(())
}

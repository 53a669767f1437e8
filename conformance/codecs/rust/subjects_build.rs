//! For build scripts: codecs of the specs of some folders, and a row for each of them for `src/subjects.rs`.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn specs(path: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", path.display());
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = std::fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    let mut specs: Vec<PathBuf> =
        entries.into_iter().filter(|path| path.extension().is_some_and(|it| it == "yaml")).collect();
    specs.sort();
    Ok(specs)
}

/// Writes them to `OUT_DIR`: `framewright.rs` and `subjects.rs`. A path is a spec or a folder of specs.
pub fn write(paths: &[PathBuf], extras: &[&str]) -> Result<(), Box<dyn Error>> {
    let mut all = Vec::new();
    for path in paths {
        all.extend(specs(path)?);
    }
    framewright::build::rust(&all, extras)?;
    let mut subjects = String::from("subjects! {\n");
    for path in &all {
        let source = std::fs::read(path)?;
        let protocol = framewright::model::load(&source).map_err(|mistakes| format!("{mistakes:?}"))?;
        let module = framewright::backends::generate("rust", &[framewright::plan::lower(&protocol)], &[])?;
        let module = module[0].path.trim_end_matches(".rs");
        writeln!(subjects, "    {module} fields_{module} {path:?};")?;
    }
    subjects.push_str("}\n");
    let out = std::env::var("OUT_DIR")?;
    std::fs::write(Path::new(&out).join("subjects.rs"), subjects)?;
    Ok(())
}

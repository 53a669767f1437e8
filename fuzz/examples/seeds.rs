//! Writes the seeds of every target to `corpus/TARGET`, and the dictionary of its streams to `dictionaries/streams.dict`. From the folder
//! `fuzz`: `cargo run --example seeds`.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;

use framewright::plan::{dictionary, lower};
use framewright::{catalogue, model};
use framewright_fuzz::{generated, targets};

fn main() -> Result<(), Box<dyn Error>> {
    let all = targets::TARGETS.iter().map(|target| (target.name, (target.seeds)()));
    for (name, seeds) in all.chain([("generated_vs_reference", generated::seeds())]) {
        let folder = Path::new("corpus").join(name);
        std::fs::create_dir_all(&folder)?;
        for (number, seed) in seeds.iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{number:05}")), seed)?;
        }
        println!("{name}: {} seeds", seeds.len());
    }
    let mut lines = BTreeSet::new();
    for (name, text) in catalogue::specs() {
        let protocol = model::load(text.as_bytes()).map_err(|found| format!("{name}: {found:?}"))?;
        lines.extend(dictionary(&lower(&protocol)).lines().map(|line| {
            let bytes = line.split_once('=').map_or(line, |(_, bytes)| bytes);
            format!("{bytes}\n")
        }));
    }
    std::fs::create_dir_all("dictionaries")?;
    std::fs::write("dictionaries/streams.dict", lines.into_iter().collect::<String>())?;
    Ok(())
}

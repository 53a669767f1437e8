//! Runs every input of `corpus/TARGET` once through its target. From the folder `fuzz`: `cargo run --example replay`.

use std::error::Error;
use std::path::Path;

use framewright_fuzz::{generated, targets};

fn main() -> Result<(), Box<dyn Error>> {
    let targets = targets::TARGETS.iter().map(|target| (target.name, target.run));
    for (name, run) in targets.chain([("generated_vs_reference", generated::generated_vs_reference as fn(&[u8]))]) {
        let mut count = 0;
        for entry in Path::new("corpus").join(name).read_dir()? {
            run(&std::fs::read(entry?.path())?);
            count += 1;
        }
        println!("{name}: {count} inputs");
    }
    Ok(())
}

//! A cargo-fuzz project around generated Rust: targets, dictionaries, seeds, and what build machines need to run it.
//!
//! The generated decoder is what the decoder under test is held against. At first that is the generated decoder itself; `NAME_decoder.rs` is where
//! another takes its place, and is not written over.

use serde::Serialize;

use super::{Extras, File, GenerateError, Language, rust, template};
use crate::plan::{Plan, dictionary};
use crate::vector;

pub(super) const LANGUAGE: Language = Language { name: "fuzz", extras: &[], generate };

const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Bytes of a seed at most.
const LONGEST: usize = 1 << 10;

/// Files of the project.
const WHOLE: &[(&str, &str)] = &[
    (".clusterfuzzlite/Dockerfile", include_str!("templates/Dockerfile.j2")),
    (".clusterfuzzlite/build.sh", include_str!("templates/build.sh.j2")),
    (".clusterfuzzlite/project.yaml", include_str!("templates/project.yaml.j2")),
    (".github/workflows/clusterfuzzlite.yml", include_str!("templates/clusterfuzzlite.yml.j2")),
    (".github/workflows/fuzz.yml", include_str!("templates/fuzz.yml.j2")),
    (".gitignore", include_str!("templates/gitignore.j2")),
    ("Cargo.toml", include_str!("templates/Cargo.toml.j2")),
    ("README.md", include_str!("templates/README.md.j2")),
    ("fuzz/Cargo.toml", include_str!("templates/fuzz_Cargo.toml.j2")),
    ("src/lib.rs", include_str!("templates/lib.rs.j2")),
    ("tests/corpus.rs", include_str!("templates/corpus.rs.j2")),
];

/// Files of a protocol.
const CHECKS: &str = include_str!("templates/checks.rs.j2");
const DECODER: &str = include_str!("templates/decoder.rs.j2");
const TARGET: &str = include_str!("templates/target.rs.j2");

#[derive(Serialize)]
struct Project<'a> {
    version: &'static str,
    protocols: &'a [Protocol],
}

#[derive(Serialize)]
struct Protocol {
    version: &'static str,
    name: String,
    variable: String,
    /// The type of a frame that owns its bytes.
    owned: &'static str,
}

/// A fuzz target.
#[derive(Serialize)]
struct Target<'a> {
    /// What it checks: `split` or `round_trip`.
    check: &'static str,
    protocol: &'a Protocol,
}

fn generate(plans: &[Plan], _: &Extras<'_>) -> Result<Vec<File>, GenerateError> {
    let protocol = |plan: &Plan| {
        let view = rust::view(plan);
        let owned = if view.has_bytes { "OwnedFrame" } else { "Frame" };
        Protocol { version: VERSION, name: view.name, variable: view.variable, owned }
    };
    let protocols: Vec<Protocol> = plans.iter().map(protocol).collect();
    let mut files = Vec::new();
    for (path, source) in WHOLE {
        let text = template::render(&[(path, source)], path, &Project { version: VERSION, protocols: &protocols })?;
        files.push(File::text((*path).to_owned(), text));
    }
    for file in rust::generate(plans, &Extras { names: &["arbitrary"], handwritten: &[] })? {
        files.push(File { path: format!("src/{}", file.path), ..file });
    }
    for (plan, protocol) in plans.iter().zip(&protocols) {
        files.extend(of_protocol(plan, protocol)?);
    }
    Ok(files)
}

fn of_protocol(plan: &Plan, protocol: &Protocol) -> Result<Vec<File>, GenerateError> {
    let name = &protocol.variable;
    let mut files = vec![
        File::text(format!("src/{name}_checks.rs"), rendered(CHECKS, protocol)?),
        File { kept: true, ..File::text(format!("src/{name}_decoder.rs"), rendered(DECODER, protocol)?) },
        File::text(format!("fuzz/dictionaries/{name}_split.dict"), dictionary(plan)),
    ];
    for check in ["split", "round_trip"] {
        let text = rendered(TARGET, &Target { check, protocol })?;
        files.push(File::text(format!("fuzz/fuzz_targets/{name}_{check}.rs"), text));
    }
    let streams = vector::derive(plan).tests.into_iter().map(|vector| vector.stream);
    for (number, stream) in streams.filter(|stream| stream.len() <= LONGEST).enumerate() {
        let path = format!("fuzz/corpus/{name}_split/seed-{number:04}");
        files.push(File { path, bytes: seed(&stream), kept: false });
    }
    Ok(files)
}

fn rendered(source: &'static str, context: &impl Serialize) -> Result<String, GenerateError> {
    template::render(&[("file", source)], "file", context)
}

/// A stream behind its cuts: how many, and each in two bytes, the low one first.
fn seed(stream: &[u8]) -> Vec<u8> {
    let half = u16::try_from(stream.len() / 2).unwrap_or(u16::MAX);
    let mut input = vec![2, 1, 0];
    input.extend(half.to_le_bytes());
    input.extend_from_slice(stream);
    input
}

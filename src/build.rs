//! Rust codecs from a crate's build script.
//!
//! In `Cargo.toml`, without the command line that a build does not need:
//!
//! ```toml
//! [build-dependencies]
//! framewright = { version = "0.1", default-features = false }
//! ```
//!
//! In `build.rs`:
//!
//! ```no_run
//! fn main() -> Result<(), framewright::build::BuildError> {
//!     framewright::build::rust(&["protocols/ping.yaml"], &[])
//! }
//! ```
//!
//! And in `src/lib.rs`, for the module `ping`:
//!
//! ```text
//! include!(concat!(env!("OUT_DIR"), "/framewright.rs"));
//! ```
#![expect(clippy::disallowed_methods, reason = "a build script reads specs and writes modules")]

use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::backends;
use crate::diag::{Colour, render};
use crate::{model, plan};

/// Why a build script fails: the mistakes of the specs with their places, or what could not be read or written. Its `Debug` form is for people too, since
/// that is what Cargo shows of a failed `main`.
#[derive(Clone, PartialEq, Eq)]
pub struct BuildError(String);

impl fmt::Debug for BuildError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

impl std::error::Error for BuildError {}

/// Writes the codecs of these specs into Cargo's `OUT_DIR`, with `framewright.rs`, which declares a public module for each. Cargo runs the build
/// script again when a spec changes.
///
/// # Errors
///
/// A spec that cannot be read or has mistakes, an unknown extra, no `OUT_DIR` (this is no build script), or a file that cannot be written.
pub fn rust(specs: &[impl AsRef<Path>], extras: &[&str]) -> Result<(), BuildError> {
    let out = std::env::var_os("OUT_DIR").map(PathBuf::from);
    let out = out.ok_or_else(|| BuildError("OUT_DIR is not set: call this from a build script".to_owned()))?;
    let mut plans = Vec::new();
    for path in specs {
        let path = path.as_ref();
        let source = std::fs::read(path).map_err(|error| fault(path, "read", &error))?;
        let protocol = model::load(&source)
            .map_err(|mistakes| BuildError(render(&path.display().to_string(), &source, &mistakes, Colour::Never)))?;
        plans.push(plan::lower(&protocol));
        announce(path);
    }
    let files = backends::generate("rust", &plans, extras).map_err(|error| BuildError(error.to_string()))?;
    let mut modules = String::new();
    for file in files {
        let path = out.join(&file.path);
        std::fs::write(&path, &file.bytes).map_err(|error| fault(&path, "write", &error))?;
        if file.path == "main.rs" {
            continue; // A program of its own.
        }
        // Writing to a string cannot fail.
        let _ = writeln!(modules, "#[path = {:?}]\npub mod {};", path, file.path.trim_end_matches(".rs"));
    }
    let path = out.join("framewright.rs");
    std::fs::write(&path, modules).map_err(|error| fault(&path, "write", &error))
}

#[expect(clippy::print_stdout, reason = "this is how a build script speaks to Cargo")]
fn announce(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
}

fn fault(path: &Path, what: &str, error: &std::io::Error) -> BuildError {
    BuildError(format!("{}: cannot {what} it: {error}", path.display()))
}

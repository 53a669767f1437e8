//! Every integration test in one binary.

mod mutants;
mod segment;
mod testees;
mod toy;
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "tests read files, run programs and look at the clock")]
#![expect(clippy::cast_possible_truncation, reason = "the sizes in tests are small")]

mod any_file;
mod diagnostics;
mod geometry;
mod handwritten;
mod interp;
mod interp_specs;
mod specs;
mod tidy;
mod vectors;
mod yaml;

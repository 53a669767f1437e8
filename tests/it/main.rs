#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "tests read files, run programs and look at the clock")]
#![expect(clippy::cast_possible_truncation, reason = "the sizes in tests are small")]

mod diagnostics;
mod geometry;
mod interp;
mod specs;
mod tidy;
mod vectors;
mod yaml;

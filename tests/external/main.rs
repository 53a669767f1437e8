//! Tests that need programs of other languages: `cargo test --features external --test external`.

#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "tests read files, run programs and look at the clock")]
#![expect(clippy::cast_possible_truncation, reason = "the sizes in tests are small")]

mod fuzzing;
mod generated;
mod junit;
mod misbehaviour;
#[path = "../it/naive/mod.rs"]
#[expect(dead_code, reason = "only its expressions and delimiters are used here")]
mod naive;
mod random_specs;
mod rediscovered;
mod resources;
mod sessions;
mod testees;
#[path = "../it/toy.rs"]
#[expect(dead_code, reason = "only its protocol and vectors are used here")]
mod toy;
mod tutorial;
mod wireshark;

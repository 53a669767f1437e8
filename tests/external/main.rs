//! Tests that need programs of other languages: `cargo test --features external --test external`.

#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "tests read files, run programs and look at the clock")]

mod junit;
mod testees;
#[path = "../it/toy.rs"]
#[expect(dead_code, reason = "only its protocol and vectors are used here")]
mod toy;
mod tutorial;

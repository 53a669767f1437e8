#![no_main]

use framewright::{diag, model, plan};

libfuzzer_sys::fuzz_target!(|source: &[u8]| match model::load(source) {
    Ok(protocol) => assert!(plan::lower(&protocol).min_frame > 0),
    Err(found) => assert!(!diag::render("fuzz.yaml", source, &found, diag::Colour::Never).is_empty()),
});

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| framewright_fuzz::targets::capture(input));

#![no_main]

use framewright::oracle::{Case, frames_encode_again};

libfuzzer_sys::fuzz_target!(|case: Case| {
    let plan = framewright_fuzz::plan(case.protocol);
    frames_encode_again(plan, &case.stream(plan)).unwrap();
});

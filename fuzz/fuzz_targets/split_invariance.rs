#![no_main]

use framewright::oracle::{Case, measures, split_invariant};

libfuzzer_sys::fuzz_target!(|case: Case| {
    let plan = framewright_fuzz::plan(case.protocol);
    let stream = case.stream(plan);
    split_invariant(plan, &stream, &case.cuts()).unwrap();
    measures(plan, &stream[..stream.len().min(64)]).unwrap();
});

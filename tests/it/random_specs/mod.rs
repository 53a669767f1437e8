//! Random specs, random frames, random bytes, random cuts: what holds for all of them.

mod found;
mod frames;
pub(crate) mod holds;
pub(crate) mod spec;
pub(crate) mod tape;

use std::sync::Arc;

use framewright::interp::{Event, decode, encode};
use framewright::plan::lower;
use proptest::prelude::*;

use crate::naive::{first_session, judge};
use holds::holds;
use tape::Tape;

/// Two thousand cases, or as many as `PROPTEST_CASES` says.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { default.cases } else { 2000 };
    ProptestConfig { cases, max_shrink_iters: 20_000, failure_persistence: None, ..default }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn random_specs_mean_one_thing(
        choices in prop::collection::vec(any::<u8>(), 0..160),
        slack in any::<u8>(),
        data in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let (text, protocol) = spec::protocol(&choices, slack).map_err(TestCaseError::fail)?;
        holds(&text, &protocol, &mut Tape::new(&data))
            .map_err(|fault| TestCaseError::fail(format!("{fault}\nmax_frame {}\n{text}", protocol.max_frame)))?;
    }
}

/// Enough of everything is made: frames, every class, every end, frames after rejects, refusals of the encoder.
#[test]
fn random_streams_reach_every_event() {
    let mut state = 1_u64;
    let mut tape_of = |len: usize| -> Vec<u8> {
        let step = |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        (0..len).map(step).collect()
    };
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    for _ in 0..1500 {
        let (_, protocol) = spec::protocol(&tape_of(120), 255).unwrap();
        let plan = Arc::new(lower(&protocol));
        let data = tape_of(600);
        let tape = &mut Tape::new(&data);
        let (mut stream, mut session) = (Vec::new(), first_session(&protocol));
        for _ in 0..4 {
            let encoded = encode(&plan, &frames::values(&protocol, &session, tape));
            judge(&protocol, encoded.as_deref().unwrap_or_default(), &mut session);
            *seen.entry(format!("encoded: {}", encoded.is_ok())).or_default() += 1;
            stream.extend(encoded.unwrap_or_default());
        }
        let outcome = decode(&plan, &frames::mutated(&stream, tape));
        *seen.entry(format!("end: {:?}", outcome.end)).or_default() += 1;
        let mut refused = false;
        for event in &outcome.events {
            let what = match event {
                Event::Frame(_) if refused => "frame after a reject".to_owned(),
                Event::Frame(_) => "frame".to_owned(),
                Event::Reject { class, .. } => class.word().to_owned(),
            };
            refused = refused || matches!(event, Event::Reject { .. });
            *seen.entry(what).or_default() += 1;
        }
    }
    let least = [
        ("encoded: true", 2000),
        ("encoded: false", 100),
        ("end: Clean", 50),
        ("end: Incomplete", 50),
        ("end: Rejected", 50),
        ("frame", 300),
        ("frame after a reject", 20),
        ("bad-const", 20),
        ("bad-enum", 10),
        ("out-of-range", 10),
        ("length-too-small", 10),
        ("frame-too-large", 10),
        ("bad-check", 10),
        ("bad-body", 10),
        ("delimiter-too-far", 10),
    ];
    for (what, least) in least {
        assert!(seen.get(what).copied().unwrap_or(0) >= least, "{what}, wanted {least}: {seen:#?}");
    }
}

//! Random specs, random frames, random bytes, random cuts: what holds for all of them.

mod found;
mod frames;
mod spec;
mod tape;

use std::sync::Arc;

use framewright::interp::{EncodeClass, Event, Measure, decode, encode, measure};
use framewright::model::Protocol;
use framewright::oracle::{agree, frames_encode_again, measures, round_trips, split_invariant};
use framewright::plan::{Plan, lower};
use proptest::prelude::*;

use crate::naive::{self, Judgement, judge};
use tape::Tape;

/// Everything that holds of one spec, with values, streams and cuts from a tape.
fn holds(text: &str, protocol: &Protocol, tape: &mut Tape<'_>) -> Result<(), String> {
    let plan = Arc::new(lower(protocol));
    let mut stream = Vec::new();
    for _ in 0..6 {
        let fields = frames::values(protocol, tape);
        match round_trips(&plan, &fields)? {
            Ok(bytes) => {
                stream.extend_from_slice(&bytes);
                if stream.len() > 200 {
                    break;
                }
            }
            Err(refusal) => assert!(refusable(refusal.class), "{refusal:?} of {fields:?}\n{text}"),
        }
    }
    means_one_thing(protocol, &plan, &stream, tape)?;
    for _ in 0..4 {
        means_one_thing(protocol, &plan, &frames::mutated(&stream, tape), tape)?;
    }
    means_one_thing(protocol, &plan, &frames::noise(tape), tape)
}

/// Why the encoder may refuse values of the right types.
fn refusable(class: EncodeClass) -> bool {
    match class {
        EncodeClass::DoesNotFit
        | EncodeClass::OutOfRange
        | EncodeClass::WrongSize
        | EncodeClass::ContainsDelimiter
        | EncodeClass::BadCheck
        | EncodeClass::BadBody
        | EncodeClass::FrameTooLarge
        | EncodeClass::LengthTooSmall => true,
        EncodeClass::MissingField | EncodeClass::UnknownField | EncodeClass::WrongType | EncodeClass::BadEnum => false,
    }
}

/// Whatever the bytes are: naive model and reference decoder agree, cuts do not matter, prefixes are measured truthfully.
fn means_one_thing(protocol: &Protocol, plan: &Arc<Plan>, stream: &[u8], tape: &mut Tape<'_>) -> Result<(), String> {
    let outcome = decode(plan, stream);
    let explained = |what: &str, fault: String| format!("{what}: {fault}\nstream {stream:02x?}");
    agree(&naive::decode(protocol, stream), &outcome).map_err(|fault| explained("naive model", fault))?;
    split_invariant(plan, stream, &frames::cuts(stream.len(), tape)).map_err(|fault| explained("cuts", fault))?;
    let bytes: Vec<usize> = (0..stream.len()).collect();
    split_invariant(plan, stream, &bytes).map_err(|fault| explained("every byte", fault))?;
    measures(plan, stream).map_err(|fault| explained("measure", fault))?;
    let told = match judge(protocol, stream) {
        Judgement::Short => None,
        Judgement::Frame(frame) => Some(Measure::Frame(frame.end as usize)),
        Judgement::Reject { class, at, .. } => Some(Measure::Reject(class, at)),
    };
    let measured = Some(measure(plan, stream)).filter(|measured| !matches!(measured, Measure::Need(_)));
    if measured != told {
        return Err(explained("measure", format!("{measured:?}, naively {told:?}")));
    }
    frames_encode_again(plan, stream).map_err(|fault| explained("encoded again", fault))
}

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
    for _ in 0..1000 {
        let (_, protocol) = spec::protocol(&tape_of(120), 255).unwrap();
        let plan = Arc::new(lower(&protocol));
        let data = tape_of(600);
        let tape = &mut Tape::new(&data);
        let mut stream = Vec::new();
        for _ in 0..4 {
            let encoded = encode(&plan, &frames::values(&protocol, tape));
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

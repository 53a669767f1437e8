//! What holds of every spec and every stream.

use std::sync::Arc;

use framewright::interp::{EncodeClass, EncodeError, Measure, decode, measure};
use framewright::model::{Body, Protocol};
use framewright::oracle::{agree, frames_encode_again, measures, round_trips, split_invariant};
use framewright::plan::{Plan, lower};

use super::frames;
use super::tape::Tape;
use crate::naive::{self, Judgement, judge};

/// Everything that holds of one spec, with values, streams and cuts from a tape.
pub(crate) fn holds(text: &str, protocol: &Protocol, tape: &mut Tape<'_>) -> Result<(), String> {
    let plan = Arc::new(lower(protocol));
    let mut stream = Vec::new();
    let mut session = naive::first_session(protocol);
    for _ in 0..6 {
        let fields = frames::values(protocol, &session, tape);
        match round_trips(&plan, &fields)? {
            Ok(bytes) => {
                judge(protocol, &bytes, &mut session);
                stream.extend_from_slice(&bytes);
                if stream.len() > 200 {
                    break;
                }
            }
            Err(refusal) => assert!(refusable(protocol, &refusal), "{refusal:?} of {fields:?}\n{text}"),
        }
    }
    means_one_thing(protocol, &plan, &stream, tape)?;
    for _ in 0..4 {
        means_one_thing(protocol, &plan, &frames::mutated(&stream, tape), tape)?;
    }
    means_one_thing(protocol, &plan, &frames::noise(tape), tape)
}

/// Why the encoder may refuse values of the right types.
fn refusable(protocol: &Protocol, refusal: &EncodeError) -> bool {
    match refusal.class {
        EncodeClass::DoesNotFit
        | EncodeClass::OutOfRange
        | EncodeClass::WrongSize
        | EncodeClass::ContainsDelimiter
        | EncodeClass::BadCheck
        | EncodeClass::BadBody
        | EncodeClass::FrameTooLarge
        | EncodeClass::LengthTooSmall => true,
        EncodeClass::MissingField | EncodeClass::UnknownField | EncodeClass::WrongType => false,
        // Values are those of their enums; but where bytes tell another value of a peek, they are read as something else.
        EncodeClass::BadEnum => protocol.items.iter().any(|item| matches!(item.body, Body::Peek { .. })),
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
    let told = match judge(protocol, stream, &mut naive::first_session(protocol)) {
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

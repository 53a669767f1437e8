//! What must hold of every plan and every stream. Property tests and fuzz targets call these.
//!
//! Each gives a sentence that names the first thing that is wrong.

mod case;
mod geometry;

pub use case::{Case, Piece, values};
pub use geometry::splits_by_numbers;

use std::sync::Arc;

use crate::interp::{Decoder, EncodeError, End, Event, Frame, Measure, Outcome, decode, encode, inputs, measure};
use crate::plan::{Content, OpKind, Plan, Size};
use crate::value::{Fields, Value};

/// The reference decoder gives the events of the whole stream under these cuts, each by the feed that brings its byte, and
/// buffers no more than it may. Cuts may stand in any order and beyond the stream.
///
/// # Errors
///
/// What differs.
pub fn split_invariant(plan: &Arc<Plan>, stream: &[u8], cuts: &[usize]) -> Result<(), String> {
    let mut decoder = Decoder::new(Arc::clone(plan));
    let mut most = 0;
    segmented(&decode(plan, stream), stream, cuts, |chunk, events| {
        decoder.feed(chunk, events);
        most = most.max(decoder.buffered());
        decoder.finish()
    })?;
    let allowed = decoder.most_buffered();
    let within = u64::try_from(most).is_ok_and(|most| most <= allowed);
    if within { Ok(()) } else { Err(format!("{most} bytes were buffered, of {allowed} allowed")) }
}

/// A decoder gives the events that are expected, each by the feed that brings its byte, and the same end.
///
/// `feed` takes a chunk, appends what it means, and says how the stream ends if it ends there.
///
/// # Errors
///
/// What differs.
pub fn segmented(
    expected: &Outcome,
    stream: &[u8],
    cuts: &[usize],
    mut feed: impl FnMut(&[u8], &mut Vec<Event>) -> End,
) -> Result<(), String> {
    let mut ends: Vec<usize> = cuts.iter().map(|cut| (*cut).min(stream.len())).collect();
    ends.sort_unstable();
    ends.push(stream.len());
    let (mut fed, mut events, mut end) = (0, Vec::new(), End::Clean);
    for next in ends {
        end = feed(stream.get(fed..next).unwrap_or_default(), &mut events);
        fed = next;
        let due = expected.events.iter().take_while(|event| usize::try_from(certain(event)).is_ok_and(|at| at <= next));
        first_difference(&due.cloned().collect::<Vec<_>>(), &events)
            .map_err(|difference| format!("after {fed} of {} bytes, cut at {cuts:?}: {difference}", stream.len()))?;
    }
    agree(expected, &Outcome { events, end })
}

/// How many bytes of the stream make an event certain.
fn certain(event: &Event) -> u64 {
    match event {
        Event::Frame(frame) => frame.end,
        Event::Reject { at, .. } => at.saturating_add(1),
    }
}

/// Two decoders say the same.
///
/// # Errors
///
/// The first event that differs, or the end.
pub fn agree(expected: &Outcome, got: &Outcome) -> Result<(), String> {
    first_difference(&expected.events, &got.events)?;
    if expected.end == got.end { Ok(()) } else { Err(format!("the end is {:?}, expected {:?}", got.end, expected.end)) }
}

fn first_difference(expected: &[Event], got: &[Event]) -> Result<(), String> {
    let longest = expected.len().max(got.len());
    let pairs = (0..longest).map(|index| (index, expected.get(index), got.get(index)));
    for (index, expected, got) in pairs {
        if expected != got {
            return Err(format!("event {index} is {got:?}, expected {expected:?}"));
        }
    }
    Ok(())
}

/// What is encoded is decoded to the same values, as one frame, and encoded to the same bytes again.
///
/// Gives the bytes, or the encoder's refusal.
///
/// # Errors
///
/// What differs.
pub fn round_trips(plan: &Arc<Plan>, fields: &Fields) -> Result<Result<Vec<u8>, EncodeError>, String> {
    let bytes = match encode(plan, fields) {
        Ok(bytes) => bytes,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let outcome = decode(&begun_with(plan, fields)?, &bytes);
    let [Event::Frame(frame)] = outcome.events.as_slice() else {
        return Err(format!("{fields:?} became {bytes:02x?}, which is {outcome:?}"));
    };
    let whole = u64::try_from(bytes.len()).is_ok_and(|len| (frame.start, frame.end) == (0, len));
    let decoded = inputs(plan, &frame.fields);
    if !whole || decoded != *fields {
        return Err(format!("{fields:?} became {bytes:02x?}, which is {frame:?}"));
    }
    match encode(plan, &decoded) {
        Ok(again) if again == bytes => Ok(Ok(bytes)),
        other => Err(format!("{fields:?} became {bytes:02x?}, then {other:02x?}")),
    }
}

/// The protocol as it is for a stream that begins with a frame of these values.
///
/// # Errors
///
/// A sentence that names a value which the session does not take.
pub fn begun_with(plan: &Arc<Plan>, fields: &Fields) -> Result<Arc<Plan>, String> {
    if plan.session.is_empty() {
        return Ok(Arc::clone(plan));
    }
    let names = plan.session.iter().filter_map(|carried| plan.slot(carried.slot)).map(|slot| slot.name.as_str());
    let value = |name: &str| match fields.iter().find(|(given, _)| given == name).map(|(_, value)| value) {
        Some(Value::UInt(value)) => Some((name.to_owned(), i128::from(*value))),
        Some(Value::Int(value)) => Some((name.to_owned(), i128::from(*value))),
        Some(Value::Bytes(_) | Value::Text(_)) | None => None,
    };
    plan.starting(&names.filter_map(value).collect::<Vec<_>>()).map(Arc::new)
}

/// A decoded frame's values can be encoded, and they come back.
///
/// Only where a field's value can be written in several ways may they be refused: the encoder writes the first delimiter, and
/// the fewest bytes and digits, which need not fit.
///
/// # Errors
///
/// What differs.
pub fn encodes_again(plan: &Arc<Plan>, frame: &Frame) -> Result<(), String> {
    let several = plan.ops.iter().any(|op| match &op.kind {
        OpKind::Bytes { content: Content::Decimal(_), .. } | OpKind::Let { .. } => true,
        OpKind::Bytes { size: Size::Until { delimiters, .. }, .. } => delimiters.len() > 1,
        _ => false,
    });
    match round_trips(plan, &inputs(plan, &frame.fields))? {
        Err(refusal) if !several => Err(format!("a decoded frame is refused ({refusal:?}): {frame:?}")),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// The values of every frame in a stream can be encoded, and they come back.
///
/// # Errors
///
/// What differs.
pub fn frames_encode_again(plan: &Arc<Plan>, stream: &[u8]) -> Result<(), String> {
    decode(plan, stream).events.iter().try_for_each(|event| match event {
        Event::Frame(frame) => encodes_again(plan, frame),
        Event::Reject { .. } => Ok(()),
    })
}

/// For every prefix of the stream `measure` gives what the whole stream gives, or needs bytes that are truly needed.
///
/// # Errors
///
/// What differs.
pub fn measures(plan: &Plan, stream: &[u8]) -> Result<(), String> {
    let whole = measure(plan, stream);
    let size = match whole {
        Measure::Need(_) => usize::MAX,
        Measure::Frame(end) => end,
        Measure::Reject(_, at) => at.saturating_add(1),
    };
    for len in 0..=stream.len() {
        let told = measure(plan, stream.get(..len).unwrap_or_default());
        let right = match told {
            Measure::Need(more) => {
                let least = usize::try_from(more).map_or(usize::MAX, |more| more.saturating_add(len));
                let end = if matches!(whole, Measure::Frame(_)) { least } else { len.saturating_add(1) };
                more >= 1 && end <= size
            }
            Measure::Frame(_) | Measure::Reject(..) => told == whole && size <= len,
        };
        if !right {
            return Err(format!("{len} bytes give {told:?}, all {} give {whole:?}", stream.len()));
        }
    }
    Ok(())
}

//! What a length field's numbers mean, by their arithmetic alone.

use std::sync::Arc;

use crate::interp::{Class, End, Event, Outcome, decode};
use crate::plan::peers::netty::Settings;
use crate::plan::{Endian, Plan};

/// The plan of these settings splits a stream as their numbers say: frame = offset + length + value + adjustment, by Netty's
/// documentation of `LengthFieldBasedFrameDecoder`. Other settings than of a length field are not judged.
///
/// # Errors
///
/// What differs.
pub fn splits_by_numbers(settings: &Settings, plan: &Arc<Plan>, stream: &[u8]) -> Result<(), String> {
    let &Settings::LengthField { max, offset, length, adjustment, strip, order } = settings else { return Ok(()) };
    let header = offset.saturating_add(length.into());
    let mut expected = Vec::new();
    let mut start = 0_u64;
    let end = loop {
        let rest = usize::try_from(start).ok().and_then(|start| stream.get(start..)).unwrap_or_default();
        let field = usize::try_from(offset).ok().and_then(|from| rest.get(from..)?.get(..length.into()));
        let Some(field) = field else { break if rest.is_empty() { End::Clean } else { End::Incomplete } };
        let digit = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        let value = match order {
            Endian::Big => field.iter().fold(0, digit),
            Endian::Little => field.iter().rev().fold(0, digit),
        };
        let size = i128::from(header) + i128::from(value) + i128::from(adjustment);
        if size < i128::from(header) || size > i128::from(max) {
            let class = if size > i128::from(max) { Class::FrameTooLarge } else { Class::LengthTooSmall };
            expected.push((start.saturating_add(header) - 1, Err(class)));
            break End::Rejected;
        }
        let Some(frame) = usize::try_from(size).ok().and_then(|size| rest.get(..size)) else { break End::Incomplete };
        start = start.saturating_add(u64::try_from(frame.len()).unwrap_or(u64::MAX));
        let emitted = usize::try_from(strip).ok().and_then(|strip| frame.get(strip..)).unwrap_or_default();
        expected.push((start, Ok(emitted.to_vec())));
    };
    let Outcome { events, end: told } = decode(plan, stream);
    let events: Vec<_> = events
        .into_iter()
        .map(|event| match event {
            Event::Frame(frame) => (frame.end, Ok(frame.emitted)),
            Event::Reject { class, at } => (at, Err(class)),
        })
        .collect();
    if (&events, told) == (&expected, end) {
        return Ok(());
    }
    Err(format!("{settings:?}: {events:02x?} {told:?}, by the numbers {expected:02x?} {end:?}, of {stream:02x?}"))
}

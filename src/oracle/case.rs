//! A fuzzer's input: a protocol by number, a stream of frames and other bytes, and cuts.

use std::sync::Arc;

use crate::interp::{EncodeClass, Event, decode, encode};
use crate::plan::{Accept, Codec, Content, Kind, OpKind, Plan, Size, SlotId, Source};
use crate::value::{Fields, Value};

/// A stream of some protocol and where it is cut.
#[derive(Clone, Debug)]
pub struct Case {
    /// Which protocol, modulo their number.
    pub protocol: u8,
    /// What the stream is made of.
    pub pieces: Vec<Piece>,
    /// Where it is cut.
    pub cuts: Vec<u16>,
}

/// Cuts at most.
#[cfg(feature = "arbitrary")]
const CUTS: usize = 32;

/// From the front: the protocol, how many cuts, each in two bytes with the low one first, and 0 where all that follows is the stream as it is, so that
/// [`Case::input`] can write it; else the pieces.
#[cfg(feature = "arbitrary")]
impl<'a> arbitrary::Arbitrary<'a> for Case {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        let protocol = u.arbitrary()?;
        let cuts = usize::from(u.arbitrary::<u8>()?) % CUTS;
        let cuts = (0..cuts).map(|_| Ok(u16::from_le_bytes(u.arbitrary()?))).collect::<arbitrary::Result<_>>()?;
        let pieces = match u.arbitrary::<u8>()? {
            0 => vec![Piece::Bytes(u.bytes(u.len())?.to_vec())],
            _ => u.arbitrary()?,
        };
        Ok(Self { protocol, pieces, cuts })
    }
}

/// A part of a stream.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Piece {
    /// The frame with the values that these choices make, or their bits in turn, if the encoder takes them.
    Frame(Vec<u8>),
    /// Such a frame with the byte at an offset replaced.
    Damaged(Vec<u8>, u8, u8),
    /// These bytes.
    Bytes(Vec<u8>),
}

impl Case {
    /// The stream, as a stream of this plan.
    #[must_use]
    pub fn stream(&self, plan: &Plan) -> Vec<u8> {
        // Checks seldom hold by chance: other choices are made of these until the encoder takes what they make.
        let mut session = plan.session_start();
        let mut frame = |choices: &[u8]| {
            let turned = |by: u32| choices.iter().map(|choice| choice.rotate_right(by)).collect::<Vec<_>>();
            let mut tries = (0..u8::BITS).map(|by| frame(plan, &session, &turned(by)));
            let (bytes, after) = tries.find(|(bytes, _)| !bytes.is_empty()).unwrap_or_default();
            if !bytes.is_empty() {
                session = after;
            }
            bytes
        };
        let bytes = self.pieces.iter().map(|piece| match piece {
            Piece::Frame(choices) => frame(choices),
            Piece::Damaged(choices, at, byte) => {
                let mut bytes = frame(choices);
                if let Some(place) = bytes.get_mut(usize::from(*at)) {
                    *place = *byte;
                }
                bytes
            }
            Piece::Bytes(bytes) => bytes.clone(),
        });
        bytes.collect::<Vec<_>>().concat()
    }

    /// The fuzzer's input for a stream as it is: what `Arbitrary` reads as one piece. Of the cuts the first 31.
    #[cfg(feature = "arbitrary")]
    #[must_use]
    pub fn input(protocol: u8, stream: &[u8], cuts: &[u16]) -> Vec<u8> {
        let cuts = cuts.get(..CUTS - 1).unwrap_or(cuts);
        let mut input = vec![protocol, u8::try_from(cuts.len()).unwrap_or(0)];
        input.extend(cuts.iter().flat_map(|cut| cut.to_le_bytes()));
        input.push(0);
        input.extend_from_slice(stream);
        input
    }

    /// The cuts as offsets.
    #[must_use]
    pub fn cuts(&self) -> Vec<usize> {
        self.cuts.iter().map(|cut| usize::from(*cut)).collect()
    }
}

/// The frame with the values that these choices make in a session, and the session behind it; nothing where the encoder refuses them.
fn frame(plan: &Plan, session: &[i128], choices: &[u8]) -> (Vec<u8>, Vec<i128>) {
    frame_inside(plan, session, choices, 0)
}

/// The same, inside so many others.
fn frame_inside(plan: &Plan, session: &[i128], choices: &[u8], depth: u8) -> (Vec<u8>, Vec<i128>) {
    let mut fields = values(plan, choices);
    for (carried, value) in plan.session.iter().zip(session) {
        let name = plan.slot(carried.slot).map(|slot| slot.name.as_str());
        for (_, given) in fields.iter_mut().filter(|(given, _)| Some(given.as_str()) == name) {
            *given = match given {
                Value::Int(_) => i64::try_from(*value).map_or(Value::Int(0), Value::Int),
                Value::UInt(_) | Value::Bytes(_) | Value::Text(_) => {
                    u64::try_from(*value).map_or(Value::UInt(0), Value::UInt)
                }
            };
        }
    }
    // What a condition makes absent is not taken: it is left out until all the rest is.
    loop {
        match encode(plan, &fields) {
            Ok(bytes) => {
                let after = after(plan, &fields, &bytes);
                return (bytes, after);
            }
            Err(refusal) if refusal.class == EncodeClass::UnknownField => {
                let before = fields.len();
                fields.retain(|(name, _)| Some(name) != refusal.field.as_ref());
                if fields.len() == before {
                    return (Vec::new(), Vec::new());
                }
            }
            // How many frames are to be inside is known now.
            Err(refusal) if refusal.class == EncodeClass::BadBody && depth < 3 => {
                let nested = plan.nested().and_then(|nested| plan.slot(nested.slot)).map(|slot| slot.name.as_str());
                let frames = inside(plan, &fields, choices, depth);
                let given =
                    fields.iter_mut().find(|(given, _)| nested == Some(given) && refusal.field.as_ref() == Some(given));
                match given {
                    Some((_, given)) if !frames.is_empty() && *given == Value::Bytes(Vec::new()) => {
                        *given = Value::Bytes(frames);
                    }
                    Some(_) | None => return (Vec::new(), Vec::new()),
                }
            }
            Err(_) => return (Vec::new(), Vec::new()),
        }
    }
}

/// The session behind a frame of these values.
fn after(plan: &Plan, given: &Fields, bytes: &[u8]) -> Vec<i128> {
    if plan.session.is_empty() {
        return Vec::new();
    }
    let begun = super::begun_with(&Arc::new(plan.clone()), given);
    let events = begun.map_or_else(|_| Vec::new(), |begun| decode(&begun, bytes).events);
    let fields = events.into_iter().find_map(|event| match event {
        Event::Frame(frame) => Some(frame.fields),
        Event::Reject { .. } => None,
    });
    let fields = fields.unwrap_or_default();
    plan.session_after(&|slot| integer_of(plan, &fields, slot))
}

/// The integer of a slot; 0 where there is none.
fn integer_of(plan: &Plan, fields: &Fields, slot: SlotId) -> i128 {
    let Some(slot) = plan.slot(slot) else { return 0 };
    match (fields.iter().find(|(known, _)| *known == slot.name), &slot.source) {
        (Some((_, Value::UInt(value))), _) => i128::from(*value),
        (Some((_, Value::Int(value))), _) => i128::from(*value),
        (None, Source::Const(value)) => *value,
        (Some((_, Value::Bytes(_) | Value::Text(_))) | None, _) => 0,
    }
}

/// The frames inside one that has these fields, each of other choices: a few at most.
fn inside(plan: &Plan, fields: &Fields, choices: &[u8], depth: u8) -> Vec<u8> {
    let times = plan.frames_inside(&|slot| integer_of(plan, fields, slot));
    let mut frames = Vec::new();
    for by in (1..=choices.len()).take(usize::try_from(times).unwrap_or(usize::MAX).min(4)) {
        let mut turned = choices.to_vec();
        turned.rotate_left(by);
        frames.extend(frame_inside(plan, &[], &turned, depth.saturating_add(1)).0);
    }
    frames
}

/// A value for every slot that the caller of the encoder may give. They need not fit each other.
#[must_use]
pub fn values(plan: &Plan, choices: &[u8]) -> Fields {
    let mut choices = choices.iter().copied();
    let mut fields = Fields::new();
    let mut give = |id: &SlotId, value: &mut dyn FnMut(Kind) -> Value| {
        if let Some(slot) = plan.slot(*id).filter(|slot| slot.source == Source::Input && !slot.hidden) {
            fields.push((slot.name.clone(), value(slot.kind)));
        }
    };
    for op in &plan.ops {
        match &op.kind {
            OpKind::Carry { slot, accept, .. }
            | OpKind::Int { slot, accept, .. }
            | OpKind::Peek { slot, accept, .. }
            | OpKind::Let { slot, accept, .. } => give(slot, &mut |kind| integer(plan, kind, *accept, &mut choices)),
            OpKind::Bits { parts, .. } => {
                for part in parts {
                    give(&part.slot, &mut |kind| integer(plan, kind, part.accept, &mut choices));
                }
            }
            OpKind::Bytes { slot, content: Content::Decimal(decimal), .. } => give(slot, &mut |kind| {
                let (low, high) = decimal.bounds();
                let accept = if decimal.accept == Accept::Any { Accept::Range(low, high) } else { decimal.accept };
                integer(plan, kind, accept, &mut choices)
            }),
            OpKind::Bytes { slot, size, content } => give(slot, &mut |kind| {
                let bytes = match size {
                    Size::Fixed(size) => content_of(content, usize::try_from(*size).unwrap_or(0), &mut choices),
                    Size::Rest(_) => content_of(content, some(&mut choices), &mut choices),
                    Size::Until { delimiters, kept, .. } => {
                        // Letters, in which a delimiter seldom is.
                        let mut letters = choices.by_ref().map(|choice| choice & 15 | b'A');
                        let mut bytes = content_of(content, some(&mut letters) & 7, &mut letters);
                        bytes.extend(delimiters.first().filter(|_| *kept).into_iter().flatten());
                        bytes
                    }
                };
                match String::from_utf8(bytes) {
                    Ok(text) if kind == Kind::Text => Value::Text(text),
                    Ok(text) => Value::Bytes(text.into_bytes()),
                    Err(bytes) => Value::Bytes(bytes.into_bytes()),
                }
            }),
            OpKind::Frames { slot, .. } => give(slot, &mut |_| Value::Bytes(Vec::new())),
            OpKind::Msgpack { slot, .. } => give(slot, &mut |_| Value::Bytes(msgpack(some(&mut choices).max(1)))),
            OpKind::Const { .. }
            | OpKind::Pad { .. }
            | OpKind::Open(_)
            | OpKind::Close(_)
            | OpKind::Claim(_)
            | OpKind::Fit { .. }
            | OpKind::Check(..)
            | OpKind::Mark(_)
            | OpKind::Sum(_) => {}
        }
    }
    fields
}

/// A size of 0 to 31.
fn some(choices: &mut impl Iterator<Item = u8>) -> usize {
    usize::from(choices.next().unwrap_or(0) & 31)
}

fn integer(plan: &Plan, kind: Kind, accept: Accept, choices: &mut impl Iterator<Item = u8>) -> Value {
    let first = choices.next().unwrap_or(0);
    let (low, high) = match kind {
        Kind::Int(int) => int.bounds(),
        Kind::Bits(width) => (0, 1_i128.wrapping_shl(width.into()).wrapping_sub(1)),
        Kind::Bytes | Kind::Text => (0, 0),
    };
    let (low, high) = if let Accept::Range(low, high) = accept { (low, high) } else { (low, high) };
    let near = i128::from(first.wrapping_shr(1));
    let mut value =
        if first & 1 == 0 { low.saturating_add(near).min(high) } else { high.saturating_sub(near).max(low) };
    if let Accept::Enum(id) = accept {
        let members = plan.enums.get(id.0).map_or(&[][..], |known| &known.members);
        value = members.iter().cycle().nth(first.into()).map_or(value, |(member, _)| *member);
    }
    if matches!(kind, Kind::Int(int) if int.signed) {
        Value::Int(i64::try_from(value).unwrap_or(0))
    } else {
        Value::UInt(u64::try_from(value).unwrap_or(0))
    }
}

fn content_of(content: &Content, size: usize, choices: &mut impl Iterator<Item = u8>) -> Vec<u8> {
    match content {
        Content::Always(Codec::Raw) | Content::By(..) => choices.chain(std::iter::repeat(b'0')).take(size).collect(),
        Content::Always(Codec::Utf8 | Codec::Json) => vec![b'1'; size.max(1)],
        Content::Always(Codec::Msgpack) => msgpack(size.max(1)),
        // An integer, and no bytes.
        Content::Decimal(_) => Vec::new(),
    }
}

/// One object of so many bytes.
fn msgpack(size: usize) -> Vec<u8> {
    match size.checked_sub(2).map(u8::try_from) {
        Some(Ok(inside)) => {
            let mut bytes = vec![0xc4, inside];
            bytes.resize(size, 7);
            bytes
        }
        Some(Err(_)) | None => vec![0xc0],
    }
}

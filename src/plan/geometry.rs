//! Geometry: the one rule by which a framing decoder finds where frames end.
//!
//! Most protocols have more to them (constants, enums, inner lengths), but a framer such as Netty's
//! `LengthFieldBasedFrameDecoder` needs a handful of numbers only. [`geometry`] finds them, or says why there are none.

mod emit;
mod layout;

use super::{Content, Endian, IntType, Kind, OpKind, Plan, RegionId, Size, Source};
use layout::{Layout, Unknown};

/// How a framing decoder finds where frames end. Sizes are in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Geometry {
    /// By a length.
    LengthField(LengthField),
    /// All frames have one size.
    Fixed {
        /// That size.
        size: u64,
        /// Bytes taken off a frame's front before it is handed out.
        strip: u64,
    },
    /// By a delimiter.
    Delimiter {
        /// In the order of the spec; never empty.
        delimiters: Vec<Vec<u8>>,
        /// The delimiter is not handed out.
        emit_stripped: bool,
        /// Bytes of the largest content, its delimiter not counted.
        max_content: u64,
    },
    /// Each frame is one MessagePack object.
    Msgpack {
        /// Bytes of the largest one.
        max: u64,
    },
}

/// A length field: a frame has `offset + width + value + adjust` bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LengthField {
    /// Bytes before it.
    pub offset: u64,
    /// Its bytes, 1 to 8.
    pub width: u8,
    /// Its byte order.
    pub endian: Endian,
    /// It is two's complement; a negative value is refused.
    pub signed: bool,
    /// Netty's lengthAdjustment.
    pub adjust: i64,
    /// Bytes taken off a frame's front before it is handed out.
    pub strip: u64,
    /// Bytes of the largest frame, everything counted.
    pub max_frame: u64,
}

impl LengthField {
    /// Where the length field ends: `offset + width`.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.offset.saturating_add(self.width.into())
    }

    /// Bytes of a frame whose length field is 0; negative where the value counts more than follows it.
    #[must_use]
    pub fn base(&self) -> i128 {
        i128::from(self.end()).saturating_add(self.adjust.into())
    }

    /// `max_frame` for a framer that reads every length as unsigned: what is negative here is too large there.
    #[must_use]
    pub fn max_unsigned(&self) -> u64 {
        let (_, largest) = IntType { bytes: self.width, signed: self.signed, endian: self.endian }.bounds();
        let largest = u64::try_from(self.base().saturating_add(largest)).unwrap_or(u64::MAX);
        if self.signed { self.max_frame.min(largest) } else { self.max_frame }
    }
}

/// Finds the rule by which a framing decoder can split a stream of this protocol.
///
/// # Errors
///
/// A sentence that names the field and the reason why no such rule has the same meaning.
pub fn geometry(plan: &Plan) -> Result<Geometry, String> {
    if let Some(index) = only_field(plan) {
        match plan.ops.get(index).map(|op| &op.kind) {
            Some(OpKind::Bytes { size: Size::Until { delimiters, kept, max, .. }, .. }) => {
                return delimited(plan, delimiters, *kept, *max);
            }
            Some(OpKind::Msgpack { .. }) => {
                return match emit::strip(plan, &Layout::of(plan))? {
                    0 => Ok(Geometry::Msgpack { max: plan.max_frame }),
                    strip => Err(format!("`emit` takes {strip} bytes off a MessagePack object")),
                };
            }
            _ => {}
        }
    }
    let layout = Layout::of(plan);
    let unknowns: Vec<Unknown> = layout.total.unknowns().collect();
    match unknowns.as_slice() {
        [] => {
            let size = u64::try_from(layout.total.fixed).map_err(|_| "the frame has no size".to_owned())?;
            Ok(Geometry::Fixed { size, strip: emit::strip(plan, &layout)? })
        }
        [Unknown::Claim(region)] => length_field(plan, &layout, *region).map(Geometry::LengthField),
        several => Err(no_rule(plan, several)),
    }
}

/// The op of the only field that has bytes, if it is unconditional.
fn only_field(plan: &Plan) -> Option<usize> {
    let mut fields = plan.ops.iter().enumerate().filter(|(_, op)| op.kind.has_bytes());
    match (fields.next(), fields.next()) {
        (Some((index, op)), None) if op.guard.is_none() => Some(index),
        _ => None,
    }
}

fn delimited(plan: &Plan, delimiters: &[Vec<u8>], kept: bool, max: Option<u64>) -> Result<Geometry, String> {
    let size = |delimiter: &Vec<u8>| u64::try_from(delimiter.len()).unwrap_or(u64::MAX);
    let longest = delimiters.iter().map(size).max().unwrap_or(0);
    let shortest = delimiters.iter().map(size).min().unwrap_or(0);
    let room = plan.max_frame.saturating_sub(longest);
    let max_content = match max {
        Some(max) if max <= room => max,
        _ if shortest == longest => room,
        _ => {
            let name = only_field(plan).map_or_else(String::new, |index| field_of(plan, index));
            return Err(format!(
                "`max_frame` bounds the content of {name} together with delimiters of different lengths; \
                 give {name} a `max` of at most {room}"
            ));
        }
    };
    let emit_stripped = emit::without_delimiter(plan, kept)?;
    Ok(Geometry::Delimiter { delimiters: delimiters.to_vec(), emit_stripped, max_content })
}

fn length_field(plan: &Plan, layout: &Layout, id: RegionId) -> Result<LengthField, String> {
    let region = plan.region(id).ok_or("a length counts nothing")?;
    let name = slot_phrase(plan, region.length.0);
    let holder = plan.ops.iter().enumerate().find_map(|(index, op)| match &op.kind {
        OpKind::Int { slot, int, .. } if *slot == region.length => Some(Ok((index, *int))),
        OpKind::Bits { parts, .. } if parts.iter().any(|part| part.slot == region.length) => Some(Err(())),
        _ => None,
    });
    let (index, int) = match holder {
        Some(Ok(found)) => found,
        Some(Err(())) => return Err(format!("{name} is a part of a bit group; framing decoders read whole bytes")),
        None => return Err(format!("{name} is not an integer of the frame")),
    };
    if region.unit != 1 {
        return Err(format!("{name} counts in units of {} bytes; framing decoders count single bytes", region.unit));
    }
    let offset = layout.start(index).and_then(|start| start.constant());
    let Some(offset) = offset.and_then(|offset| u64::try_from(offset).ok()) else {
        return Err(format!("{name} stands behind a field whose size varies, so that it has no fixed offset"));
    };
    let end = i128::from(offset).saturating_add(int.bytes.into());
    let base = layout.total.fixed.saturating_sub(region.plus.into());
    let adjust =
        i64::try_from(base.saturating_sub(end)).map_err(|_| format!("{name} is too far from what it counts"))?;
    Ok(LengthField {
        offset,
        width: int.bytes,
        endian: int.endian,
        signed: int.signed,
        adjust,
        strip: emit::strip(plan, layout)?,
        max_frame: plan.max_frame,
    })
}

fn no_rule(plan: &Plan, unknowns: &[Unknown]) -> String {
    let mut claims = Vec::new();
    for unknown in unknowns {
        match *unknown {
            Unknown::Claim(region) => claims.push(region),
            Unknown::Own(index) => {
                let field = field_of(plan, index);
                return match plan.ops.get(index).map(|op| (&op.guard, &op.kind)) {
                    Some((_, OpKind::Frames { .. })) => {
                        format!("{field} has frames inside, each with an end of its own")
                    }
                    Some((Some(_), _)) => format!("{field} is optional, and no length counts it"),
                    Some((None, OpKind::Bytes { size: Size::Until { .. }, .. })) => {
                        format!("{field} ends with a delimiter, but is not the whole frame, and no length counts it")
                    }
                    Some((None, OpKind::Msgpack { .. })) => {
                        format!("{field} finds its own end, but is not the whole frame, and no length counts it")
                    }
                    Some((None, OpKind::Pad { .. })) => {
                        "the padding depends on sizes before it, and no length counts it".to_owned()
                    }
                    _ => format!("the size of {field} follows from more than one length"),
                };
            }
        }
    }
    let names: Vec<String> = claims
        .iter()
        .filter_map(|region| plan.region(*region))
        .map(|region| slot_phrase(plan, region.length.0))
        .collect();
    match names.as_slice() {
        [first, second, ..] => format!("the frame's size follows from two lengths, {first} and {second}"),
        [_] | [] => "the frame's size follows from no length".to_owned(),
    }
}

/// The field of an op, as a sentence names it.
fn field_of(plan: &Plan, index: usize) -> String {
    let slot = plan.ops.get(index).and_then(|op| op.kind.slots().first().copied());
    slot.map_or("a field".to_owned(), |slot| slot_phrase(plan, slot.0))
}

/// A slot, as a sentence names it.
fn slot_phrase(plan: &Plan, slot: usize) -> String {
    match plan.slots.get(slot) {
        Some(slot) if slot.hidden && matches!(slot.source, Source::Length(_)) => {
            format!("the length before `{}`", slot.name)
        }
        Some(slot) if slot.hidden => "padding".to_owned(),
        Some(slot) => format!("`{}`", slot.name),
        None => "a field".to_owned(),
    }
}

/// What a framer that knows the geometry alone lets pass although the protocol refuses it: names of fields.
#[must_use]
pub fn unchecked(plan: &Plan) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut add = |slot: usize| {
        let name = slot_phrase(plan, slot);
        if !names.contains(&name) {
            names.push(name);
        }
    };
    let mut checks = false;
    let total = Layout::of(plan).total;
    let framing = |region: RegionId| total.unknowns().any(|unknown| unknown == Unknown::Claim(region));
    for op in &plan.ops {
        match &op.kind {
            OpKind::Const { slot, .. } => add(slot.0),
            OpKind::Int { slot, accept, .. } | OpKind::Let { slot, accept, .. } if judges(plan, *accept) => add(slot.0),
            OpKind::Peek { slot, .. } => add(slot.0),
            OpKind::Bits { parts, .. } => {
                parts.iter().filter(|part| judges(plan, part.accept)).for_each(|part| add(part.slot.0));
            }
            OpKind::Bytes { slot, content, .. } => {
                let text = plan.slots.get(slot.0).is_some_and(|slot| slot.kind == Kind::Text);
                if text || !matches!(content, Content::Always(super::Codec::Raw)) {
                    add(slot.0);
                }
            }
            OpKind::Claim(id) if !framing(*id) => {
                if let Some(region) = plan.region(*id) {
                    add(region.length.0);
                }
            }
            OpKind::Check(..) => checks = true,
            OpKind::Sum(id) => plan.sum(*id).map(|sum| sum.slot.0).into_iter().for_each(&mut add),
            OpKind::Carry { .. }
            | OpKind::Int { .. }
            | OpKind::Let { .. }
            | OpKind::Msgpack { .. }
            | OpKind::Frames { .. }
            | OpKind::Pad { .. }
            | OpKind::Open(_)
            | OpKind::Close(_)
            | OpKind::Claim(_)
            | OpKind::Fit { .. }
            | OpKind::Mark(_) => {}
        }
    }
    if checks {
        names.push("the `check` entries".to_owned());
    }
    names
}

fn judges(plan: &Plan, accept: super::Accept) -> bool {
    match accept {
        super::Accept::Any => false,
        super::Accept::Const(_) | super::Accept::Range(_, _) => true,
        super::Accept::Enum(id) => plan.enums.get(id.0).is_some_and(|names| names.other.is_none()),
    }
}

/// Where each op begins, in bytes from the frame's start, if that is fixed.
pub(crate) fn offsets(plan: &Plan) -> Vec<Option<u64>> {
    let layout = Layout::of(plan);
    let offset = |index| layout.start(index)?.constant().and_then(|start| u64::try_from(start).ok());
    (0..plan.ops.len()).map(offset).collect()
}

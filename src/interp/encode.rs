//! The encoder: sizes first, then bytes, then its own decoder's judgement.

use super::cursor::{Cursor, Refusal, Step, judge};
use super::mask::masked;
use super::wire::{Window, count, length, padding, write};
use super::{Class, EncodeClass, EncodeError, body, checksum, delimiter, msgpack, nested};
use crate::plan::{
    Accept, Content, Decimal, Expr, Kind, MarkId, Op, OpKind, PadSize, Plan, RegionId, Size, SlotId, Source, Sum,
};
use crate::value::{Fields, Value};

/// The one frame that these fields make.
///
/// Constants and lengths are computed and must not be given; the values of the session with which the frame begins must be; a field whose condition is 0 must not be given either. Sizes come
/// before bytes: nothing is written, and nothing truncated, unless all of it fits. What is written is exactly one frame to
/// [`measure`](super::measure).
///
/// # Errors
///
/// In this order:
/// 1. `unknown-field`: no such input, or one given twice;
/// 2. field by field in wire order: `missing-field`; `unknown-field`, given where its condition is 0; `wrong-type`;
///    `does-not-fit`, an integer outside of its type; `bad-enum`, `out-of-range`; `wrong-size`, of a field of fixed size, of content over
///    its `max`, or `kept` without a delimiter; `contains-delimiter`; `bad-body` of an object that is not exactly one, or of frames
///    that are not so many;
/// 3. lengths in wire order: `wrong-size`, no whole number of units; `does-not-fit`; `out-of-range`;
/// 4. `frame-too-large`;
/// 5. whatever a decoder would refuse: `bad-check`, `bad-body`, `length-too-small`, …;
/// 6. `bad-check`, where a decoder takes the frame, and the bytes that a peek looks at tell another value.
pub fn encode(plan: &Plan, fields: &Fields) -> Result<Vec<u8>, EncodeError> {
    let mut layout = Layout::new(plan, fields)?;
    // A length of varying size moves what encloses it: its value is settled once a round leaves all of them as they were.
    loop {
        for op in &plan.ops {
            layout.place(op)?;
        }
        if !layout.grows() {
            break;
        }
    }
    layout.lengths()?;
    if layout.size > plan.max_frame {
        let message =
            format!("{} bytes, where max_frame is {}: send less, or raise max_frame", layout.size, plan.max_frame);
        return Err(EncodeError { class: EncodeClass::FrameTooLarge, field: None, message });
    }
    let mut bytes = layout.write();
    for sum in &plan.sums {
        layout.sum(sum, &mut bytes);
    }
    let session: Vec<i128> = plan.session.iter().map(|each| layout.value(each.slot)).collect();
    let mut own = Cursor::default();
    match own.advance(plan, &session, Window::whole(&bytes)) {
        Step::Done(end) if end == length(&bytes) => match layout.mistold(&own) {
            None => Ok(bytes),
            Some(slot) => {
                let message = "the bytes that follow tell another value".to_owned();
                Err(layout.error(EncodeClass::BadCheck, slot, message))
            }
        },
        Step::Refuse(refusal) => Err(refused(plan, refusal)),
        Step::Done(_) | Step::Need(_) => Err(EncodeError {
            class: EncodeClass::WrongSize,
            field: None,
            message: "a decoder would find the frame's end elsewhere".to_owned(),
        }),
    }
}

/// Those of a frame's fields that [`encode`] takes: all but constants and lengths.
#[must_use]
pub fn inputs(plan: &Plan, fields: &Fields) -> Fields {
    let is_input = |name: &str| plan.slots.iter().any(|slot| is_input(slot) && slot.name == name);
    fields.iter().filter(|(name, _)| is_input(name)).cloned().collect()
}

fn is_input(slot: &crate::plan::Slot) -> bool {
    !slot.hidden && slot.source == Source::Input
}

/// The sizes and values of a frame that is being put together.
struct Layout<'a> {
    plan: &'a Plan,
    /// By slot.
    given: Vec<Option<&'a Value>>,
    /// By slot; 0 where it is absent or no integer.
    values: Vec<i128>,
    /// The ops that take part.
    ops: Vec<&'a Op>,
    /// By region: where it begins and how large it is.
    regions: Vec<(u64, u64)>,
    /// By mark: where it is.
    marks: Vec<u64>,
    /// Bytes so far.
    size: u64,
}

impl<'a> Layout<'a> {
    fn new(plan: &'a Plan, fields: &'a Fields) -> Result<Self, EncodeError> {
        let mut given = vec![None; plan.slots.len()];
        for (name, value) in fields {
            let found = plan.slots.iter().position(|slot| !slot.hidden && slot.name == *name);
            let input = found.filter(|index| plan.slots.get(*index).is_some_and(is_input));
            let Some(place) = input.and_then(|index| given.get_mut(index)) else {
                let message = match found {
                    Some(_) => "the encoder computes it: leave it out".to_owned(),
                    None => format!("no such field; {} has {}", plan.name, names(plan)),
                };
                return Err(error(EncodeClass::UnknownField, name, message));
            };
            if place.replace(value).is_some() {
                return Err(error(EncodeClass::UnknownField, name, "it is given twice".to_owned()));
            }
        }
        // The pieces of an integer stand before it; what it is must be known by then.
        let mut values = vec![0; plan.slots.len()];
        for op in &plan.ops {
            if let OpKind::Let { slot, .. } = &op.kind
                && let Some(Some(Value::UInt(value))) = given.get(slot.0)
                && let Some(place) = values.get_mut(slot.0)
            {
                *place = i128::from(*value);
            }
        }
        // Whether a field is there is told by its length, which is computed from it: by the sentinel, or by any other value.
        for region in &plan.regions {
            if let (Some(sentinel), Some(place)) = (region.sentinel, values.get_mut(region.length.0)) {
                *place = sentinel.told(given.get(sentinel.field.0).is_some_and(Option::is_some));
            }
        }
        Ok(Self {
            plan,
            given,
            values,
            ops: Vec::with_capacity(plan.ops.len()),
            regions: vec![(0, 0); plan.regions.len()],
            marks: vec![0; plan.marks],
            size: 0,
        })
    }

    /// Settles the lengths that are written in pieces by the sizes so far; where that changes one, everything is to be placed anew.
    /// A larger length never makes another smaller, so this ends.
    fn grows(&mut self) -> bool {
        let before = self.values.clone();
        for op in self.ops.clone() {
            let varies = matches!(op.kind, OpKind::Let { .. } | OpKind::Bytes { .. });
            for integer in op.kind.integers().into_iter().filter(|_| varies) {
                if let Some(Source::Length(id)) = self.plan.slot(integer.slot).map(|slot| &slot.source)
                    && let Some(region) = self.plan.region(*id)
                {
                    let (_, size) = self.regions.get(id.0).copied().unwrap_or_default();
                    let counted = i128::from(size).saturating_add(i128::from(region.plus));
                    let value = counted.checked_div(i128::from(region.unit.max(1))).unwrap_or(0);
                    self.set(integer.slot, value.clamp(0, integer.bounds.1));
                }
            }
        }
        let grown = self.values != before;
        if grown {
            self.ops.clear();
            self.size = 0;
        }
        grown
    }

    /// Gives an op its place behind those before it.
    fn place(&mut self, op: &'a Op) -> Result<(), EncodeError> {
        if op.guard.as_ref().is_some_and(|guard| self.eval(guard) == 0) {
            return self.absent(op);
        }
        self.ops.push(op);
        let size = match &op.kind {
            OpKind::Carry { slot, int, accept } => {
                self.integer(*slot, int.bounds(), *accept)?;
                0
            }
            OpKind::Int { slot, int, accept } => {
                self.integer(*slot, int.bounds(), *accept)?;
                u64::from(int.bytes)
            }
            OpKind::Const { slot, bytes } => {
                self.integer(*slot, (i128::MIN, i128::MAX), Accept::Any)?;
                length(bytes)
            }
            OpKind::Bits { int, parts } => {
                for part in parts {
                    self.integer(part.slot, part.bounds(), part.accept)?;
                }
                u64::from(int.bytes)
            }
            OpKind::Bytes { slot, size, content: Content::Decimal(decimal) } => {
                self.integer(*slot, decimal.bounds(), decimal.accept)?;
                length(&self.digits(*slot, size, *decimal))
            }
            OpKind::Bytes { slot, size: Size::Fixed(size), .. } if self.plan.is_sum(*slot) => *size,
            OpKind::Bytes { slot, size, content: _ } => self.sized(*slot, size)?,
            OpKind::Msgpack { slot, room: _ } => {
                let bytes = self.bytes(*slot)?;
                if !msgpack::is_one(bytes) {
                    return Err(self.error(
                        EncodeClass::BadBody,
                        *slot,
                        "not exactly one MessagePack object".to_owned(),
                    ));
                }
                length(bytes)
            }
            OpKind::Frames { slot, .. } => {
                let bytes = self.bytes(*slot)?;
                let times = self.plan.frames_inside(&|slot| self.value(slot));
                if !nested::are(self.plan, times, bytes) {
                    let message = format!("not exactly {times} frames of {}", self.plan.name);
                    return Err(self.error(EncodeClass::BadBody, *slot, message));
                }
                length(bytes)
            }
            OpKind::Pad { size: PadSize::Fixed(size), .. } => *size,
            OpKind::Pad { size: PadSize::Align(to), .. } => padding(self.size, *to),
            OpKind::Open(region) => {
                self.region(*region, |region, at| region.0 = at);
                0
            }
            OpKind::Close(region) => {
                self.region(*region, |region, at| region.1 = at.saturating_sub(region.0));
                0
            }
            OpKind::Let { slot, accept, .. } | OpKind::Peek { slot, accept, .. } => {
                for integer in op.kind.integers() {
                    self.integer(*slot, integer.bounds, *accept)?;
                }
                0
            }
            OpKind::Mark(mark) => {
                if let Some(place) = self.marks.get_mut(mark.0) {
                    *place = self.size;
                }
                0
            }
            OpKind::Claim(_) | OpKind::Fit { .. } | OpKind::Check(..) | OpKind::Sum(_) => 0,
        };
        self.size = self.size.saturating_add(size);
        Ok(())
    }

    /// An integer in decimal digits and its delimiter.
    fn digits(&self, slot: SlotId, size: &Size, decimal: Decimal) -> Vec<u8> {
        let mut bytes = body::digits(decimal, matches!(size, Size::Fixed(_)), self.value(slot)).into_bytes();
        if let Size::Until { delimiters, .. } = size {
            bytes.extend_from_slice(delimiters.first().map(Vec::as_slice).unwrap_or_default());
        }
        bytes
    }

    fn region(&mut self, id: RegionId, set: impl Fn(&mut (u64, u64), u64)) {
        let at = self.size;
        if let Some(region) = self.regions.get_mut(id.0) {
            set(region, at);
        }
    }

    fn eval(&self, expr: &Expr) -> i128 {
        expr.eval(&|slot| self.value(slot))
    }

    fn value(&self, slot: SlotId) -> i128 {
        self.values.get(slot.0).copied().unwrap_or(0)
    }

    fn set(&mut self, slot: SlotId, value: i128) {
        if let Some(place) = self.values.get_mut(slot.0) {
            *place = value;
        }
    }

    fn error(&self, class: EncodeClass, slot: SlotId, message: String) -> EncodeError {
        error(class, self.plan.slot(slot).map_or("", |slot| &slot.name), message)
    }

    fn absent(&self, op: &Op) -> Result<(), EncodeError> {
        match op.kind.slots().into_iter().find(|slot| self.given.get(slot.0).is_some_and(Option::is_some)) {
            None => Ok(()),
            Some(slot) => {
                let message = "it is absent here, for its condition is 0: leave it out".to_owned();
                Err(self.error(EncodeClass::UnknownField, slot, message))
            }
        }
    }

    fn input(&self, slot: SlotId) -> Result<&'a Value, EncodeError> {
        let given = self.given.get(slot.0).copied().flatten();
        given.ok_or_else(|| self.error(EncodeClass::MissingField, slot, "it is not given".to_owned()))
    }

    /// Settles an integer that does not follow from sizes.
    fn integer(&mut self, slot: SlotId, bounds: (i128, i128), accept: Accept) -> Result<(), EncodeError> {
        let value = match self.plan.slot(slot).map(|slot| &slot.source) {
            Some(Source::Const(value)) => *value,
            Some(Source::Input) => match self.input(slot)? {
                Value::UInt(value) => i128::from(*value),
                Value::Int(value) => i128::from(*value),
                Value::Bytes(_) | Value::Text(_) => {
                    return Err(self.error(EncodeClass::WrongType, slot, "it takes an integer".to_owned()));
                }
            },
            Some(Source::Piece(value)) => {
                let value = self.eval(value);
                self.set(slot, value);
                return Ok(());
            }
            Some(Source::Length(_) | Source::Sum(_) | Source::Bytes(_) | Source::Zero) | None => return Ok(()),
        };
        self.settle(slot, value, bounds, accept)
    }

    fn settle(
        &mut self,
        slot: SlotId,
        value: i128,
        (min, max): (i128, i128),
        accept: Accept,
    ) -> Result<(), EncodeError> {
        if !(min..=max).contains(&value) {
            return Err(self.error(EncodeClass::DoesNotFit, slot, format!("{value} is not within {min}..={max}")));
        }
        if let Some(class) = judge(self.plan, accept, value) {
            return Err(self.error(encode_class(class), slot, format!("{value} is none of its values")));
        }
        self.set(slot, value);
        Ok(())
    }

    fn bytes(&self, slot: SlotId) -> Result<&'a [u8], EncodeError> {
        let kind = self.plan.slot(slot).map(|slot| slot.kind);
        match (self.input(slot)?, kind) {
            (Value::Bytes(bytes), Some(Kind::Bytes)) => Ok(bytes),
            (Value::Text(text), Some(Kind::Text)) => Ok(text.as_bytes()),
            (_, Some(Kind::Text)) => Err(self.error(EncodeClass::WrongType, slot, "it takes text".to_owned())),
            _ => Err(self.error(EncodeClass::WrongType, slot, "it takes bytes".to_owned())),
        }
    }

    /// The wire size of a field of bytes or text, its delimiter included.
    fn sized(&self, slot: SlotId, size: &Size) -> Result<u64, EncodeError> {
        let bytes = self.bytes(slot)?;
        let have = length(bytes);
        match size {
            Size::Fixed(size) if have == *size => Ok(have),
            Size::Fixed(size) => {
                Err(self.error(EncodeClass::WrongSize, slot, format!("it has {size} bytes, not {have}")))
            }
            Size::Rest(_) => Ok(have),
            Size::Until { delimiters, kept, max, room: _ } => self.delimited(slot, bytes, delimiters, *kept, *max),
        }
    }

    /// The first delimiter to be found must be the one at the very end.
    fn delimited(
        &self,
        slot: SlotId,
        bytes: &[u8],
        delimiters: &[Vec<u8>],
        kept: bool,
        max: Option<u64>,
    ) -> Result<u64, EncodeError> {
        let mut wire = bytes.to_vec();
        if !kept {
            wire.extend_from_slice(delimiters.first().map(Vec::as_slice).unwrap_or_default());
        }
        let Some((end, size)) = delimiter::find(delimiters, &wire, 0) else {
            let message = "it must end with a delimiter, which is part of its value".to_owned();
            return Err(self.error(EncodeClass::WrongSize, slot, message));
        };
        let content = end.saturating_sub(size);
        if end < wire.len() || (!kept && content < bytes.len()) {
            let message = format!("a delimiter would be found in it, at offset {content}");
            return Err(self.error(EncodeClass::ContainsDelimiter, slot, message));
        }
        if let Some(max) = max.filter(|max| count(content) > *max) {
            let message = format!("it has at most {max} bytes in front of its delimiter, not {content}");
            return Err(self.error(EncodeClass::WrongSize, slot, message));
        }
        Ok(length(&wire))
    }

    /// Settles the lengths, now that all sizes are known.
    fn lengths(&mut self) -> Result<(), EncodeError> {
        for op in self.ops.clone() {
            for integer in op.kind.integers() {
                self.computed(integer.slot, integer.bounds, integer.accept)?;
            }
        }
        Ok(())
    }

    fn computed(&mut self, slot: SlotId, bounds: (i128, i128), accept: Accept) -> Result<(), EncodeError> {
        let Some(Source::Length(id)) = self.plan.slot(slot).map(|slot| &slot.source) else { return Ok(()) };
        let Some(region) = self.plan.region(*id) else { return Ok(()) };
        if region.sentinel.is_some_and(|sentinel| self.value(slot) == sentinel.value) {
            return Ok(());
        }
        let (_, size) = self.regions.get(id.0).copied().unwrap_or_default();
        let counted = i128::from(size).saturating_add(i128::from(region.plus));
        let unit = i128::from(region.unit.max(1));
        if counted.checked_rem(unit) != Some(0) {
            let message = format!("{} has {size} bytes, which makes no whole number of units of {unit}", region.what);
            return Err(self.error(EncodeClass::WrongSize, slot, message));
        }
        self.settle(slot, counted.checked_div(unit).unwrap_or(0), bounds, accept)
    }

    /// Writes what has been settled.
    fn write(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(usize::try_from(self.size).unwrap_or(0));
        for op in &self.ops {
            match &op.kind {
                OpKind::Int { slot, int, accept: _ } => write(*int, self.value(*slot), &mut out),
                OpKind::Const { slot: _, bytes } => out.extend_from_slice(bytes),
                OpKind::Bits { int, parts } => {
                    let shifted = |part: &crate::plan::BitPart| {
                        self.value(part.slot).checked_shl(u32::from(part.shift)).unwrap_or(0)
                    };
                    write(*int, parts.iter().map(shifted).fold(0, |group, part| group | part), &mut out);
                }
                OpKind::Bytes { slot, size, content: Content::Decimal(decimal) } => {
                    out.extend(self.digits(*slot, size, *decimal));
                }
                // Until it is computed.
                OpKind::Bytes { slot, size: Size::Fixed(size), .. } if self.plan.is_sum(*slot) => {
                    out.resize(out.len().saturating_add(usize::try_from(*size).unwrap_or(0)), 0);
                }
                OpKind::Bytes { slot, size, content: _ } => {
                    let key = self.plan.slot(*slot).and_then(|slot| slot.mask).map(|key| self.content(key));
                    out.extend_from_slice(&masked(key.unwrap_or_default(), self.content(*slot)));
                    if let Size::Until { delimiters, kept: false, .. } = size {
                        out.extend_from_slice(delimiters.first().map(Vec::as_slice).unwrap_or_default());
                    }
                }
                OpKind::Msgpack { slot, room: _ } | OpKind::Frames { slot, .. } => {
                    out.extend_from_slice(self.content(*slot))
                }
                OpKind::Pad { size, .. } => {
                    let size = match size {
                        PadSize::Fixed(size) => *size,
                        PadSize::Align(to) => padding(length(&out), *to),
                    };
                    out.resize(out.len().saturating_add(usize::try_from(size).unwrap_or(0)), 0);
                }
                OpKind::Carry { .. }
                | OpKind::Open(_)
                | OpKind::Close(_)
                | OpKind::Claim(_)
                | OpKind::Fit { .. }
                | OpKind::Let { .. }
                | OpKind::Peek { .. }
                | OpKind::Check(..)
                | OpKind::Mark(_)
                | OpKind::Sum(_) => {}
            }
        }
        out
    }

    /// The first peek whose value is not what a decoder of the frame has found.
    fn mistold(&self, decoded: &Cursor) -> Option<SlotId> {
        let peeked = self.ops.iter().filter(|op| matches!(op.kind, OpKind::Peek { .. }));
        let mut slots = peeked.flat_map(|op| op.kind.slots());
        slots.find(|slot| decoded.value(*slot) != self.value(*slot))
    }

    /// Writes a checksum where its field is, once all that it covers is written.
    fn sum(&self, sum: &Sum, bytes: &mut [u8]) {
        let place =
            |mark: MarkId| self.marks.get(mark.0).and_then(|place| usize::try_from(*place).ok()).unwrap_or(usize::MAX);
        let Some(op) = self.ops.iter().find(|op| op.kind.slots().contains(&sum.slot)) else { return };
        let covered = |from, to| bytes.get(place(from)..place(to)).unwrap_or_default();
        let right = checksum::of(sum, covered, &|slot| self.value(slot));
        let number = right.iter().fold(0_i128, |number, byte| number.wrapping_shl(8) | i128::from(*byte));
        let written = match &op.kind {
            OpKind::Int { int, .. } => int.to_wire(number),
            OpKind::Bytes { content: Content::Decimal(decimal), .. } => {
                body::digits(*decimal, true, number).into_bytes()
            }
            _ => right,
        };
        let field = bytes.get_mut(place(sum.at)..).unwrap_or_default();
        let size = match &op.kind {
            OpKind::Bytes { size: Size::Fixed(size), .. } => usize::try_from(*size).unwrap_or(0),
            _ => written.len(),
        };
        for (byte, value) in field.iter_mut().zip(written.iter().take(size)) {
            *byte = *value;
        }
    }

    fn content(&self, slot: SlotId) -> &'a [u8] {
        match self.given.get(slot.0).copied().flatten() {
            Some(Value::Bytes(bytes)) => bytes,
            Some(Value::Text(text)) => text.as_bytes(),
            Some(Value::UInt(_) | Value::Int(_)) | None => &[],
        }
    }
}

fn names(plan: &Plan) -> String {
    let names: Vec<&str> = plan.slots.iter().filter(|slot| is_input(slot)).map(|slot| slot.name.as_str()).collect();
    if names.is_empty() { "no field to give".to_owned() } else { names.join(", ") }
}

fn error(class: EncodeClass, field: &str, message: String) -> EncodeError {
    EncodeError { class, field: Some(field.to_owned()), message }
}

/// What the encoder says where its own decoder would refuse.
fn refused(plan: &Plan, refusal: Refusal) -> EncodeError {
    let kind = plan.ops.get(refusal.op).map(|op| &op.kind);
    let slot = match kind {
        Some(OpKind::Claim(region)) => plan.region(*region).map(|region| region.length),
        Some(OpKind::Fit { bound, .. }) => bound.region.and_then(|id| plan.region(id)).map(|region| region.length),
        Some(kind) => kind.slots().first().copied(),
        None => None,
    };
    let class = encode_class(refusal.class);
    let message = match class {
        EncodeClass::BadBody => "its codec does not take these bytes".to_owned(),
        EncodeClass::BadCheck => "these values do not pass a check".to_owned(),
        _ => format!("a decoder would refuse the frame at byte {}: {}", refusal.at, refusal.class),
    };
    EncodeError { class, field: slot.and_then(|slot| plan.slot(slot)).map(|slot| slot.name.clone()), message }
}

fn encode_class(class: Class) -> EncodeClass {
    match class {
        Class::BadEnum => EncodeClass::BadEnum,
        Class::BadConst | Class::OutOfRange => EncodeClass::OutOfRange,
        Class::LengthTooSmall => EncodeClass::LengthTooSmall,
        Class::FrameTooLarge => EncodeClass::FrameTooLarge,
        Class::BadCheck | Class::BadChecksum => EncodeClass::BadCheck,
        Class::BadBody | Class::NonMinimal => EncodeClass::BadBody,
        Class::DelimiterTooFar | Class::Incomplete => EncodeClass::WrongSize,
    }
}

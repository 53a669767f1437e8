//! Frames laid out field by field, so that every byte is known to belong to a field.

use std::borrow::Cow;

use super::body;
use crate::interp::{Class, checksum_of};
use crate::plan::{
    Accept, BitPart, Codec, Content, Decimal, Demand, Emit, Endian, Expr, IntType, Integer, Kind, MarkId, Op, OpKind,
    PEEKED, PadSize, Plan, RegionId, Size, SlotId, Source, Sum,
};
use crate::value::{Fields, Value};

/// Frames of more bytes are not laid out.
pub(super) const LARGEST: usize = 256 << 10;
/// Nor are those with more frames inside.
const NESTED: usize = 1024;

/// What the caller of an encoder chooses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draft {
    /// By slot; nothing for those that the encoder computes.
    pub(super) values: Vec<Option<Choice>>,
}

/// What is chosen for a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    Int(i128),
    /// Content, and which of the field's delimiters ends it, where it has any.
    Bytes(Vec<u8>, usize),
    /// Frames, of which the last is repeated until there are as many as the frame has inside.
    Frames(Vec<Vec<u8>>),
}

/// The bytes of one op.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Index of the op.
    pub(super) op: usize,
    pub(super) start: usize,
    /// One past the last byte of the value.
    pub(super) value_end: usize,
    /// One past the last byte: behind the delimiter.
    pub(super) end: usize,
}

/// A value that is refused, in a frame whose sizes are all right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Violation {
    /// Index of the op that refuses.
    pub(super) op: usize,
    pub(super) class: Class,
    /// Offset of the byte that makes it certain.
    pub(super) at: usize,
    /// The slot refused, where it is one and not several.
    pub(super) slot: Option<SlotId>,
}

/// A frame with right constants and lengths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Laid {
    pub(super) bytes: Vec<u8>,
    pub(super) pieces: Vec<Piece>,
    /// By slot; 0 where it is absent or no integer.
    pub(super) ints: Vec<i128>,
    /// By region: where it begins and how many bytes it has.
    pub(super) regions: Vec<(usize, usize)>,
    /// By mark: where it is.
    pub(super) marks: Vec<usize>,
    /// In the order in which a decoder meets them.
    pub(super) violations: Vec<Violation>,
    /// What the caller gives to get this frame.
    pub(super) inputs: Fields,
    /// All visible fields.
    pub(super) fields: Fields,
    pub(super) emitted: Vec<u8>,
    /// The session with which it begins, and the one behind it.
    pub(super) session: Vec<i128>,
    pub(super) after: Vec<i128>,
    /// Every field ends with the delimiter that an encoder would write.
    pub(super) canonical: bool,
}

/// Lays a frame out; nothing where no frame has these values: a length does not fit, a delimiter would be found early, a size is
/// not the fixed one, the frame is larger than allowed or than [`LARGEST`].
pub(super) fn lay(plan: &Plan, draft: &Draft) -> Option<Laid> {
    let mut layer = Layer {
        plan,
        draft,
        ints: vec![0; plan.slots.len()],
        regions: vec![(0, 0); plan.regions.len()],
        marks: vec![0; plan.marks],
        wires: Vec::with_capacity(plan.ops.len()),
        size: 0,
        canonical: true,
    };
    for op in &plan.ops {
        if let (OpKind::Let { slot, .. }, Some(Some(Choice::Int(value)))) =
            (&op.kind, op.kind.slots().first().and_then(|slot| draft.values.get(slot.0)))
        {
            *layer.ints.get_mut(slot.0)? = *value;
        }
    }
    for region in &plan.regions {
        if let (Some(_), Some(Some(Choice::Int(value)))) = (region.sentinel, draft.values.get(region.length.0)) {
            *layer.ints.get_mut(region.length.0)? = *value;
        }
    }
    // Lengths in pieces have sizes of their own, which move what is around them.
    loop {
        let before = layer.ints.clone();
        layer.wires.clear();
        layer.size = 0;
        for (index, op) in plan.ops.iter().enumerate() {
            layer.place(index, op)?;
        }
        layer.lengths()?;
        let decimal = |content: &Content| matches!(content, Content::Decimal(_));
        let varies = |op: &Op| match &op.kind {
            OpKind::Let { .. } => true,
            OpKind::Bytes { content, .. } => decimal(content),
            _ => false,
        };
        if layer.ints == before || !plan.ops.iter().any(varies) {
            return layer.finish();
        }
    }
}

impl Laid {
    /// No value is refused.
    pub(super) fn is_good(&self) -> bool {
        self.violations.is_empty()
    }

    pub(super) fn piece(&self, op: usize) -> Option<&Piece> {
        self.pieces.iter().find(|piece| piece.op == op)
    }
}

/// The codec that judges a content.
pub(super) fn codec(content: &Content, ints: &[i128]) -> Codec {
    match content {
        Content::Always(codec) => *codec,
        Content::Decimal(_) => Codec::Raw,
        Content::By(slot, rows) => {
            let value = ints.get(slot.0).copied().unwrap_or(0);
            rows.iter().find(|(key, _)| *key == value).map_or(Codec::Raw, |(_, codec)| *codec)
        }
    }
}

/// Whether a value passes, and as what it is refused.
pub(super) fn refusal(plan: &Plan, accept: Accept, value: i128) -> Option<Class> {
    match accept {
        Accept::Any => None,
        Accept::Const(constant) => (value != constant).then_some(Class::BadConst),
        Accept::Range(min, max) => (value < min || value > max).then_some(Class::OutOfRange),
        Accept::Enum(id) => {
            let known = plan.enums.get(id.0)?;
            let member = known.members.iter().any(|(member, _)| *member == value);
            (!member && known.other.is_none()).then_some(Class::BadEnum)
        }
    }
}

/// The occurrence of a delimiter that ends first, of two that end together the longer: where the content ends, and the end.
pub(super) fn first_delimiter(delimiters: &[Vec<u8>], bytes: &[u8]) -> Option<(usize, usize)> {
    (1..=bytes.len()).find_map(|end| {
        let so_far = bytes.get(..end)?;
        let longest = delimiters.iter().filter(|each| so_far.ends_with(each)).map(Vec::len).max()?;
        Some((end - longest, end))
    })
}

/// An integer as a value of its slot's kind.
pub(super) fn int_value(kind: Kind, value: i128) -> Option<Value> {
    match kind {
        Kind::Int(int) if int.signed => i64::try_from(value).ok().map(Value::Int),
        _ => u64::try_from(value).ok().map(Value::UInt),
    }
}

struct Layer<'a> {
    plan: &'a Plan,
    draft: &'a Draft,
    ints: Vec<i128>,
    regions: Vec<(usize, usize)>,
    marks: Vec<usize>,
    wires: Vec<Wire<'a>>,
    size: usize,
    canonical: bool,
}

/// The bytes of a value, and what stands behind them that is not part of it.
type Written<'a> = (Cow<'a, [u8]>, Cow<'a, [u8]>);

/// An op that takes part, and what it puts on the wire apart from integers.
struct Wire<'a> {
    index: usize,
    op: &'a Op,
    start: usize,
    value: Cow<'a, [u8]>,
    /// Behind the value, not part of it.
    after: Cow<'a, [u8]>,
    size: usize,
}

impl<'a> Layer<'a> {
    fn eval(&self, expr: &Expr) -> i128 {
        expr.eval(&|slot| self.ints.get(slot.0).copied().unwrap_or(0))
    }

    fn place(&mut self, index: usize, op: &'a Op) -> Option<()> {
        if op.guard.as_ref().is_some_and(|guard| self.eval(guard) == 0) {
            if let OpKind::Let { slot, .. } = &op.kind {
                *self.ints.get_mut(slot.0)? = 0;
            }
            return Some(());
        }
        let (mut value, mut after) = (Cow::from(&[]), Cow::from(&[]));
        let size = match &op.kind {
            OpKind::Carry { slot, int, .. } => {
                self.int(*slot, int.bounds())?;
                0
            }
            OpKind::Int { slot, int, .. } => {
                self.int(*slot, int.bounds())?;
                usize::from(int.bytes)
            }
            OpKind::Bits { int, parts } => {
                for part in parts {
                    self.int(part.slot, part.bounds())?;
                }
                usize::from(int.bytes)
            }
            OpKind::Const { slot, bytes } => {
                self.int(*slot, (i128::MIN, i128::MAX))?;
                value = Cow::from(bytes);
                bytes.len()
            }
            OpKind::Bytes { slot, size, content: Content::Decimal(decimal) } => {
                self.int(*slot, decimal.bounds())?;
                let (digits, delimiter) = digits(*decimal, size, self.ints.get(slot.0).copied()?);
                (value, after) = (digits.into(), delimiter.into());
                value.len() + after.len()
            }
            OpKind::Bytes { slot, size: Size::Fixed(size), .. } if self.plan.is_sum(*slot) => {
                value = vec![0; usize::try_from(*size).ok()?].into();
                value.len()
            }
            OpKind::Bytes { slot, size, .. } => {
                (value, after) = self.content(*slot, size)?;
                value.len() + after.len()
            }
            OpKind::Msgpack { slot, .. } => {
                value = self.chosen(*slot)?.0.into();
                value.len()
            }
            OpKind::Frames { slot, .. } => {
                value = self.frames(*slot)?;
                value.len()
            }
            OpKind::Pad { size, .. } => {
                let size = match size {
                    PadSize::Fixed(size) => usize::try_from(*size).ok()?,
                    PadSize::Align(to) => padding(self.size, usize::try_from(*to).ok()?),
                };
                if size > LARGEST {
                    return None;
                }
                value = vec![0; size].into();
                size
            }
            OpKind::Open(RegionId(id)) => {
                self.regions.get_mut(*id)?.0 = self.size;
                0
            }
            OpKind::Close(RegionId(id)) => {
                let region = self.regions.get_mut(*id)?;
                region.1 = self.size - region.0;
                0
            }
            OpKind::Let { slot, value, .. } => {
                for integer in op.kind.integers() {
                    self.int(*slot, integer.bounds)?;
                }
                // What its pieces cannot hold is no value of it.
                if self.eval(value) != self.ints.get(slot.0).copied()? {
                    return None;
                }
                0
            }
            OpKind::Peek { slot, .. } => {
                self.int(*slot, PEEKED.bounds())?;
                0
            }
            OpKind::Mark(mark) => {
                *self.marks.get_mut(mark.0)? = self.size;
                0
            }
            OpKind::Claim(_) | OpKind::Fit { .. } | OpKind::Check(..) | OpKind::Sum(_) => 0,
        };
        self.wires.push(Wire { index, op, start: self.size, value, after, size });
        self.size += size;
        (self.size <= LARGEST && u64::try_from(self.size).ok()? <= self.plan.max_frame).then_some(())
    }

    fn chosen(&self, slot: SlotId) -> Option<(&'a [u8], usize)> {
        match self.draft.values.get(slot.0)? {
            Some(Choice::Bytes(content, delimiter)) => Some((content, *delimiter)),
            Some(Choice::Int(_) | Choice::Frames(_)) | None => None,
        }
    }

    /// The frames inside; where bytes are chosen, these.
    fn frames(&self, slot: SlotId) -> Option<Cow<'a, [u8]>> {
        let Some(Choice::Frames(frames)) = self.draft.values.get(slot.0)? else {
            return Some(self.chosen(slot)?.0.into());
        };
        let times = self.plan.frames_inside(&|slot| self.ints.get(slot.0).copied().unwrap_or(0));
        let times = usize::try_from(times).ok().filter(|times| *times <= NESTED)?;
        let last = frames.last().into_iter().cycle();
        let all: Vec<&[u8]> = frames.iter().chain(last).take(times).map(Vec::as_slice).collect();
        (all.len() == times).then(|| all.concat().into())
    }

    fn int(&mut self, slot: SlotId, (min, max): (i128, i128)) -> Option<()> {
        let value = match &self.plan.slot(slot)?.source {
            Source::Const(value) => *value,
            Source::Input => match self.draft.values.get(slot.0)? {
                Some(Choice::Int(value)) => *value,
                Some(Choice::Bytes(..) | Choice::Frames(_)) | None => return None,
            },
            Source::Piece(value) => self.eval(value),
            Source::Length(_) | Source::Bytes(_) | Source::Zero | Source::Sum(_) => return Some(()),
        };
        *self.ints.get_mut(slot.0)? = value;
        (min <= value && value <= max).then_some(())
    }

    fn content(&mut self, slot: SlotId, size: &'a Size) -> Option<Written<'a>> {
        let (content, chosen) = self.chosen(slot)?;
        let Size::Until { delimiters, kept, max, .. } = size else {
            let fits = match size {
                Size::Fixed(size) => usize::try_from(*size) == Ok(content.len()),
                Size::Rest(_) | Size::Until { .. } => true,
            };
            return fits.then(|| (content.into(), (&[]).into()));
        };
        let delimiter = delimiters.get(chosen)?;
        let wire = [content, delimiter.as_slice()].concat();
        let fits = max.is_none_or(|max| usize::try_from(max).is_ok_and(|max| content.len() <= max));
        if !fits || first_delimiter(delimiters, &wire) != Some((content.len(), wire.len())) {
            return None;
        }
        self.canonical &= chosen == 0 || *kept;
        Some(if *kept { (wire.into(), (&[]).into()) } else { (content.into(), delimiter.into()) })
    }

    fn lengths(&mut self) -> Option<()> {
        for wire in &self.wires {
            for Integer { slot, bounds: (min, max), .. } in wire.op.kind.integers() {
                let Source::Length(id) = &self.plan.slot(slot)?.source else { continue };
                let region = self.plan.region(*id)?;
                if region.sentinel.is_some_and(|sentinel| self.ints.get(slot.0) == Some(&sentinel.value)) {
                    continue;
                }
                let counted = i128::try_from(self.regions.get(id.0)?.1).ok()? + i128::from(region.plus);
                let unit = i128::from(region.unit.max(1));
                let value = counted / unit;
                if counted % unit != 0 || value < min || value > max {
                    return None;
                }
                *self.ints.get_mut(slot.0)? = value;
            }
        }
        Some(())
    }

    fn finish(self) -> Option<Laid> {
        let mut laid = Laid {
            bytes: Vec::with_capacity(self.size),
            pieces: Vec::with_capacity(self.wires.len()),
            ints: self.ints,
            regions: self.regions,
            marks: self.marks,
            violations: Vec::new(),
            inputs: Vec::new(),
            fields: Vec::new(),
            emitted: Vec::new(),
            session: Vec::new(),
            after: Vec::new(),
            canonical: self.canonical,
        };
        for wire in &self.wires {
            laid.append(self.plan, wire)?;
        }
        for sum in &self.plan.sums {
            laid.sum(self.plan, sum)?;
        }
        laid.peeks(self.plan)?;
        laid.emitted = laid.emit(self.plan);
        let value = |slot: SlotId| laid.ints.get(slot.0).copied().unwrap_or(0);
        laid.after = self.plan.session_after(&value);
        laid.session = self.plan.session.iter().map(|carried| value(carried.slot)).collect();
        Some(laid)
    }
}

impl Laid {
    fn append(&mut self, plan: &Plan, wire: &Wire) -> Option<()> {
        let op = wire.index;
        let last = (wire.start + wire.size).saturating_sub(1);
        let mut violated = |class, slot| self.violations.push(Violation { op, class, at: last, slot });
        match &wire.op.kind {
            OpKind::Int { slot, int, accept } => {
                let value = self.ints.get(slot.0).copied()?;
                if let Some(class) = refusal(plan, *accept, value) {
                    violated(class, Some(*slot));
                }
                self.bytes.extend(int.to_wire(value));
            }
            OpKind::Bits { int, parts } => {
                for part in parts {
                    if let Some(class) = refusal(plan, part.accept, self.ints.get(part.slot.0).copied()?) {
                        violated(class, Some(part.slot));
                    }
                }
                self.bytes.extend(group(*int, parts, &self.ints));
            }
            OpKind::Bytes { slot, content: Content::Decimal(decimal), .. } => {
                if let Some(class) = refusal(plan, decimal.accept, self.ints.get(slot.0).copied()?) {
                    violated(class, Some(*slot));
                }
                self.bytes.extend(&*wire.value);
                self.bytes.extend(&*wire.after);
            }
            OpKind::Bytes { content, .. } => {
                if !body::passes(codec(content, &self.ints), &wire.value) {
                    violated(Class::BadBody, None);
                }
                let bytes = self.masked(plan, &wire.op.kind, wire.value.clone());
                self.bytes.extend(&*bytes);
                self.bytes.extend(&*wire.after);
            }
            OpKind::Const { .. } | OpKind::Msgpack { .. } | OpKind::Frames { .. } | OpKind::Pad { .. } => {
                self.bytes.extend(&*wire.value)
            }
            OpKind::Carry { slot, accept, .. } => {
                // A session never has such a value.
                if refusal(plan, *accept, self.ints.get(slot.0).copied()?).is_some() {
                    return None;
                }
            }
            OpKind::Let { slot, accept, .. } => {
                if let Some(class) = refusal(plan, *accept, self.ints.get(slot.0).copied()?) {
                    violated(class, Some(*slot));
                }
            }
            OpKind::Peek { .. } => {}
            OpKind::Check(expr, demand) => {
                if expr.eval(&|slot| self.ints.get(slot.0).copied().unwrap_or(0)) == 0 {
                    violated(demanded(*demand), None);
                }
                return Some(());
            }
            OpKind::Open(_)
            | OpKind::Close(_)
            | OpKind::Claim(_)
            | OpKind::Fit { .. }
            | OpKind::Mark(_)
            | OpKind::Sum(_) => return Some(()),
        }
        let end = wire.start + wire.size;
        let start = match &wire.op.kind {
            OpKind::Let { pieces, .. } => self.first_of(plan, pieces).unwrap_or(wire.start),
            _ => wire.start,
        };
        self.pieces.push(Piece { op, start, value_end: end - wire.after.len(), end });
        for id in wire.op.kind.slots() {
            let slot = plan.slot(id)?;
            if slot.hidden {
                continue;
            }
            let value = match slot.kind {
                Kind::Int(_) | Kind::Bits(_) => int_value(slot.kind, self.ints.get(id.0).copied()?)?,
                Kind::Text => match str::from_utf8(&wire.value) {
                    Ok(text) => Value::Text(text.to_owned()),
                    Err(_) => Value::Bytes(wire.value.to_vec()),
                },
                Kind::Bytes => Value::Bytes(wire.value.to_vec()),
            };
            if slot.source == Source::Input {
                self.inputs.push((slot.name.clone(), value.clone()));
            }
            self.fields.push((slot.name.clone(), value));
        }
        Some(())
    }

    /// No frame has a peek that its bytes do not tell. What is refused in bytes that one looks at, is so behind them.
    fn peeks(&mut self, plan: &Plan) -> Option<()> {
        for piece in &self.pieces {
            let Some(OpKind::Peek { slot, .. }) = plan.ops.get(piece.op).map(|op| &op.kind) else { continue };
            let (value, end) = self.peeked(plan, piece.op, &self.bytes)?;
            if self.ints.get(slot.0) != Some(&value) {
                return None;
            }
            for violation in self.violations.iter_mut().filter(|violation| violation.op > piece.op) {
                violation.at = violation.at.max(end.saturating_sub(1));
            }
        }
        Some(())
    }

    /// A field's value as it is on the wire, or the other way: combined with the bytes of its key, if it has one that is there.
    pub(super) fn masked<'v>(&self, plan: &Plan, of: &OpKind, mut value: Cow<'v, [u8]>) -> Cow<'v, [u8]> {
        let key = of.slots().first().and_then(|slot| plan.slot(*slot)?.mask);
        let Some(key) = key.and_then(|key| self.of(plan, key)) else { return value };
        let key = self.bytes.get(key.start..key.end).unwrap_or_default();
        value.to_mut().iter_mut().zip(key.iter().cycle()).for_each(|(byte, key)| *byte ^= key);
        value
    }

    /// The bytes of a slot's op.
    fn of(&self, plan: &Plan, slot: SlotId) -> Option<&Piece> {
        let has = |piece: &&Piece| plan.ops.get(piece.op).is_some_and(|op| op.kind.slots().contains(&slot));
        self.pieces.iter().find(has)
    }

    /// Computes a checksum, if its field is there, and writes it.
    fn sum(&mut self, plan: &Plan, sum: &Sum) -> Option<()> {
        let Some(piece) = self.of(plan, sum.slot).cloned() else { return Some(()) };
        let slot = plan.slot(sum.slot)?;
        let mark = |mark: MarkId| self.marks.get(mark.0).copied().unwrap_or(usize::MAX);
        let covered = |from, to| self.bytes.get(mark(from)..mark(to)).unwrap_or_default();
        let mut right = checksum_of(sum, covered, &|slot| self.ints.get(slot.0).copied().unwrap_or(0));
        let size = piece.value_end - piece.start;
        let number = right.iter().fold(0, |number: i128, byte| (number << 8_u32) | i128::from(*byte));
        let value = match &plan.ops.get(piece.op)?.kind {
            OpKind::Int { int, .. } => {
                right = int.to_wire(number);
                int_value(slot.kind, number)?
            }
            OpKind::Bytes { size, content: Content::Decimal(decimal), .. } => {
                right = digits(*decimal, size, number).0;
                int_value(slot.kind, number)?
            }
            _ => Value::Bytes(right.get(..size)?.to_vec()),
        };
        self.bytes.get_mut(piece.start..piece.value_end)?.copy_from_slice(right.get(..size)?);
        if matches!(value, Value::UInt(_)) {
            *self.ints.get_mut(sum.slot.0)? = number;
        }
        self.fields.iter_mut().find(|(name, _)| *name == slot.name)?.1 = value;
        Some(())
    }

    /// Where the first of these slots that is there begins.
    fn first_of(&self, plan: &Plan, slots: &[SlotId]) -> Option<usize> {
        let holds = |op: &Op| op.kind.has_bytes() && op.kind.slots().iter().any(|slot| slots.contains(slot));
        self.pieces.iter().find(|piece| plan.ops.get(piece.op).is_some_and(holds)).map(|piece| piece.start)
    }

    fn emit(&self, plan: &Plan) -> Vec<u8> {
        let of = |slot: SlotId| self.of(plan, slot);
        let (from, to) = match plan.emit {
            Emit::Frame => (0, self.bytes.len()),
            Emit::Value(slot) => of(slot).map_or((0, 0), |piece| (piece.start, piece.value_end)),
            Emit::Span(first, last) => {
                let mut inside = (first.0..=last.0).filter_map(|slot| of(SlotId(slot)));
                match (inside.next(), inside.next_back()) {
                    (Some(first), last) => (first.start, last.unwrap_or(first).end),
                    (None, _) => (0, 0),
                }
            }
            Emit::Strip(bytes) => (usize::try_from(bytes).unwrap_or(usize::MAX), self.bytes.len()),
        };
        let bytes = self.bytes.get(from..to).unwrap_or_default().to_vec();
        match plan.emit {
            Emit::Value(slot) => {
                let op = of(slot).and_then(|piece| plan.ops.get(piece.op));
                op.map_or_else(Vec::new, |op| self.masked(plan, &op.kind, bytes.into()).into_owned())
            }
            Emit::Frame | Emit::Span(..) | Emit::Strip(_) => bytes,
        }
    }
}

/// The digits of an integer, and the delimiter behind them.
pub(super) fn digits(decimal: Decimal, size: &Size, value: i128) -> (Vec<u8>, Vec<u8>) {
    match size {
        Size::Until { delimiters, .. } => {
            (value.to_string().into_bytes(), delimiters.first().cloned().unwrap_or_default())
        }
        Size::Fixed(_) | Size::Rest(_) => {
            (format!("{value:0width$}", width = usize::from(decimal.digits)).into_bytes(), Vec::new())
        }
    }
}

/// As what a check refuses.
pub(super) fn demanded(demand: Demand) -> Class {
    match demand {
        Demand::Check => Class::BadCheck,
        Demand::Minimal => Class::NonMinimal,
    }
}

/// The bytes of a bit group.
pub(super) fn group(int: IntType, parts: &[BitPart], ints: &[i128]) -> Vec<u8> {
    let value = parts
        .iter()
        .fold(0_i128, |group, part| group | (ints.get(part.slot.0).copied().unwrap_or(0) << u32::from(part.shift)));
    let bytes = value.to_le_bytes().into_iter().take(usize::from(int.bytes));
    match int.endian {
        Endian::Little => bytes.collect(),
        Endian::Big => bytes.rev().collect(),
    }
}

/// Bytes up to the next multiple of `to`.
pub(super) fn padding(at: usize, to: usize) -> usize {
    at.next_multiple_of(to.max(1)) - at
}

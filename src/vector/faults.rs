//! Frames in which one thing is wrong, for everything that can be.

use super::body;
use super::claim::{Verdict, extent, room, verdict};
use super::compose::{Cause, Fault, Refused};
use super::draft::{Choice, Laid, group};
use super::good::{ENOUGH, has};
use super::nested;
use super::pieces;
use super::samples::integers;
use super::search::{Space, codecs};
use super::sums;
use crate::interp::Class;
use crate::plan::{Ahead, Codec, Content, Decimal, Demand, OnReject, Op, OpKind, Plan, RegionId, Size, SlotId};

/// A field without its delimiter is sent up to so many bytes.
const LARGEST: usize = 8300;

/// What a wrong frame, or the beginning of a right one, is made of.
#[derive(Debug)]
pub(super) enum Planted {
    Fault(Fault),
    /// A length that is right so far, and nothing behind it.
    Waits {
        key: String,
        name: String,
        laid: Laid,
        bytes: Vec<u8>,
    },
}

/// All of them, in wire order.
pub(super) fn all(space: &Space) -> Vec<Planted> {
    let mut faults = Faults { space, found: Vec::new(), bytes: 0 };
    for (index, op) in space.plan.ops.iter().enumerate() {
        // What is no byte cannot be wrong.
        if !matches!(op.kind, OpKind::Carry { .. } | OpKind::Peek { .. }) {
            faults.integers(index, op);
        }
        match &op.kind {
            OpKind::Const { slot, bytes } => faults.constant(index, *slot, bytes),
            OpKind::Bits { int, parts } => {
                for part in parts {
                    if let crate::plan::Accept::Const(constant) = part.accept {
                        faults.constant_part(index, part.slot, constant, *int, parts);
                    }
                }
            }
            OpKind::Bytes { slot, size: Size::Until { delimiters, max, .. }, content: Content::Decimal(decimal) } => {
                faults.decimal(index, *slot, *decimal, delimiters);
                faults.endless(index, *slot, delimiters, *max);
            }
            OpKind::Bytes { slot, content: Content::Decimal(decimal), .. } => {
                faults.decimal(index, *slot, *decimal, &[]);
            }
            OpKind::Bytes { slot, size, content } => {
                faults.content(index, *slot, content);
                if let Size::Until { delimiters, max, .. } = size {
                    faults.endless(index, *slot, delimiters, *max);
                }
            }
            OpKind::Frames { slot, .. } => {
                for fault in nested::faults(space, *slot, &faults.found) {
                    faults.push(fault);
                }
            }
            OpKind::Msgpack { slot, .. } => faults.msgpack(index, *slot),
            OpKind::Claim(region) => faults.length(*region),
            OpKind::Check(_, Demand::Check) => faults.check(index),
            OpKind::Let { slot, .. } => faults.pieces(index, *slot),
            OpKind::Peek { slot, texts, ahead: Ahead::Next, others: false, .. } => faults.peek(index, *slot, texts),
            OpKind::Peek { slot, texts, ahead: Ahead::First { max }, .. } => faults.endless(index, *slot, texts, *max),
            // Told with the integer that is to be minimal.
            OpKind::Carry { .. }
            | OpKind::Check(_, Demand::Minimal)
            | OpKind::Int { .. }
            | OpKind::Peek { .. }
            | OpKind::Pad { .. }
            | OpKind::Open(_)
            | OpKind::Close(_)
            | OpKind::Fit { .. }
            | OpKind::Mark(_) => {}
            OpKind::Sum(sum) => sums::wrong(space, index, *sum).into_iter().for_each(|fault| faults.push(fault)),
        }
    }
    faults.found
}

struct Faults<'a> {
    space: &'a Space<'a>,
    found: Vec<Planted>,
    /// Of all faults.
    bytes: usize,
}

impl Faults<'_> {
    fn name(&self, slot: SlotId) -> String {
        self.space.plan.slot(slot).map(|slot| slot.name.clone()).unwrap_or_default()
    }

    fn with(&self, index: usize) -> Option<Laid> {
        self.space.find(&[], |laid| laid.is_good() && laid.piece(index).is_some()).map(|(_, laid)| laid)
    }

    fn push(&mut self, fault: Fault) {
        if fault.laid.told_alike(self.space.plan, &fault.bytes, fault.at) {
            self.push_peek(fault);
        }
    }

    /// A fault of which it is known what peeks tell.
    fn push_peek(&mut self, fault: Fault) {
        if self.bytes < ENOUGH {
            self.bytes += fault.laid.bytes.len();
            self.found.push(Planted::Fault(fault));
        }
    }

    /// Each byte of a constant wrong.
    fn constant(&mut self, index: usize, slot: SlotId, constant: &[u8]) {
        let Some(laid) = self.with(index) else { return };
        let Some(start) = laid.piece(index).map(|piece| piece.start) else { return };
        let name = self.name(slot);
        for byte in 0..constant.len() {
            if self.bytes >= ENOUGH {
                return;
            }
            let mut bytes = laid.bytes.clone();
            let Some(wrong) = bytes.get_mut(start + byte) else { return };
            *wrong ^= 0x01;
            self.push(Fault {
                key: format!("{name}/byte/{byte}"),
                name: format!("{name} wrong at its byte {byte}"),
                flags: vec!["constant"],
                laid: laid.clone(),
                bytes,
                class: Class::BadConst,
                at: start + byte,
                cause: Cause::Value(Refused::Slot(slot)),
            });
        }
    }

    /// Each text wrong at each byte, so that it is none of them.
    fn peek(&mut self, index: usize, slot: SlotId, texts: &[Vec<u8>]) {
        let name = self.name(slot);
        for (value, text) in (0_i128..).zip(texts) {
            let pinned = [(slot, Choice::Int(value))];
            let right = |laid: &Laid| laid.is_good() && laid.piece(index).is_some() && has(self.space, laid, &pinned);
            let Some((_, laid)) = self.space.find(&pinned, right) else { continue };
            let Some(start) = laid.piece(index).map(|piece| piece.start) else { continue };
            for byte in 0..text.len() {
                let mut bytes = laid.bytes.clone();
                let (Some(wrong), Some(before)) = (bytes.get_mut(start + byte), text.get(..byte)) else { continue };
                *wrong ^= 0x01;
                let begun = [before, &[*wrong]].concat();
                if texts.iter().any(|text| text.starts_with(&begun)) || self.bytes >= ENOUGH {
                    continue;
                }
                self.push_peek(Fault {
                    key: format!("{name}/{}/byte/{byte}", crate::value::to_hex(text)),
                    name: format!("{name}: none of its texts from byte {byte} on"),
                    flags: vec!["peek"],
                    laid: laid.clone(),
                    bytes,
                    class: Class::BadEnum,
                    at: start + byte,
                    cause: Cause::Value(Refused::Slot(slot)),
                });
            }
        }
    }

    fn constant_part(
        &mut self,
        index: usize,
        slot: SlotId,
        constant: i128,
        int: crate::plan::IntType,
        parts: &[crate::plan::BitPart],
    ) {
        let Some(laid) = self.with(index) else { return };
        let Some(piece) = laid.piece(index).cloned() else { return };
        let mut ints = laid.ints.clone();
        let Some(value) = ints.get_mut(slot.0) else { return };
        *value = constant ^ 1;
        let mut bytes = laid.bytes.clone();
        bytes.splice(piece.start..piece.end, group(int, parts, &ints));
        let name = self.name(slot);
        self.push(Fault {
            key: format!("{name}/bits"),
            name: format!("{name} is {}", constant ^ 1),
            flags: vec!["constant"],
            laid,
            bytes,
            class: Class::BadConst,
            at: piece.end - 1,
            cause: Cause::Value(Refused::Slot(slot)),
        });
    }

    /// A frame of right sizes that this op refuses before any other does.
    fn value(
        &mut self,
        index: usize,
        class: Class,
        pinned: &[(SlotId, Choice)],
        fault: (String, String, &'static str),
    ) {
        if self.bytes >= ENOUGH {
            return;
        }
        let first = |laid: &Laid| laid.violations.first().copied();
        let wanted = |laid: &Laid| {
            let refused = first(laid).is_some_and(|violation| violation.op == index && violation.class == class);
            refused && has(self.space, laid, pinned)
        };
        let Some((_, laid)) = self.space.find(pinned, wanted) else { return };
        let Some(violation) = first(&laid) else { return };
        let refused = match (violation.slot, violation.class) {
            (Some(slot), _) => Refused::Slot(slot),
            (None, Class::BadCheck) => Refused::Check(index),
            (None, _) => Refused::Body,
        };
        let (key, name, flag) = fault;
        self.push(Fault {
            key,
            name,
            flags: vec![flag],
            bytes: laid.bytes.clone(),
            laid,
            class,
            at: violation.at,
            cause: Cause::Value(refused),
        });
    }

    fn integers(&mut self, index: usize, op: &Op) {
        let plan = self.space.plan;
        for integer in integers(plan, &op.kind) {
            let name = self.name(integer.slot);
            for value in integer.refused(plan) {
                let Some(class) = super::draft::refusal(plan, integer.accept, value) else { continue };
                let flag = if class == Class::BadEnum { "enum" } else { "range" };
                let names = (format!("{name}={value}"), format!("{name} is {value}"), flag);
                self.value(index, class, &[(integer.slot, Choice::Int(value))], names);
            }
        }
    }

    fn content(&mut self, index: usize, slot: SlotId, content: &Content) {
        let name = self.name(slot);
        for (codec, selector) in codecs(content) {
            for (what, bytes) in body::refused(codec) {
                let (flag, form) = match codec {
                    Codec::Raw => ("body", "bytes"),
                    Codec::Utf8 => ("utf8", "UTF-8"),
                    Codec::Json => ("json", "JSON"),
                    Codec::Msgpack => ("msgpack", "MessagePack"),
                };
                let mut pinned = vec![(slot, Choice::Bytes(bytes, 0))];
                pinned.extend(selector.map(|(slot, value)| (slot, Choice::Int(value))));
                let names = (format!("{name}/{codec:?}/{what}"), format!("{name} is no {form}: {what}"), flag);
                self.value(index, Class::BadBody, &pinned, names);
            }
        }
    }

    /// Digits that make no integer, or more of them than are needed.
    fn decimal(&mut self, index: usize, slot: SlotId, decimal: Decimal, delimiters: &[Vec<u8>]) {
        // Whether what is refused can be passed over hangs on what else tells the frame's size.
        let plan = self.space.plan;
        if plan.policy.on_reject != OnReject::Close {
            return;
        }
        let Some(laid) = self.with(index) else { return };
        let Some(start) = laid.piece(index).map(|piece| piece.start) else { return };
        let name = self.name(slot);
        let fixed = delimiters.is_empty();
        let delimiter = delimiters.first().map(Vec::as_slice).unwrap_or_default();
        let padded = |text: &str| {
            let width = usize::from(decimal.digits);
            if fixed { format!("{text:0>width$}").into_bytes() } else { text.as_bytes().to_vec() }
        };
        let mut wrong = vec![("a letter", padded("x"), Class::BadBody), ("a colon", padded(":"), Class::BadBody)];
        wrong.push(("a slash", padded("/"), Class::BadBody));
        if !fixed {
            wrong.push(("nothing", Vec::new(), Class::BadBody));
        }
        if !fixed && decimal.digits > 1 {
            wrong.push(("a digit and a space", b"1 ".to_vec(), Class::BadBody));
            wrong.push(("a plus", b"+1".to_vec(), Class::BadBody));
            let class = if decimal.minimal { Some(Class::NonMinimal) } else { None };
            wrong.extend(class.map(|class| ("two zeros", b"00".to_vec(), class)));
        }
        match (decimal.signed, fixed) {
            (true, false) => {
                wrong.push(("a minus alone", b"-".to_vec(), Class::BadBody));
                let class = if decimal.minimal { Some(Class::NonMinimal) } else { None };
                wrong.extend(class.map(|class| ("minus zero", b"-0".to_vec(), class)));
            }
            (false, false) if decimal.digits > 1 => wrong.push(("a minus", b"-1".to_vec(), Class::BadBody)),
            (false | true, _) => {}
        }
        for (what, digits, class) in wrong {
            let written = [&digits, delimiter].concat();
            // It would end there, or earlier for want of room.
            if delimiters.iter().flatten().any(|byte| digits.contains(byte)) || !fits(plan, &laid, index, written.len())
            {
                continue;
            }
            let bytes = [laid.bytes.get(..start).unwrap_or_default(), &written].concat();
            self.push(Fault {
                key: format!("{name}/{what}"),
                name: format!("{name} is {what}"),
                flags: vec!["decimal"],
                laid: laid.clone(),
                at: bytes.len() - 1,
                bytes,
                class,
                cause: Cause::Size,
            });
        }
    }

    /// An integer whose pieces make none: longer than it may be, or than it must be.
    fn pieces(&mut self, index: usize, slot: SlotId) {
        let plan = self.space.plan;
        let there = |laid: &Laid| laid.is_good() && laid.piece(index).is_some();
        let longest = pieces::longest(plan, index);
        let roomy = self.space.find(&[], |laid| there(laid) && fits(plan, laid, index, longest)).map(|(_, laid)| laid);
        let Some(laid) = roomy.or_else(|| self.with(index)) else { return };
        let name = self.name(slot);
        // Where there is no room for its bytes, that is what is refused.
        for wrong in
            pieces::wrong(plan, &laid, index).into_iter().filter(|wrong| fits(plan, &laid, index, wrong.written.len()))
        {
            let what = format!("{name} in the bytes {}", crate::value::to_hex(&wrong.written));
            self.push(Fault {
                key: format!("{name}/{}", wrong.class.word()),
                name: what,
                flags: vec!["varying"],
                laid: laid.clone(),
                at: wrong.bytes.len() - 1,
                bytes: wrong.bytes,
                class: wrong.class,
                // The frame's size hangs on it, as far as can be told.
                cause: Cause::Size,
            });
        }
    }

    fn check(&mut self, index: usize) {
        let checks = self
            .space
            .plan
            .ops
            .iter()
            .take(index)
            .filter(|op| matches!(op.kind, OpKind::Check(_, Demand::Check)))
            .count();
        let number = checks + 1;
        let names = (format!("check/{number}"), format!("check {number} does not hold"), "check");
        self.value(index, Class::BadCheck, &[], names);
    }

    /// A field whose delimiter does not come in time.
    fn endless(&mut self, index: usize, slot: SlotId, delimiters: &[Vec<u8>], max: Option<u64>) {
        let plan = self.space.plan;
        let longest = delimiters.iter().map(Vec::len).max().unwrap_or(0);
        let most = max.and_then(|max| usize::try_from(max).ok()).map_or(usize::MAX, |max| max.saturating_add(longest));
        let size = |laid: &Laid| usize::try_from(room(plan, laid, index)?).ok().map(|room| room.min(most));
        let there = |laid: &Laid| laid.is_good() && laid.piece(index).is_some();
        let roomy = self.space.find(&[], |laid| there(laid) && size(laid) == Some(most)).map(|(_, laid)| laid);
        let Some(laid) = roomy.or_else(|| self.with(index)) else { return };
        let (Some(piece), Some(size)) = (laid.piece(index), size(&laid)) else { return };
        let filler = (b'a'..=b'z').find(|byte| !delimiters.iter().any(|delimiter| delimiter.contains(byte)));
        let (Some(filler), 1..=LARGEST) = (filler, size) else { return };
        let start = piece.start;
        let mut endless = laid.bytes.get(..start).unwrap_or_default().to_vec();
        endless.resize(start + size, filler);
        let last = plan.ops.iter().rposition(|op| op.kind.has_bytes()) == Some(index);
        let name = self.name(slot);
        let rest = if last { delimiters.first().cloned() } else { None };
        let peek = plan.ops.get(index).is_some_and(|op| matches!(op.kind, OpKind::Peek { .. }));
        self.too_far(
            peek,
            format!("{name}/endless"),
            format!("{name} without a delimiter"),
            &laid,
            endless.clone(),
            rest,
        );
        let short = delimiters.iter().filter(|delimiter| delimiter.len() < longest && delimiter.len() < size);
        if let (Some(short), true) = (short.min_by_key(|delimiter| delimiter.len()), size == most) {
            let mut late = endless;
            late.truncate(start + size - short.len());
            late.extend(short);
            let what = format!("{name} with its delimiter too late");
            self.too_far(peek, format!("{name}/late"), what, &laid, late, last.then(Vec::new));
        }
    }

    /// A field that is refused at the last of these bytes. `rest` ends it, where it can be discarded.
    fn too_far(&mut self, peek: bool, key: String, name: String, laid: &Laid, bytes: Vec<u8>, rest: Option<Vec<u8>>) {
        let fault = Fault {
            key,
            name,
            flags: vec!["oversize"],
            laid: laid.clone(),
            at: bytes.len() - 1,
            bytes,
            class: Class::DelimiterTooFar,
            cause: rest.map_or(Cause::Whole(None), Cause::Delimiter),
        };
        if peek { self.push_peek(fault) } else { self.push(fault) }
    }

    fn msgpack(&mut self, index: usize, slot: SlotId) {
        let plan = self.space.plan;
        let Some(laid) = self.with(index) else { return };
        let (Some(piece), Some(room)) = (laid.piece(index).cloned(), room(plan, &laid, index)) else { return };
        let name = self.name(slot);
        let claimed = plan.ops.iter().take(index).any(|op| matches!(op.kind, OpKind::Open(_)));
        let refused = body::never_begun().into_iter().map(|found| (found, Class::BadBody));
        let huge = body::huge_claims().into_iter().map(|found| (found, Class::FrameTooLarge));
        for ((what, object), class) in refused.chain(huge) {
            let too_large = class == Class::FrameTooLarge;
            if usize::try_from(room).map_or(true, |room| room < object.len())
                || (too_large && (claimed || room >= 0xffff_ffff))
            {
                continue;
            }
            let mut bytes = laid.bytes.get(..piece.start).unwrap_or_default().to_vec();
            bytes.extend(object);
            self.push(Fault {
                key: format!("{name}/{what}"),
                name: format!("{name}: {what}{}", if too_large { " that claims more than a frame has" } else { "" }),
                flags: vec![if too_large { "oversize" } else { "msgpack" }],
                laid: laid.clone(),
                at: bytes.len() - 1,
                bytes,
                class,
                cause: if too_large { Cause::Whole(None) } else { Cause::Size },
            });
        }
    }

    /// A length at every edge.
    fn length(&mut self, id: RegionId) {
        let plan = self.space.plan;
        let (Some(at), Some(region)) = (extent(plan, id), plan.region(id)) else { return };
        let Some(laid) = self.with(at.length) else { return };
        let (Some(op), Some(piece)) = (plan.ops.get(at.length), laid.piece(at.length).cloned()) else { return };
        let bounds =
            op.kind.integers().into_iter().find(|integer| integer.slot == region.length).map(|integer| integer.bounds);
        let Some((min, max)) = bounds else { return };
        let hidden = plan.slot(region.length).is_some_and(|slot| slot.hidden);
        let name = format!("{}{}", self.name(region.length), if hidden { "'s length" } else { "" });
        let first = plan.ops.iter().find_map(|op| match op.kind {
            OpKind::Claim(id) => Some(id),
            _ => None,
        });
        for (value, what) in edges(plan, &laid, id, (min, max)) {
            let mut ints = laid.ints.clone();
            if let Some(place) = ints.get_mut(region.length.0) {
                *place = value;
            }
            let mut bytes = laid.bytes.get(..piece.start).unwrap_or_default().to_vec();
            match &op.kind {
                OpKind::Int { int, .. } => bytes.extend(int.to_wire(value)),
                OpKind::Bits { int, parts } => bytes.extend(group(*int, parts, &ints)),
                OpKind::Let { .. } | OpKind::Bytes { .. } => match pieces::rewritten(plan, &laid, at.length, ints) {
                    Some(written) => bytes = written,
                    None => continue,
                },
                _ => return,
            }
            // Where there is no room for more bytes than the usual ones, that is what is refused.
            let size = bytes.len().saturating_sub(piece.start);
            let there = room(plan, &laid, at.length).and_then(|room| usize::try_from(room).ok());
            if bytes.len() > piece.end && there.is_none_or(|room| room < size) {
                continue;
            }
            let key = format!("{name}={what}");
            let shown = match value {
                -1..=1 => format!("{name} is {what}"),
                _ => format!("{name} is {what} ({value})"),
            };
            let class = match verdict(plan, &laid, id, value) {
                None | Some(Verdict::Complete) => continue,
                Some(Verdict::Waits) => {
                    self.found.push(Planted::Waits { key, name: shown, laid: laid.clone(), bytes });
                    continue;
                }
                Some(Verdict::Reject(class)) => class,
            };
            let whole = (first == Some(id)).then(|| whole(plan, &laid, id, value, (piece.end, bytes.len()))).flatten();
            let (flag, cause) = match class {
                Class::FrameTooLarge => ("oversize", Cause::Whole(whole)),
                Class::BadCheck | Class::BadBody => ("length", Cause::Whole(None)),
                _ => ("length", Cause::Size),
            };
            let value_refused = matches!(class, Class::BadCheck | Class::BadBody);
            if value_refused && plan.policy.on_reject != crate::plan::OnReject::Close {
                continue;
            }
            let cause = if value_refused { Cause::Size } else { cause };
            let flags = vec![flag];
            let at = bytes.len() - 1;
            self.push(Fault { key, name: shown, flags, laid: laid.clone(), bytes, class, at, cause });
        }
    }
}

/// The size of the whole frame that a length claims, where the usual frame has nothing of unknown size outside of it. `ends`: where
/// the length ends in the usual frame, and where in this one.
fn whole(plan: &Plan, laid: &Laid, id: RegionId, value: i128, ends: (usize, usize)) -> Option<usize> {
    let region = plan.region(id)?;
    let claim = value * i128::from(region.unit) - i128::from(region.plus);
    let (begin, counted) = *laid.regions.get(id.0)?;
    let (usual, end) = if begin < ends.0 { (0, 0) } else { ends };
    let others = i128::try_from(laid.bytes.len() - counted - usual + end).ok()?;
    usize::try_from(claim + others).ok()
}

/// The values of a length that are worth trying, each once.
fn edges(plan: &Plan, laid: &Laid, id: RegionId, (min, max): (i128, i128)) -> Vec<(i128, String)> {
    let judged = |value: i128| verdict(plan, laid, id, value);
    let passes = |value: i128| !matches!(judged(value), None | Some(Verdict::Reject(_)));
    let actual = plan.region(id).and_then(|region| laid.ints.get(region.length.0)).copied().unwrap_or(0);
    // Up to the value of a right frame, and from there on, the verdict changes once.
    let least = search(min, actual, passes);
    let most = search(actual, max, |value| !passes(value)) - 1;
    let sign = if min < 0 { -1 } else { (max >> 1_u32) + 1 };
    let named = [
        (0, "zero"),
        (1, "one"),
        (least - 1, "one below its smallest"),
        (least, "its smallest"),
        (most - 1, "one below its largest"),
        (most, "its largest"),
        (most + 1, "one above its largest"),
        (sign, if min < 0 { "minus one" } else { "its highest bit alone" }),
        (min, "the least of its type"),
        (max, "the most of its type"),
        (max - 1, "the most of its type but one"),
    ];
    let mut values: Vec<(i128, String)> = Vec::new();
    for (value, what) in named {
        if (min..=max).contains(&value) && values.iter().all(|(known, _)| *known != value) {
            values.push((value, what.to_owned()));
        }
    }
    values
}

/// The first value of `from..=to` that is so, where all behind it are; `to + 1` where none is.
fn search(from: i128, to: i128, is_so: impl Fn(i128) -> bool) -> i128 {
    let (mut low, mut high) = (from, to + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        if is_so(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// Whether there is room for so many bytes in the place of an op.
fn fits(plan: &Plan, laid: &Laid, index: usize, bytes: usize) -> bool {
    room(plan, laid, index).and_then(|room| usize::try_from(room).ok()).is_some_and(|room| room >= bytes)
}

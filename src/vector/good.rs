//! Right frames: each value at its edges, each body, each field that may be absent.

use super::body;
use super::draft::{Choice, LARGEST, Laid};
use super::nested;
use super::samples::integers;
use super::search::{Space, codecs};
use crate::plan::{Codec, Content, Op, OpKind, Size, SlotId};

/// Content behind which a delimited field of at most so many bytes is still shown at its largest.
const LARGEST_CONTENT: u64 = 8192;
/// A frame of at most so many bytes is shown at its largest.
const LARGEST_FRAME: u64 = 4096;
/// Bytes of right frames, and of wrong ones, from which on no more are made.
pub(super) const ENOUGH: usize = 4 << 20;

/// A right frame and what it shows.
#[derive(Clone, Debug)]
pub(super) struct Good {
    /// What the id is made of.
    pub(super) key: String,
    pub(super) name: String,
    pub(super) flags: Vec<&'static str>,
    pub(super) laid: Laid,
}

/// All right frames worth showing; the first is the usual one.
pub(super) fn frames(space: &Space) -> Vec<Good> {
    let mut good = Frames { space, found: Vec::new(), bytes: 0 };
    good.add("usual", "a frame", &["frame"], &[]);
    for op in &space.plan.ops {
        good.values(op);
        good.condition(op);
        match &op.kind {
            OpKind::Bytes { content: Content::Decimal(_), .. } => {}
            OpKind::Bytes { slot, size, content } => good.content(*slot, size, content),
            OpKind::Frames { slot, .. } => {
                for (key, name, laid) in nested::good(space, *slot, &good.found) {
                    good.push(&key, &name, &["frames"], laid);
                }
            }
            OpKind::Msgpack { slot, .. } => good.bodies(*slot, Codec::Msgpack, None),
            OpKind::Carry { .. }
            | OpKind::Int { .. }
            | OpKind::Let { .. }
            | OpKind::Peek { .. }
            | OpKind::Const { .. }
            | OpKind::Bits { .. }
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
    good.found
}

struct Frames<'a> {
    space: &'a Space<'a>,
    found: Vec<Good>,
    /// Of all of them.
    bytes: usize,
}

impl Frames<'_> {
    fn add(&mut self, key: &str, name: &str, flags: &[&'static str], pinned: &[(SlotId, Choice)]) {
        if self.bytes >= ENOUGH {
            return;
        }
        if let Some((_, laid)) = self.space.find(pinned, |laid| laid.is_good() && has(self.space, laid, pinned)) {
            self.push(key, name, flags, laid);
        }
    }

    fn push(&mut self, key: &str, name: &str, flags: &[&'static str], laid: Laid) {
        if self.found.iter().all(|known| known.laid.bytes != laid.bytes) {
            self.bytes += laid.bytes.len();
            self.found.push(Good { key: key.to_owned(), name: name.to_owned(), flags: flags.to_vec(), laid });
        }
    }

    fn name(&self, slot: SlotId) -> String {
        self.space.plan.slot(slot).map(|slot| slot.name.clone()).unwrap_or_default()
    }

    fn values(&mut self, op: &Op) {
        // The session is given.
        let given =
            if matches!(op.kind, OpKind::Carry { .. }) { Vec::new() } else { integers(self.space.plan, &op.kind) };
        for integer in given {
            let name = self.name(integer.slot);
            for value in integer.taken(self.space.plan) {
                let pinned = [(integer.slot, Choice::Int(value))];
                self.add(&format!("{name}={value}"), &format!("{name} is {value}"), &["value"], &pinned);
            }
        }
    }

    fn condition(&mut self, op: &Op) {
        let (Some(_), Some(slot)) = (&op.guard, op.kind.slots().first().copied()) else { return };
        let Some(index) = self.space.plan.ops.iter().position(|each| each == op) else { return };
        let name = self.name(slot);
        for (there, word) in [(true, "with"), (false, "without")] {
            let wanted = |laid: &Laid| laid.is_good() && laid.piece(index).is_some() == there;
            if let Some((_, laid)) = self.space.find(&[], wanted) {
                self.push(&format!("{word}/{name}"), &format!("{word} {name}"), &["condition"], laid);
            }
        }
    }

    fn content(&mut self, slot: SlotId, size: &Size, content: &Content) {
        match size {
            Size::Fixed(size) => self.fixed(slot, *size, content),
            Size::Rest(_) => {
                for (codec, selector) in codecs(content) {
                    self.bodies(slot, codec, selector);
                }
                self.largest_frame(slot, content);
            }
            Size::Until { delimiters, max, .. } => self.delimited(slot, delimiters, *max, content),
        }
    }

    fn fixed(&mut self, slot: SlotId, size: u64, content: &Content) {
        let Some(size) = usize::try_from(size).ok().filter(|size| *size <= LARGEST) else { return };
        let name = self.name(slot);
        for (byte, what) in [(0x00, "zero bytes"), (0xff, "high bytes")] {
            if *content == Content::Always(Codec::Raw) {
                let pinned = [(slot, Choice::Bytes(vec![byte; size], 0))];
                self.add(&format!("{name}/{what}"), &format!("{name} of {what}"), &["body"], &pinned);
            }
        }
    }

    fn bodies(&mut self, slot: SlotId, codec: Codec, selector: Option<(SlotId, i128)>) {
        let name = self.name(slot);
        let mut bodies = body::taken(codec);
        if codec == Codec::Raw {
            let frame = self.found.first().map(|usual| usual.laid.bytes.clone()).unwrap_or_default();
            bodies.push(("the bytes of a frame", frame));
        }
        for (what, bytes) in bodies {
            let empty = if bytes.is_empty() { "empty-body" } else { "body" };
            let mut pinned = vec![(slot, Choice::Bytes(bytes, 0))];
            pinned.extend(selector.map(|(slot, value)| (slot, Choice::Int(value))));
            self.add(
                &format!("{name}/{codec:?}/{what}"),
                &format!("{name} {}: {what}", word(codec)),
                &[empty],
                &pinned,
            );
        }
    }

    /// The largest frame of all, if it is small.
    fn largest_frame(&mut self, slot: SlotId, content: &Content) {
        let plan = self.space.plan;
        let Some((codec, selector)) = codecs(content).into_iter().next() else { return };
        let Some(usual) = self.found.first().map(|usual| usual.laid.clone()) else { return };
        if plan.max_frame > LARGEST_FRAME {
            return;
        }
        let Some(piece) = usual.pieces.iter().find(|piece| holds(self.space, piece.op, slot)) else { return };
        let others = usual.bytes.len() - (piece.end - piece.start);
        let Some(size) = usize::try_from(plan.max_frame).ok().and_then(|max| max.checked_sub(others)) else { return };
        let Some(bytes) = body::sized(codec, size) else { return };
        let mut pinned = vec![(slot, Choice::Bytes(bytes, 0))];
        pinned.extend(selector.map(|(slot, value)| (slot, Choice::Int(value))));
        let name = self.name(slot);
        self.add(&format!("largest/{name}"), &format!("the largest frame, by {name}"), &["largest"], &pinned);
    }

    fn delimited(&mut self, slot: SlotId, delimiters: &[Vec<u8>], max: Option<u64>, content: &Content) {
        let name = self.name(slot);
        for (index, delimiter) in delimiters.iter().enumerate() {
            let shown = super::notes::escaped(delimiter);
            let mut add = |what: &str, content: Vec<u8>, flag: &'static str| {
                let key = format!("{name}/{index}/{what}");
                let pinned = [(slot, Choice::Bytes(content, index))];
                self.add(&key, &format!("{name} {what}, up to {shown}"), &[flag], &pinned);
            };
            add("empty", Vec::new(), "empty-body");
            add("of one byte", b"a".to_vec(), "delimiter");
            add("of three bytes", b"abc".to_vec(), "delimiter");
            for cut in 1..delimiter.len() {
                let part = delimiter.get(..cut).unwrap_or_default();
                let what = format!("with {} inside", super::notes::escaped(part));
                add(&what, [b"a", part, b"b"].concat(), "partial-delimiter");
                let what = format!("with {} in front of the delimiter", super::notes::escaped(part));
                add(&what, part.to_vec(), "partial-delimiter");
            }
            if let Some(max) = max.filter(|max| *max <= LARGEST_CONTENT).and_then(|max| usize::try_from(max).ok()) {
                add("of as many bytes as it may have", vec![b'a'; max], "largest");
            }
        }
        for (codec, selector) in codecs(content) {
            self.bodies(slot, codec, selector);
        }
    }
}

fn word(codec: Codec) -> &'static str {
    match codec {
        Codec::Raw => "of bytes",
        Codec::Utf8 => "of text",
        Codec::Json => "of JSON",
        Codec::Msgpack => "of MessagePack",
    }
}

fn holds(space: &Space, op: usize, slot: SlotId) -> bool {
    space.plan.ops.get(op).is_some_and(|op| op.kind.slots().contains(&slot))
}

/// The pinned fields are there.
pub(super) fn has(space: &Space, laid: &Laid, pinned: &[(SlotId, Choice)]) -> bool {
    pinned.iter().all(|(slot, _)| laid.pieces.iter().any(|piece| holds(space, piece.op, *slot)))
}

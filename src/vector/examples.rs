//! Frames that show a person what a protocol looks like, with every byte accounted for.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::draft::{Laid, codec};
use super::marks::laid_of;
use super::{Expected, Vector, Vectors};
use crate::interp::{End, Event, decode};
use crate::plan::{Content, OpKind, Plan, SlotId};

/// Examples of a protocol at most, and those of them that may come from hand-written vectors.
const MOST: usize = 6;
const BY_HAND: usize = 3;
/// Bytes of an example at most, unless every frame is larger.
const LONGEST: usize = 80;

/// A vector of whole frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example<'v> {
    /// Where it is from.
    pub vector: &'v Vector,
    /// Each frame's pieces, which cover the stream without a gap.
    pub frames: Vec<Vec<Piece>>,
}

/// Bytes of one op, or of the delimiter behind them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Index of the op in the plan.
    pub op: usize,
    /// Of its first byte in the stream.
    pub offset: usize,
    /// At least one.
    pub bytes: Vec<u8>,
    /// The same as a value: unmasked.
    pub value: Vec<u8>,
    /// It is what ends the op's value, not the value.
    pub delimiter: bool,
    /// The integers that it holds, by slot.
    pub integers: Vec<(SlotId, i128)>,
}

/// What an example can be the first to show.
type Traits = fn(&Plan, &Laid) -> Vec<String>;

/// Some vectors worth showing: those made by hand first, then frames of other shapes, then those with other members of enums.
#[must_use]
pub fn examples<'v>(plan: &Plan, vectors: &'v Vectors) -> Vec<Example<'v>> {
    let plan = Arc::new(plan.clone());
    let good = |test: &&Vector| {
        let frames = test.expect.events.iter().all(|event| matches!(event, Expected::Frame { .. }));
        frames && !test.expect.events.is_empty() && test.expect.end == End::Clean
    };
    let single = |test: &&Vector| !test.derived || test.expect.events.len() == 1;
    let mut tests: Vec<&Vector> = vectors.tests.iter().filter(good).filter(single).collect();
    let shortest = tests.iter().map(|test| test.stream.len()).min().unwrap_or(0);
    tests.retain(|test| test.stream.len() <= LONGEST.max(shortest));
    let mut seen = BTreeSet::new();
    let mut chosen: Vec<(usize, Example<'v>)> = Vec::new();
    for (by_hand, most, traits) in
        [(true, BY_HAND, shapes as Traits), (false, MOST, shapes), (true, MOST, members), (false, MOST, members)]
    {
        for (at, test) in tests.iter().enumerate().filter(|(_, test)| test.derived != by_hand) {
            if chosen.len() >= most || chosen.iter().any(|(known, _)| *known == at) {
                continue;
            }
            let Some(laid) = laid(&plan, test) else { continue };
            if laid.iter().flat_map(|(_, laid)| traits(&plan, laid)).any(|each| !seen.contains(&each)) {
                for (_, laid) in &laid {
                    seen.extend(shapes(&plan, laid));
                    seen.extend(members(&plan, laid));
                }
                let frames = laid.iter().map(|(start, laid)| laid.shown(&plan, *start)).collect();
                chosen.push((at, Example { vector: test, frames }));
            }
        }
    }
    chosen.sort_by_key(|(at, _)| *at);
    chosen.into_iter().map(|(_, example)| example).collect()
}

/// Which ops take part, and how bodies are judged.
fn shapes(plan: &Plan, laid: &Laid) -> Vec<String> {
    let shape = laid.pieces.iter().map(|piece| {
        let kind = plan.ops.get(piece.op).map(|op| &op.kind);
        let Some(OpKind::Bytes { content: content @ Content::By(_, _), .. }) = kind else {
            return piece.op.to_string();
        };
        format!("{} {:?}", piece.op, codec(content, &laid.ints))
    });
    vec![shape.collect::<Vec<String>>().join(", ")]
}

/// The named values; all that have the name for others are one.
fn members(plan: &Plan, laid: &Laid) -> Vec<String> {
    let named = plan.slots.iter().enumerate().filter_map(|(at, slot)| {
        let known = plan.enums.get(slot.names?.0)?;
        let value = laid.ints.get(at)?;
        laid.fields.iter().find(|(name, _)| *name == slot.name)?;
        let member = known.members.iter().find(|(member, _)| member == value);
        Some(format!("{} is {:?}", slot.name, member.map(|(_, name)| name)))
    });
    named.collect()
}

/// The frames of a vector, each with where it begins.
fn laid(plan: &Arc<Plan>, test: &Vector) -> Option<Vec<(usize, Laid)>> {
    let frames = decode(plan, &test.stream).events.into_iter().map(|event| {
        let Event::Frame(frame) = event else { return None };
        let (start, end) = (usize::try_from(frame.start).ok()?, usize::try_from(frame.end).ok()?);
        Some((start, laid_of(plan, &frame.fields, test.stream.get(start..end)?)?))
    });
    frames.collect()
}

impl Laid {
    fn shown(&self, plan: &Plan, start: usize) -> Vec<Piece> {
        let mut shown = Vec::new();
        // An integer in pieces is shown as one.
        let inside: Vec<SlotId> = plan.ops.iter().flat_map(|op| op.kind.pieces()).copied().collect();
        for piece in &self.pieces {
            let Some(op) = plan.ops.get(piece.op) else { continue };
            if op.kind.slots().iter().any(|slot| inside.contains(slot)) {
                continue;
            }
            let integer = |slot: SlotId| Some((slot, *self.ints.get(slot.0)?));
            let integers: Vec<_> =
                op.kind.integers().into_iter().filter_map(|integer_of| integer(integer_of.slot)).collect();
            for (from, to, delimiter) in [(piece.start, piece.value_end, false), (piece.value_end, piece.end, true)] {
                if from < to {
                    let integers = if delimiter { Vec::new() } else { integers.clone() };
                    let bytes = self.bytes.get(from..to).unwrap_or_default().to_vec();
                    let value = self.masked(plan, &op.kind, bytes.as_slice().into()).into_owned();
                    shown.push(Piece { op: piece.op, offset: start + from, bytes, value, delimiter, integers });
                }
            }
        }
        shown
    }
}

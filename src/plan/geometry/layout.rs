//! Where every field begins, as a constant plus what is known only when the frame is read.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{OpKind, PadSize, Plan, RegionId, Size};

/// A part of a size that is not known when the spec is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unknown {
    /// value × unit of a region's length, less its `plus`.
    Claim(RegionId),
    /// What the op of this index takes.
    Own(usize),
}

/// A size in bytes: what is known of it, and what is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    /// The constant part.
    pub(super) fixed: i128,
    /// Each counts once.
    unknown: BTreeSet<Unknown>,
}

impl Extent {
    /// Its value, if all of it is known.
    pub(super) fn constant(&self) -> Option<i128> {
        self.unknown.is_empty().then_some(self.fixed)
    }

    /// What is unknown.
    pub(super) fn unknowns(&self) -> impl Iterator<Item = Unknown> {
        self.unknown.iter().copied()
    }
}

/// Where every op of a plan begins, and where the frame ends.
pub(super) struct Layout {
    starts: Vec<Extent>,
    /// Bytes of the whole frame.
    pub(super) total: Extent,
}

impl Layout {
    pub(super) fn of(plan: &Plan) -> Self {
        let mut walk = Walk { position: Extent::default(), begun: BTreeMap::new() };
        let mut starts = Vec::with_capacity(plan.ops.len());
        for (index, op) in plan.ops.iter().enumerate() {
            starts.push(walk.position.clone());
            walk.step(index, op.guard.is_some(), &op.kind);
        }
        Self { starts, total: walk.position }
    }

    /// Where the op of this index begins.
    pub(super) fn start(&self, index: usize) -> Option<&Extent> {
        self.starts.get(index)
    }
}

struct Walk {
    position: Extent,
    begun: BTreeMap<RegionId, Extent>,
}

impl Walk {
    fn step(&mut self, index: usize, optional: bool, kind: &OpKind) {
        match kind {
            OpKind::Open(region) => {
                self.begun.insert(*region, self.position.clone());
            }
            OpKind::Close(region) => {
                // An earlier op made sure that it ends here, so its end stands for the sizes inside it.
                if self.position.constant().is_none()
                    && let Some(begin) = self.begun.remove(region)
                {
                    self.position = begin;
                    self.position.unknown.insert(Unknown::Claim(*region));
                }
            }
            OpKind::Carry { .. }
            | OpKind::Claim(_)
            | OpKind::Fit { .. }
            | OpKind::Let { .. }
            | OpKind::Peek { .. }
            | OpKind::Check(..)
            | OpKind::Mark(_)
            | OpKind::Sum(_) => {}
            OpKind::Int { .. }
            | OpKind::Const { .. }
            | OpKind::Bits { .. }
            | OpKind::Bytes { .. }
            | OpKind::Msgpack { .. }
            | OpKind::Frames { .. }
            | OpKind::Pad { .. } => match self.size(kind) {
                Some(size) if !optional || size == 0 => self.position.fixed = self.position.fixed.saturating_add(size),
                Some(_) | None => {
                    self.position.unknown.insert(Unknown::Own(index));
                }
            },
        }
    }

    /// The size of an op where it is present; nothing if it depends on the frame.
    fn size(&self, kind: &OpKind) -> Option<i128> {
        match kind {
            OpKind::Int { int, .. } | OpKind::Bits { int, .. } => Some(int.bytes.into()),
            OpKind::Const { bytes, .. } => i128::try_from(bytes.len()).ok(),
            OpKind::Bytes { size: Size::Fixed(size), .. } | OpKind::Pad { size: PadSize::Fixed(size), .. } => {
                Some((*size).into())
            }
            OpKind::Pad { size: PadSize::Align(multiple), .. } => {
                self.position.constant()?.checked_neg()?.checked_rem_euclid((*multiple).into())
            }
            OpKind::Bytes { size: Size::Rest(_) | Size::Until { .. }, .. }
            | OpKind::Msgpack { .. }
            | OpKind::Frames { .. }
            | OpKind::Carry { .. }
            | OpKind::Open(_)
            | OpKind::Close(_)
            | OpKind::Claim(_)
            | OpKind::Fit { .. }
            | OpKind::Let { .. }
            | OpKind::Peek { .. }
            | OpKind::Check(..)
            | OpKind::Mark(_)
            | OpKind::Sum(_) => None,
        }
    }
}

//! Where every field begins, as a constant plus what is known only when the frame is read.

use std::collections::BTreeMap;

use crate::plan::{Bound, Expr, OpKind, PadSize, Plan, RegionId, Size, SizeExpr, SizeTerm};

/// A part of a size that is not known when the spec is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unknown {
    /// value × unit of a region's length, less its `plus`.
    Claim(RegionId),
    /// 1 where a guard holds, else 0; an index into [`Layout::guards`].
    Present(usize),
    /// What the op of this index takes.
    Own(usize),
}

/// A size in bytes that is linear in what is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Linear {
    /// The constant part.
    pub(super) fixed: i128,
    unknown: BTreeMap<Unknown, i128>,
}

impl Linear {
    fn of(fixed: u64) -> Self {
        Self { fixed: fixed.into(), unknown: BTreeMap::new() }
    }

    fn unknown(unknown: Unknown, times: i128) -> Self {
        Self { fixed: 0, unknown: BTreeMap::from([(unknown, times)]) }
    }

    fn plus(&self, other: &Self, sign: i128) -> Self {
        let mut sum = self.clone();
        sum.fixed = sum.fixed.saturating_add(other.fixed.saturating_mul(sign));
        for (unknown, times) in &other.unknown {
            let entry = sum.unknown.entry(*unknown).or_default();
            *entry = entry.saturating_add(times.saturating_mul(sign));
        }
        sum.unknown.retain(|_, times| *times != 0);
        sum
    }

    /// Its value, if all of it is known.
    pub(super) fn constant(&self) -> Option<i128> {
        self.unknown.is_empty().then_some(self.fixed)
    }

    /// What is unknown, and how often it counts; never 0 times.
    pub(super) fn unknowns(&self) -> impl Iterator<Item = (Unknown, i128)> {
        self.unknown.iter().map(|(unknown, times)| (*unknown, *times))
    }
}

/// Where every op of a plan begins, and where the frame ends.
pub(super) struct Layout<'a> {
    starts: Vec<Linear>,
    /// Bytes of the whole frame.
    pub(super) total: Linear,
    guards: Vec<&'a Expr>,
}

impl<'a> Layout<'a> {
    pub(super) fn of(plan: &'a Plan) -> Self {
        let mut walk = Walk { position: Linear::default(), begun: BTreeMap::new(), guards: Vec::new() };
        let mut starts = Vec::with_capacity(plan.ops.len());
        for (index, op) in plan.ops.iter().enumerate() {
            starts.push(walk.position.clone());
            walk.step(index, op.guard.as_ref(), &op.kind);
        }
        Self { starts, total: walk.position, guards: walk.guards }
    }

    /// Where the op of this index begins.
    pub(super) fn start(&self, index: usize) -> Option<&Linear> {
        self.starts.get(index)
    }

    /// The first op with bytes that stands under a guard.
    pub(super) fn guarded_by(&self, plan: &Plan, guard: usize) -> Option<usize> {
        let guard = *self.guards.get(guard)?;
        plan.ops.iter().position(|op| op.kind.has_bytes() && op.guard.as_ref() == Some(guard))
    }
}

struct Walk<'a> {
    position: Linear,
    begun: BTreeMap<RegionId, Linear>,
    guards: Vec<&'a Expr>,
}

impl<'a> Walk<'a> {
    fn step(&mut self, index: usize, guard: Option<&'a Expr>, kind: &'a OpKind) {
        match kind {
            OpKind::Open(region) => {
                if guard.is_none() {
                    self.begun.insert(*region, self.position.clone());
                }
            }
            OpKind::Close(region) => {
                // An earlier op made sure that it ends here, so its end may stand for the sizes inside it.
                if guard.is_none()
                    && self.position.constant().is_none()
                    && let Some(end) = self.end(*region)
                {
                    self.position = end;
                }
            }
            OpKind::Claim(_) | OpKind::Fit { .. } | OpKind::Check(_) => {}
            OpKind::Int { .. }
            | OpKind::Const { .. }
            | OpKind::Bits { .. }
            | OpKind::Bytes { .. }
            | OpKind::Msgpack { .. }
            | OpKind::Pad { .. } => {
                let size = self.size(kind);
                let own = Linear::unknown(Unknown::Own(index), 1);
                let size = match (guard, size) {
                    (None, Some(size)) => size,
                    (Some(guard), Some(size)) => self.optional(guard, &size).unwrap_or(own),
                    (_, None) => own,
                };
                self.position = self.position.plus(&size, 1);
            }
        }
    }

    /// The size of an op where it is present; nothing if it finds its own end.
    fn size(&mut self, kind: &'a OpKind) -> Option<Linear> {
        match kind {
            OpKind::Int { int, .. } | OpKind::Bits { int, .. } => Some(Linear::of(int.bytes.into())),
            OpKind::Const { bytes, .. } => Some(Linear::of(u64::try_from(bytes.len()).ok()?)),
            OpKind::Bytes { size: Size::Fixed(size), .. } | OpKind::Pad { size: PadSize::Fixed(size), .. } => {
                Some(Linear::of(*size))
            }
            OpKind::Bytes { size: Size::Rest(bound), .. } => self.rest(bound),
            OpKind::Pad { size: PadSize::Align(multiple), .. } => {
                let over = self.position.constant()?.checked_rem_euclid((*multiple).into())?;
                Some(Linear {
                    fixed: if over == 0 { 0 } else { i128::from(*multiple).saturating_sub(over) },
                    ..Linear::default()
                })
            }
            OpKind::Bytes { size: Size::Until { .. }, .. }
            | OpKind::Msgpack { .. }
            | OpKind::Open(_)
            | OpKind::Close(_)
            | OpKind::Claim(_)
            | OpKind::Fit { .. }
            | OpKind::Check(_) => None,
        }
    }

    fn rest(&mut self, bound: &'a Bound) -> Option<Linear> {
        let end = self.end(bound.region?)?;
        let tail = self.sum(&bound.tail)?;
        Some(end.plus(&self.position, -1).plus(&tail, -1))
    }

    /// Where a region that has begun ends.
    fn end(&self, region: RegionId) -> Option<Linear> {
        Some(self.begun.get(&region)?.plus(&Linear::unknown(Unknown::Claim(region), 1), 1))
    }

    fn sum(&mut self, size: &'a SizeExpr) -> Option<Linear> {
        let mut sum = Linear::of(size.fixed);
        for term in &size.terms {
            let term = match term {
                SizeTerm::Whole(region) => Linear::unknown(Unknown::Claim(*region), 1),
                SizeTerm::Rest(region) => self.end(*region)?.plus(&self.position, -1),
                SizeTerm::If(guard, size) => {
                    let size = self.sum(size)?;
                    self.optional(guard, &size)?
                }
            };
            sum = sum.plus(&term, 1);
        }
        Some(sum)
    }

    /// A size that counts where the guard holds; nothing if the size itself is not constant.
    fn optional(&mut self, guard: &'a Expr, size: &Linear) -> Option<Linear> {
        let size = size.constant()?;
        let index = self.guards.iter().position(|known| *known == guard).unwrap_or_else(|| {
            self.guards.push(guard);
            self.guards.len().saturating_sub(1)
        });
        Some(if size == 0 { Linear::default() } else { Linear::unknown(Unknown::Present(index), size) })
    }
}

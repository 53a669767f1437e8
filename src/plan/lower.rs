//! From the model to the plan. Infallible: the model has proved that every size can be told.

use super::{
    Binary, Bound, Demand, Expr, MarkId, Op, OpKind, PadSize, Plan, RegionId, Size, SizeExpr, Sum, SumId, SumPart,
    Unary,
};
use crate::model::layout::{Layout, slots_of, varies};
use crate::model::{Body, Counted, Extent, Item, Protocol, Summed, both};

/// Lowers a protocol.
#[must_use]
pub fn lower(protocol: &Protocol) -> Plan {
    let layout = Layout { items: &protocol.items, counts: &protocol.counts, slots: &protocol.slots };
    let mut marks = Vec::new();
    let sums = protocol.sums.iter().map(|sum| lower_sum(protocol, sum, &mut marks)).collect();
    let lowering = Lowering { protocol, layout, marks: &marks };
    let mut ops = Vec::new();
    for (at, item) in protocol.items.iter().enumerate() {
        lowering.item(at, item, &mut ops);
    }
    Plan {
        name: protocol.name.clone(),
        doc: protocol.doc.clone(),
        max_frame: protocol.max_frame,
        largest: protocol.largest,
        min_frame: protocol.min_frame,
        enums: protocol.enums.clone(),
        slots: protocol.slots.clone(),
        regions: protocol.counts.iter().map(|each| each.region.clone()).collect(),
        session: protocol.session.clone(),
        sums,
        marks: marks.len(),
        ops,
        emit: protocol.emit,
        policy: protocol.policy,
        peers: protocol.peers.clone(),
    }
}

struct Lowering<'a> {
    protocol: &'a Protocol,
    layout: Layout<'a>,
    /// The boundary of each mark: so many items stand before it.
    marks: &'a [usize],
}

/// A checksum, for which places are marked.
fn lower_sum(protocol: &Protocol, sum: &Summed, marks: &mut Vec<usize>) -> Sum {
    let mut mark = |boundary: usize| {
        marks.push(boundary);
        MarkId(marks.len().saturating_sub(1))
    };
    let at = mark(sum.item);
    let (begin, end) = (mark(sum.first), mark(sum.last.saturating_add(1)));
    let mut parts = if (sum.first..=sum.last).contains(&sum.item) {
        let own = match protocol.items.get(sum.item).map(|item| &item.body) {
            Some(Body::Int { int, .. }) => u64::from(int.bytes),
            Some(Body::Bytes { extent: Extent::Fixed(size), .. }) => *size,
            _ => 0,
        };
        let behind = mark(sum.item.saturating_add(1));
        vec![SumPart::Bytes(begin, at), SumPart::Zeros(own), SumPart::Bytes(behind, end)]
    } else {
        vec![SumPart::Bytes(begin, end)]
    };
    parts.extend(sum.then.clone().map(SumPart::Byte));
    Sum { what: sum.what.clone(), slot: sum.slot, at, algorithm: sum.algorithm, parts }
}

impl Lowering<'_> {
    /// The ops of one item: what opens, the bytes, what is known then, what must hold then, what closes.
    fn item(&self, at: usize, item: &Item, ops: &mut Vec<Op>) {
        let mut opens: Vec<(usize, usize)> = Vec::new();
        let mut closes: Vec<(usize, usize)> = Vec::new();
        for (id, each) in self.protocol.counts.iter().enumerate() {
            if each.first == at {
                opens.push((usize::MAX.saturating_sub(each.last), id));
            }
            if each.last == at {
                closes.push((usize::MAX.saturating_sub(each.first), id));
            }
        }
        opens.sort_unstable();
        closes.sort_unstable();
        if at == 0 {
            ops.extend(self.marked(at));
        }
        ops.extend(opens.iter().map(|(_, id)| bare(OpKind::Open(RegionId(*id)))));
        if let Some(kind) = self.bytes(at, &item.body) {
            ops.push(Op { guard: item.guard.clone(), kind });
        }
        ops.extend(self.marked(at.saturating_add(1)));
        let claims: Vec<usize> =
            self.protocol.counts.iter().enumerate().filter(|(_, each)| each.length == at).map(|(id, _)| id).collect();
        for id in &claims {
            ops.push(Op { guard: self.claims_when(item, *id), kind: OpKind::Claim(RegionId(*id)) });
        }
        self.fits(at, item, &claims, ops);
        for (id, sum) in self.protocol.sums.iter().enumerate().filter(|(_, sum)| self.sum_due(sum) == at) {
            let guard = self.protocol.items.get(sum.item).and_then(|item| item.guard.clone());
            ops.push(Op { guard, kind: OpKind::Sum(SumId(id)) });
        }
        for (check, demand) in self.protocol.items.iter().filter_map(|item| self.check_due(item, at)) {
            ops.push(bare(OpKind::Check(check.clone(), demand)));
        }
        ops.extend(closes.iter().map(|(_, id)| bare(OpKind::Close(RegionId(*id)))));
    }

    /// The marks at a boundary.
    fn marked(&self, boundary: usize) -> impl Iterator<Item = Op> {
        let marks = self.marks.iter().enumerate().filter(move |(_, at)| **at == boundary);
        marks.map(|(id, _)| bare(OpKind::Mark(MarkId(id))))
    }

    /// The last item that a checksum needs.
    fn sum_due(&self, sum: &Summed) -> usize {
        let then = sum.then.iter().flat_map(slots_of).filter_map(|slot| self.layout.item_of(slot));
        then.fold(sum.last.max(sum.item), usize::max)
    }

    fn bytes(&self, at: usize, body: &Body) -> Option<OpKind> {
        Some(match body {
            Body::Carry { slot, int, accept } => OpKind::Carry { slot: *slot, int: *int, accept: *accept },
            Body::Int { slot, int, accept } => OpKind::Int { slot: *slot, int: *int, accept: *accept },
            Body::Const { slot, bytes } => OpKind::Const { slot: *slot, bytes: bytes.clone() },
            Body::Bits { int, parts } => OpKind::Bits { int: *int, parts: parts.clone() },
            Body::Bytes { slot, extent, content } => {
                let size = match extent {
                    Extent::Fixed(size) => Size::Fixed(*size),
                    Extent::Counted => Size::Rest(self.room(at)),
                    Extent::Until { delimiters, kept, max } => Size::Until {
                        delimiters: delimiters.clone(),
                        kept: *kept,
                        max: *max,
                        room: vec![self.room(at)],
                    },
                };
                OpKind::Bytes { slot: *slot, size, content: content.clone() }
            }
            Body::Frames { slot, times, deep } => OpKind::Frames { slot: *slot, times: times.clone(), deep: *deep },
            Body::Msgpack { slot } => OpKind::Msgpack { slot: *slot, room: vec![self.room(at)] },
            Body::Pad { slot, size } => {
                let room = match size {
                    PadSize::Fixed(_) => Vec::new(),
                    PadSize::Align(_) => vec![self.room(at)],
                };
                OpKind::Pad { slot: *slot, size: *size, room }
            }
            Body::Let { slot, bits, value, pieces, accept } => {
                OpKind::Let { slot: *slot, bits: *bits, value: value.clone(), pieces: pieces.clone(), accept: *accept }
            }
            Body::Peek { slot, accept, texts, ahead, others } => OpKind::Peek {
                slot: *slot,
                accept: *accept,
                texts: texts.clone(),
                ahead: *ahead,
                others: *others,
                room: Bound { region: self.layout.innermost(at).map(RegionId), tail: SizeExpr::default() },
            },
            Body::Check(..) => return None,
        })
    }

    /// What bounds an item of unknown size, before it is read: the innermost claimed range, which itself was made to fit what is around it, or the frame.
    fn room(&self, at: usize) -> Bound {
        let next = at.saturating_add(1);
        let range = self.layout.innermost(at);
        Bound { region: range.map(RegionId), tail: self.layout.rest_beside(Some(at), next, at, range).size }
    }

    /// What must fit once an item has been read: its own claims, the frame, the claims around it, the innermost first.
    ///
    /// A bound is looked at again only where the item told something about it: a length inside, a size that could not be
    /// foreseen, or a condition of an item to come.
    fn fits(&self, at: usize, item: &Item, claims: &[usize], ops: &mut Vec<Op>) {
        // In every session some frame fits.
        let carried = |item: &Item| matches!(item.body, Body::Carry { .. });
        // Nothing comes behind frames in a frame.
        if carried(item) || matches!(item.body, Body::Frames { .. }) {
            return;
        }
        let next = at.saturating_add(1);
        let before = self.protocol.items.iter().take(at);
        let session = if before.clone().all(carried) { before } else { self.protocol.items.iter().take(0) };
        let decides = |first, end| [item].into_iter().chain(session.clone()).any(|each| self.decides(each, first, end));
        // Where its sentinel alone makes it absent, the length has told so.
        let by_sentinel = |range: usize| {
            self.protocol.counts.get(range).is_some_and(|each| {
                let length = self.protocol.items.get(each.length);
                each.region.sentinel.is_some()
                    && length.is_some_and(|length| self.claims_when(length, range) == item.guard)
            })
        };
        let foreseen = matches!(item.body, Body::Bytes { extent: Extent::Counted, .. })
            && (item.guard.is_none() || self.layout.innermost(at).is_some_and(by_sentinel));
        let told = varies(item) && !foreseen;
        for id in claims {
            self.fit(next, Some(*id), self.claims_when(item, *id), ops);
        }
        if !claims.is_empty() || told || decides(next, self.protocol.items.len()) {
            self.fit(next, None, None, ops);
        }
        let around = |each: &Counted| {
            let holds = |inner: &Counted| each.first <= inner.first && each.last >= inner.last;
            let after = each.last.saturating_add(1);
            claims.iter().filter_map(|id| self.protocol.counts.get(*id)).any(holds)
                || (told && (each.first..=each.last).contains(&at))
                || decides(each.first.max(next), after)
        };
        let all = self.protocol.counts.iter().enumerate();
        let told = all.filter(|(id, each)| each.length <= at && !claims.contains(id) && around(each));
        let mut told: Vec<(usize, usize)> = told.map(|(id, each)| (each.last.saturating_sub(each.first), id)).collect();
        told.sort_unstable();
        for (_, id) in told {
            self.fit(next, Some(id), None, ops);
        }
    }

    fn fit(&self, known: usize, range: Option<usize>, guard: Option<Expr>, ops: &mut Vec<Op>) {
        let begin = range.and_then(|range| self.protocol.counts.get(range)).map_or(0, |range| range.first);
        let rest = self.layout.rest(begin.max(known), known, range);
        let region = range.map(RegionId);
        let absent = self.absent(&rest.unknown, known, guard.as_ref()).filter(|_| range.is_some());
        let exact = rest.unknown.is_empty();
        let begun = begin < known;
        if begun || exact || rest.size != SizeExpr::default() {
            let bound = Bound { region, tail: rest.size.clone() };
            ops.push(Op { guard, kind: OpKind::Fit { bound, exact } });
        }
        if absent.is_some() {
            let bound = Bound { region, tail: rest.size };
            ops.push(Op { guard: absent, kind: OpKind::Fit { bound, exact: true } });
        }
    }

    /// When all of these items are known to be absent, though each has a size that is not known where it is there.
    fn absent(&self, items: &[usize], known: usize, guard: Option<&Expr>) -> Option<Expr> {
        let mut all = guard.cloned();
        for item in items {
            let own = self.protocol.items.get(*item).and_then(|item| item.guard.as_ref());
            let own = own.filter(|own| self.layout.is_known(own, known) && Some(*own) != guard)?;
            let not = Expr::Unary(Unary::Not, Box::new(own.clone()));
            all = Some(match all {
                Some(all) => Expr::Binary(Binary::AndAlso, Box::new(all), Box::new(not)),
                None => not,
            });
        }
        all.filter(|_| !items.is_empty())
    }

    /// When a length says how much there is of what it counts.
    fn claims_when(&self, length: &Item, id: usize) -> Option<Expr> {
        both(length.guard.clone(), self.protocol.counts.get(id).and_then(|each| each.region.counts()))
    }

    /// Whether an item's values decide if an item from `first` up to `end` is there.
    fn decides(&self, item: &Item, first: usize, end: usize) -> bool {
        let slots = item.body.slots();
        let later = self.protocol.items.iter().take(end).skip(first);
        let mut guards = later.filter_map(|item| item.guard.as_ref());
        guards.any(|guard| slots_of(guard).iter().any(|slot| slots.contains(slot)))
    }

    /// The check of an item, if the last field that it reads is at `at`.
    fn check_due<'p>(&self, item: &'p Item, at: usize) -> Option<(&'p Expr, Demand)> {
        let Body::Check(expr, demand) = &item.body else { return None };
        let items = slots_of(expr).into_iter().filter_map(|slot| self.layout.item_of(slot));
        (items.max() == Some(at)).then_some((expr, *demand))
    }
}

fn bare(kind: OpKind) -> Op {
    Op { guard: None, kind }
}

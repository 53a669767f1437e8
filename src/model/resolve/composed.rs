//! Integers that are written in pieces: each piece is an item of its own that may be absent, and the value follows from them.

use super::Resolved;
use super::field::int_type;
use crate::diag::{self, Diagnostic};
use crate::model::Body;
use crate::model::document::Document;
use crate::model::phrase::{RawBase, RawEscape, RawField, RawType};
use crate::model::types::{Accept, Binary, Demand, Endian, Expr, IntType, Kind, Slot, SlotId, Source, Unary};

/// How many slots and items a field has before its own.
pub(super) fn before(kind: &RawType) -> (usize, usize) {
    match kind {
        RawType::Prefixed { .. } => (1, 1),
        RawType::Leb128 { most, minimal } => {
            let pieces = usize::from(*most);
            (pieces, pieces.saturating_add(if *minimal { pieces.saturating_sub(1) } else { 0 }))
        }
        RawType::Escape(escape) => {
            let base = usize::from(matches!(escape.base, RawBase::Own(_)));
            let pieces = base.saturating_add(escape.arms.len());
            (pieces, pieces.saturating_add(if escape.minimal { escape.arms.len() } else { 0 }))
        }
        RawType::Int(_)
        | RawType::Bits(_)
        | RawType::Open { .. }
        | RawType::Fixed(_)
        | RawType::Until { .. }
        | RawType::Ascii { .. }
        | RawType::Msgpack
        | RawType::Frames(_)
        | RawType::Pad(_)
        | RawType::PadBits(_)
        | RawType::Peek(_)
        | RawType::Refused => (0, 0),
    }
}

const BYTE: IntType = IntType { bytes: 1, signed: false, endian: Endian::Big };

/// A piece that is to be made.
struct Piece {
    int: IntType,
    accept: Accept,
    guard: Option<Expr>,
    /// Its value, from that of the whole.
    value: Expr,
}

impl Resolved {
    /// Seven bits a byte, the lowest first; the highest bit of a byte says that another follows.
    #[expect(clippy::too_many_arguments, reason = "what a field has, and the words of the type")]
    pub(super) fn leb128(
        &mut self,
        most: u8,
        minimal: bool,
        slot: Slot,
        guard: Option<&Expr>,
        field: &RawField,
        document: &Document,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Body {
        let first = self.slots.len();
        let whole = Expr::Slot(SlotId(first.saturating_add(usize::from(most))));
        let piece = |index: u8| Expr::Slot(SlotId(first.saturating_add(usize::from(index))));
        let follows = |index: u8| join(Binary::Ge, piece(index), Expr::Int(128));
        let bits = most.saturating_mul(7).min(64);
        let mut sum: Option<Expr> = None;
        let mut ids = Vec::new();
        for index in 0..most {
            let shift = i128::from(index).saturating_mul(7);
            let last = index.saturating_add(1) == most;
            let left = i128::from(bits).saturating_sub(shift).min(7);
            let mask = 1_i128.wrapping_shl(u32::try_from(left).unwrap_or(0)).wrapping_sub(1);
            let low = if shift == 0 { whole.clone() } else { join(Binary::Shr, whole.clone(), Expr::Int(shift)) };
            let low = join(Binary::And, low, Expr::Int(mask));
            let rest = join(Binary::Shr, whole.clone(), Expr::Int(shift.saturating_add(7).min(63)));
            let more = join(Binary::Mul, join(Binary::Ne, rest, Expr::Int(0)), Expr::Int(128));
            let guard = match index.checked_sub(1) {
                Some(before) => Some(follows(before)),
                None => guard.cloned(),
            };
            ids.push(self.piece(
                Piece {
                    int: BYTE,
                    accept: if last { Accept::Range(0, mask) } else { Accept::Any },
                    guard,
                    value: if last { low } else { join(Binary::Or, low, more) },
                },
                field,
            ));
            let part = join(Binary::And, piece(index), Expr::Int(mask));
            let part = if shift == 0 { part } else { join(Binary::Shl, part, Expr::Int(shift)) };
            sum = Some(match sum {
                Some(sum) => join(Binary::Or, sum, part),
                None => part,
            });
        }
        for index in 1..if minimal { most } else { 0 } {
            let none = join(Binary::Eq, piece(index), Expr::Int(0));
            let idle = join(Binary::AndAlso, follows(index.saturating_sub(1)), none);
            self.push_item(None, Body::Check(not(idle), Demand::Minimal), field.kind.span);
        }
        let high = 1_i128.wrapping_shl(u32::from(bits)).wrapping_sub(1);
        self.whole(slot, high, sum.unwrap_or(Expr::Int(0)), ids, field, document, diagnostics)
    }

    /// A short integer, and behind it a longer one where it has certain values.
    pub(super) fn escape(
        &mut self,
        escape: &RawEscape,
        slot: Slot,
        guard: Option<&Expr>,
        field: &RawField,
        document: &Document,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Body {
        let first = self.slots.len();
        let (base, own) = match &escape.base {
            RawBase::Own(raw) => (Some(SlotId(first)), Some(int_type(*raw, document.endian))),
            RawBase::Field(name) => (self.base(name, guard, diagnostics), None),
        };
        let base_high = match (own, base.and_then(|base| self.slots.get(base.0))) {
            (Some(int), _) => int.bounds().1,
            (None, Some(slot)) => slot.bounds().1,
            (None, None) => i128::MAX,
        };
        let before = usize::from(own.is_some());
        let whole = Expr::Slot(SlotId(first.saturating_add(before).saturating_add(escape.arms.len())));
        let base_value = base.map_or(Expr::Int(0), Expr::Slot);
        let direct = escape.arms.first().map_or(0, |arm| arm.marker.value);
        let short = join(Binary::Lt, base_value.clone(), Expr::Int(direct));
        let mut sum = join(Binary::Mul, short, base_value.clone());
        let mask = Expr::Int(base_high.min(i128::from(u64::MAX)));
        let fits = join(Binary::Lt, whole.clone(), Expr::Int(direct));
        let mut written = join(Binary::Mul, fits, join(Binary::And, whole.clone(), mask));
        // The largest value that what stands before an arm can tell.
        let mut told = direct.saturating_sub(1);
        let (mut pieces, mut checks) = (Vec::new(), Vec::new());
        let mut marker_before = -1_i128;
        for (index, arm) in escape.arms.iter().enumerate() {
            let (marker, plus) = (arm.marker.value, arm.plus);
            let int = int_type(arm.int, document.endian);
            let high = int.bounds().1.saturating_add(plus);
            let bad = marker <= marker_before || marker > base_high || plus < 0 || plus > told.saturating_add(1);
            if bad || high <= told || high > i128::from(u64::MAX) || direct == 0 {
                diagnostics.push(diag::escape(arm.marker.span, marker, base_high, told));
                break;
            }
            marker_before = marker;
            let at = SlotId(first.saturating_add(before).saturating_add(index));
            let taken = join(Binary::Eq, base_value.clone(), Expr::Int(marker));
            let value = if plus == 0 { whole.clone() } else { join(Binary::Sub, whole.clone(), Expr::Int(plus)) };
            pieces.push(Piece {
                int,
                accept: Accept::Any,
                guard: Some(taken.clone()),
                value: join(Binary::And, value, Expr::Int(int.bounds().1)),
            });
            let own = Expr::Slot(at);
            let part =
                if plus == 0 { own } else { join(Binary::Add, own, join(Binary::Mul, taken.clone(), Expr::Int(plus))) };
            if escape.minimal {
                let least = told.saturating_add(1).saturating_sub(plus);
                let small = join(Binary::Lt, Expr::Slot(at), Expr::Int(least));
                checks.push(not(join(Binary::AndAlso, taken, small)));
            }
            sum = join(Binary::Or, sum, part);
            let above = join(Binary::Gt, whole.clone(), Expr::Int(told));
            let last = index.saturating_add(1) == escape.arms.len();
            let up_to = join(Binary::Le, whole.clone(), Expr::Int(high));
            let within = if last { above } else { join(Binary::AndAlso, above, up_to) };
            written = join(Binary::Or, written, join(Binary::Mul, within, Expr::Int(marker)));
            told = high;
        }
        let mut ids = Vec::new();
        match (own, base) {
            (Some(int), _) => {
                let accept = if marker_before < base_high { Accept::Range(0, marker_before) } else { Accept::Any };
                ids.push(self.piece(Piece { int, accept, guard: guard.cloned(), value: written }, field));
            }
            (None, Some(base)) => {
                if let Some(slot) = self.slots.get_mut(base.0) {
                    slot.source = Source::Piece(written);
                    slot.hidden = true;
                }
            }
            (None, None) => {}
        }
        ids.extend(pieces.into_iter().map(|piece| self.piece(piece, field)));
        for check in checks {
            self.push_item(None, Body::Check(check, Demand::Minimal), field.kind.span);
        }
        self.whole(slot, told.max(1), sum, ids, field, document, diagnostics)
    }

    /// The field in which an escaped integer is written where it is small.
    fn base(
        &self,
        name: &crate::model::phrase::Spanned<String>,
        guard: Option<&Expr>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<SlotId> {
        let place = self.place(&name.value, name.span, |place| place.item < self.items.len(), diagnostics)?;
        let plain = self.slots.get(place.slot.0).filter(|slot| {
            let unsigned = match slot.kind {
                Kind::Int(int) => !int.signed,
                Kind::Bits(_) => true,
                Kind::Bytes | Kind::Text => false,
            };
            unsigned && slot.source == Source::Input && slot.names.is_none() && !slot.hidden
        });
        let any = self.accepts.get(place.slot.0) == Some(&Accept::Any) && !self.is_length(place.slot);
        let read = |guard: &Expr| crate::model::layout::slots_of(guard).contains(&place.slot);
        let used = self.items.iter().filter_map(|item| item.guard.as_ref()).any(read);
        let same = self.items.get(place.item).is_some_and(|item| item.guard.as_ref() == guard);
        if plain.is_none() || !any || used || !same {
            diagnostics.push(diag::escape_base(name.span, &name.value, place.span));
            return None;
        }
        Some(place.slot)
    }

    fn piece(&mut self, piece: Piece, field: &RawField) -> SlotId {
        let slot = Slot {
            name: field.name.value.clone(),
            doc: String::new(),
            kind: Kind::Int(piece.int),
            source: Source::Piece(piece.value),
            names: None,
            hidden: true,
            mask: None,
        };
        let id = self.push_slot(slot, piece.accept, piece.guard.is_some());
        self.push_item(piece.guard, Body::Int { slot: id, int: piece.int, accept: piece.accept }, field.kind.span);
        id
    }

    /// The integer that the pieces make.
    #[expect(clippy::too_many_arguments, reason = "what a field has, and what its pieces are")]
    fn whole(
        &mut self,
        mut slot: Slot,
        high: i128,
        value: Expr,
        pieces: Vec<SlotId>,
        field: &RawField,
        document: &Document,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Body {
        let bits = u8::try_from(128_u32.saturating_sub(high.leading_zeros())).unwrap_or(64).min(64);
        slot.kind = Kind::Bits(bits);
        let (accept, names) = self.accept((0, high), field, document, diagnostics);
        slot.names = names;
        let full = high == 1_i128.wrapping_shl(u32::from(bits)).wrapping_sub(1);
        let accept = match accept {
            Accept::Any if !full => Accept::Range(0, high),
            Accept::Any | Accept::Const(_) | Accept::Range(..) | Accept::Enum(_) => accept,
        };
        let slot = self.push_slot(slot, accept, field.modifiers.when.is_some());
        self.length(slot, field, diagnostics);
        Body::Let { slot, bits, value, pieces, accept }
    }
}

fn join(operator: Binary, left: Expr, right: Expr) -> Expr {
    Expr::Binary(operator, Box::new(left), Box::new(right))
}

fn not(expr: Expr) -> Expr {
    Expr::Unary(Unary::Not, Box::new(expr))
}

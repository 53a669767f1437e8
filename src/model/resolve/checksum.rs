//! Checksums: what each covers, and which is computed first.

use super::Resolved;
use crate::diag::{self, Diagnostic, Span};
use crate::model::expr::RawExpr;
use crate::model::phrase::{Modifiers, RawChecked, RawField, Spanned};
use crate::model::types::{Content, Kind, SlotId, Source, SumId};
use crate::model::{ALGORITHMS, Algorithm, Body, Extent, Summed};

/// A checksum whose range is looked up once all fields are known.
#[derive(Clone, Debug)]
pub(super) struct Summing {
    slot: SlotId,
    item: usize,
    checked: Spanned<RawChecked>,
    algorithm: Algorithm,
    then: Option<Spanned<RawExpr>>,
}

impl Resolved {
    /// Makes the field just read a checksum, if it is one.
    pub(super) fn checksum(&mut self, field: &RawField, diagnostics: &mut Vec<Diagnostic>) {
        let Modifiers { checks, with, then, .. } = &field.modifiers;
        let (Some(checked), Some(name)) = (checks, with) else {
            let spans = [checks.as_ref().map(|each| each.span), with.as_ref().map(|each| each.span)];
            if let Some(span) = spans.into_iter().flatten().chain(then.as_ref().map(|each| each.span)).next() {
                diagnostics.push(diag::checksum_words(span));
            }
            return;
        };
        let Some(algorithm) = Algorithm::named(&name.value) else {
            let names: Vec<&str> = ALGORITHMS.iter().map(|(name, _)| *name).collect();
            diagnostics.push(diag::unknown_algorithm(name.span, &name.value, &names));
            return;
        };
        let item = self.items.len().saturating_sub(1);
        let Some(slot) = self.items.get(item).and_then(|item| item.body.slots().first().copied()) else { return };
        if !self.holds(item, slot, algorithm) {
            let bits = algorithm.bits();
            let fit = if algorithm.is_digest() {
                format!("`bytes[N]`, N up to {}", bits / 8)
            } else {
                format!("`u{bits}`, or `ascii[N]` with digits enough")
            };
            diagnostics.push(diag::checksum_type(field.kind.span, name.span, &name.value, &fit));
            return;
        }
        if let Some(slot) = self.slots.get_mut(slot.0) {
            slot.source = Source::Sum(SumId(self.summing.len()));
        }
        self.summing.push(Summing { slot, item, checked: checked.clone(), algorithm, then: then.clone() });
    }

    /// Whether what an algorithm gives just fits a field.
    fn holds(&self, item: usize, slot: SlotId, algorithm: Algorithm) -> bool {
        let bits = algorithm.bits();
        let kind = self.slots.get(slot.0).map(|slot| slot.kind);
        match (self.items.get(item).map(|item| &item.body), kind) {
            (Some(Body::Int { .. }), Some(Kind::Int(int))) => {
                !int.signed && !algorithm.is_digest() && u32::from(int.bytes).saturating_mul(8) == bits
            }
            (Some(Body::Bytes { content: Content::Decimal(decimal), .. }), _) => {
                !algorithm.is_digest() && decimal.bounds().1 >= 1_i128.wrapping_shl(bits).wrapping_sub(1)
            }
            (Some(Body::Bytes { extent: Extent::Fixed(size), .. }), _) => {
                algorithm.is_digest() && size.saturating_mul(8) <= u64::from(bits)
            }
            _ => false,
        }
    }

    /// Looks up what the checksums cover, and puts each behind those that it covers.
    pub(super) fn sums(&mut self, diagnostics: &mut Vec<Diagnostic>) -> Vec<Summed> {
        let mut left: Vec<(Span, Summed)> = std::mem::take(&mut self.summing)
            .into_iter()
            .filter_map(|summing| Some((summing.checked.span, self.sum(&summing, diagnostics)?)))
            .collect();
        let mut sums: Vec<Summed> = Vec::with_capacity(left.len());
        while !left.is_empty() {
            let covers =
                |sum: &Summed, other: &Summed| other.slot != sum.slot && (sum.first..=sum.last).contains(&other.item);
            let free = left.iter().position(|(_, sum)| !left.iter().any(|(_, other)| covers(sum, other)));
            let Some(free) = free else {
                diagnostics.extend(left.iter().map(|(span, _)| diag::checksum_circle(*span)));
                break;
            };
            let (_, sum) = left.remove(free);
            if let Some(slot) = self.slots.get_mut(sum.slot.0) {
                slot.source = Source::Sum(SumId(sums.len()));
            }
            sums.push(sum);
        }
        sums
    }

    fn sum(&self, summing: &Summing, diagnostics: &mut Vec<Diagnostic>) -> Option<Summed> {
        let Summing { slot, item, checked, algorithm, then } = summing;
        let (what, from, to) = self.range(&checked.value.range, checked.span, diagnostics)?;
        let (first, last) = (from.first, to.item);
        let own = (first..=last).contains(item);
        if own != checked.value.zeroed.is_some() {
            diagnostics.push(diag::checksum_zeroed(checked.value.zeroed.unwrap_or(checked.span), own));
        }
        let then = match then {
            None => None,
            Some(raw) => Some(self.expression(&raw.value, None, diagnostics)?),
        };
        Some(Summed { what, slot: *slot, algorithm: *algorithm, then, first, last, item: *item })
    }
}

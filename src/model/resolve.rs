//! Gives every name its meaning: fields become slots and items, lengths become counted ranges.

mod checksum;
mod composed;
mod field;
mod group;
mod session;
mod span;

use std::collections::BTreeMap;

use super::choice::{self, Flat, Group};
use super::document::{Document, RawEntry, RawEnum};
use super::expr::{self, Meaning, RawExpr};
use super::phrase::{RawField, RawRange, RawType, Spanned};
use super::refused::Refused;
use super::types::{Accept, Demand, EnumDef, Expr, Kind, Peers, Slot, SlotId, Source};
use super::verify;
use super::{Body, Counted, Item, Protocol};
use crate::diag::{self, Diagnostic, Span};

/// Where a field is found.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) slot: SlotId,
    /// The item of its prefix, or its own.
    pub(super) first: usize,
    pub(super) item: usize,
    pub(super) span: Span,
    /// The type as it is written.
    pub(super) kind: Span,
    /// Padding, a part of a bit group or written in pieces: no bytes of its own to hand out.
    pub(super) partial: bool,
}

/// What is known of a spec while it is given its meaning.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    pub(super) slots: Vec<Slot>,
    pub(super) items: Vec<Item>,
    pub(super) counts: Vec<Counted>,
    /// For each item the place of its name.
    pub(super) spans: Vec<Span>,
    /// For each counted range the place of `counts`'s argument.
    pub(super) count_spans: Vec<Span>,
    pub(super) places: BTreeMap<String, Place>,
    /// The names of matches.
    groups: Vec<Group>,
    pub(super) enums: Vec<EnumDef>,
    /// For each member of each enum the place of its name.
    member_spans: Vec<Vec<Span>>,
    refused: Refused,
    /// For each slot whether a `when` makes it absent, and the values that pass.
    optional: Vec<bool>,
    accepts: Vec<Accept>,
    /// The ranges that are still to be looked up.
    pending: Vec<Pending>,
    summing: Vec<checksum::Summing>,
    carrying: Vec<session::Carrying>,
    /// The checks that are still to be given a meaning, with their items.
    checks: Vec<(usize, Spanned<RawExpr>)>,
}

/// A length whose range is looked up once all fields are known.
#[derive(Clone, Debug)]
struct Pending {
    slot: SlotId,
    item: usize,
    range: Spanned<RawRange>,
    plus: i64,
    unit: u64,
    sentinel: Option<Spanned<i128>>,
}

/// Resolves a document; mistakes are reported, and then the protocol may be missing.
pub(super) fn resolve(document: &Document, diagnostics: &mut Vec<Diagnostic>) -> Option<Protocol> {
    let before = diagnostics.len();
    let spans = |raw: &RawEnum| raw.members.iter().map(|(_, name)| name.span).collect();
    let mut resolved = Resolved {
        enums: document.enums.iter().map(enum_def).collect(),
        member_spans: document.enums.iter().map(spans).collect(),
        refused: document.refused.clone(),
        ..Resolved::default()
    };
    let flat = choice::flatten(document, diagnostics);
    resolved.find_places(&flat, diagnostics);
    for (entry, arms) in &flat.entries {
        let first = resolved.items.len();
        resolved.entry(entry, document, diagnostics);
        resolved.items.iter_mut().skip(first).for_each(|item| item.arms.clone_from(arms));
    }
    for (item, raw) in std::mem::take(&mut resolved.checks) {
        resolved.check(item, &raw, diagnostics);
    }
    for length in resolved.pending.clone() {
        resolved.count(length, diagnostics);
    }
    let sums = resolved.sums(diagnostics);
    let session = resolved.session(diagnostics);
    if resolved.items.is_empty() {
        return None;
    }
    let clear = document.whole && diagnostics.len() == before;
    let emit = resolved.emit(document, diagnostics);
    if !clear {
        return None;
    }
    let sizes = verify::verify(&resolved, &sums, document, diagnostics)?;
    Some(Protocol {
        name: document.name.clone(),
        doc: document.doc.clone(),
        max_frame: sizes.max_frame,
        largest: sizes.largest,
        min_frame: sizes.min_frame,
        enums: resolved.enums,
        slots: resolved.slots,
        session,
        items: resolved.items,
        counts: resolved.counts,
        sums,
        emit: emit?,
        policy: document.policy,
        peers: Peers { swoole: document.swoole.as_ref().map(|letter| letter.value) },
    })
}

fn enum_def(raw: &RawEnum) -> EnumDef {
    EnumDef {
        name: raw.name.value.clone(),
        members: raw.members.iter().map(|(value, name)| (value.value, name.value.clone())).collect(),
        other: raw.other.as_ref().map(|name| name.value.clone()),
        texts: raw.texts.iter().map(|text| text.value.clone()).collect(),
    }
}

impl Resolved {
    /// Numbers slots and items just as [`Self::entry`] will make them, so that a length can name a later field.
    fn find_places(&mut self, flat: &Flat, diagnostics: &mut Vec<Diagnostic>) {
        let (mut slot, mut item) = (0_usize, 0_usize);
        let mut firsts = Vec::with_capacity(flat.entries.len());
        for (entry, _) in &flat.entries {
            firsts.push(item);
            let fields: &[RawField] = match entry {
                RawEntry::Carry(field) | RawEntry::Field(field) => std::slice::from_ref(&**field),
                RawEntry::Bits { parts, .. } => parts,
                RawEntry::Check(_) | RawEntry::Match(_) => &[],
            };
            let first = item;
            for field in fields {
                let (group, carried) = (matches!(entry, RawEntry::Bits { .. }), matches!(entry, RawEntry::Carry(_)));
                if !group && !carried {
                    let (slots, items) = composed::before(&field.kind.value);
                    slot = slot.saturating_add(slots);
                    item = item.saturating_add(items);
                }
                let padding = matches!(field.kind.value, RawType::Pad(_) | RawType::PadBits(_));
                let pieces = matches!(field.kind.value, RawType::Leb128 { .. } | RawType::Escape(_) | RawType::Peek(_));
                let place = Place {
                    slot: SlotId(slot),
                    first,
                    item,
                    span: field.name.span,
                    kind: field.kind.span,
                    partial: group || carried || padding || pieces,
                };
                slot = slot.saturating_add(1);
                if padding && field.name.value == "_" {
                    continue;
                }
                if let Some(old) = self.places.get(&field.name.value) {
                    diagnostics.push(diag::field_twice(field.name.span, old.span, &field.name.value));
                } else {
                    self.places.insert(field.name.value.clone(), place);
                }
            }
            item = item.saturating_add(1);
        }
        firsts.push(item);
        for group in &flat.groups {
            if let Some(old) = self.places.get(&group.name) {
                diagnostics.push(diag::field_twice(group.span, old.span, &group.name));
            }
            let item = |entry: usize| firsts.get(entry).copied().unwrap_or(item);
            self.groups.push(Group { first: item(group.first), end: item(group.end), ..group.clone() });
        }
    }

    fn entry(&mut self, entry: &RawEntry, document: &Document, diagnostics: &mut Vec<Diagnostic>) {
        match entry {
            RawEntry::Carry(field) => self.carry(field, document, diagnostics),
            RawEntry::Field(field) => self.field(field, document, diagnostics),
            RawEntry::Bits { span, lsb, endian, parts, when } => {
                let guard = self.guard(when.as_ref(), diagnostics);
                let endian = endian.unwrap_or(document.endian);
                let body = self.bits(*span, *lsb, endian, parts, when.is_some(), document, diagnostics);
                self.push_item(guard, body, *span);
            }
            RawEntry::Check(raw) => {
                self.checks.push((self.items.len(), raw.clone()));
                self.push_item(None, Body::Check(Expr::Int(1), Demand::Check), raw.span);
            }
            // None is left: they were taken out first.
            RawEntry::Match(_) => {}
        }
    }

    /// A check may read fields behind it, so it is given its meaning once all are known.
    fn check(&mut self, item: usize, raw: &Spanned<RawExpr>, diagnostics: &mut Vec<Diagnostic>) {
        let Some(expr) = self.expression(&raw.value, None, diagnostics) else { return };
        if self.is_constant(&expr) {
            diagnostics.push(diag::idle_check(raw.span));
        }
        if let Some(item) = self.items.get_mut(item) {
            item.body = Body::Check(expr, Demand::Check);
        }
    }

    fn push_item(&mut self, guard: Option<Expr>, body: Body, span: Span) {
        self.items.push(Item { guard, body, arms: Vec::new() });
        self.spans.push(span);
    }

    fn push_slot(&mut self, slot: Slot, accept: Accept, optional: bool) -> SlotId {
        self.slots.push(slot);
        self.accepts.push(accept);
        self.optional.push(optional);
        SlotId(self.slots.len().saturating_sub(1))
    }

    fn guard(&mut self, when: Option<&Spanned<RawExpr>>, diagnostics: &mut Vec<Diagnostic>) -> Option<Expr> {
        let when = when?;
        let guard = self.expression(&when.value, Some(self.items.len()), diagnostics)?;
        if self.is_constant(&guard) && !diagnostics.iter().any(|known| known.span == when.span) {
            diagnostics.push(diag::idle_check(when.span));
        }
        Some(guard)
    }

    /// It reads no field whose value can differ.
    fn is_constant(&self, expr: &Expr) -> bool {
        let fixed = |slot: &Slot| matches!(slot.source, Source::Const(_));
        super::layout::slots_of(expr).iter().all(|slot| {
            let optional = self.optional.get(slot.0) == Some(&true);
            !optional && self.slots.get(slot.0).is_some_and(fixed)
        })
    }

    /// An expression; with `before`, of a `when` that stands at this item.
    fn expression(&self, raw: &RawExpr, before: Option<usize>, diagnostics: &mut Vec<Diagnostic>) -> Option<Expr> {
        let mut meaning =
            |name: &str, span: Span, diagnostics: &mut Vec<Diagnostic>| self.meaning(name, span, before, diagnostics);
        expr::resolve(raw, &mut meaning, diagnostics)
    }

    fn meaning(
        &self,
        name: &str,
        span: Span,
        before: Option<usize>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Meaning> {
        if let Some((of, member)) = name.split_once('.') {
            let Some(found) = self.enums.iter().find(|each| each.name == of) else {
                self.unknown_enum(of, span, diagnostics);
                return None;
            };
            let value = found.members.iter().find(|(_, each)| each == member);
            if value.is_none() && !self.refused.contains(of) {
                let members: Vec<&str> = found.members.iter().map(|(_, each)| each.as_str()).collect();
                diagnostics.push(diag::unknown_member(span, of, member, &members));
            }
            return value.map(|(value, _)| Meaning::Constant(*value));
        }
        let place = self.place(name, span, |place| self.is_usable(place, before), diagnostics)?;
        if before.is_some_and(|before| (place.first..=place.item).contains(&before)) {
            diagnostics.push(diag::own_field(span, name, place.span));
            return None;
        }
        let Some(slot) = self.slots.get(place.slot.0) else {
            diagnostics.push(diag::later_field(span, name, place.span));
            return None;
        };
        if before.is_some_and(|before| place.item >= before) {
            diagnostics.push(diag::later_field(span, name, place.span));
            return None;
        }
        if !matches!(slot.kind, Kind::Int(_) | Kind::Bits(_)) || slot.hidden {
            diagnostics.push(diag::no_integer(span, name, place.kind));
            return None;
        }
        if matches!(slot.source, Source::Sum(_)) {
            diagnostics.push(diag::checksum_read(span, name, place.kind));
            return None;
        }
        if before.is_some() && (self.is_length(place.slot) || matches!(slot.source, Source::Piece(_))) {
            diagnostics.push(diag::computed(span, name, place.kind));
            return None;
        }
        let (low, high) = self.bounds(place.slot);
        Some(Meaning::Slot(place.slot, low, high))
    }

    /// The smallest and the largest value that an expression can meet: that of absence included.
    fn bounds(&self, id: SlotId) -> (i128, i128) {
        let (mut low, mut high) = self.slots.get(id.0).map_or((0, 0), Slot::bounds);
        if let Some(Accept::Range(least, most)) = self.accepts.get(id.0) {
            (low, high) = (*least, *most);
        }
        if self.optional.get(id.0) == Some(&true) {
            (low, high) = (low.min(0), high.max(0));
        }
        (low, high)
    }

    /// Whether an expression may use the field; with `before`, a `when` that stands at this item.
    fn is_usable(&self, place: &Place, before: Option<usize>) -> bool {
        let integer = |slot: &Slot| matches!(slot.kind, Kind::Int(_) | Kind::Bits(_)) && !slot.hidden;
        self.slots.get(place.slot.0).is_some_and(integer)
            && before.is_none_or(|before| place.item < before && !self.is_length(place.slot))
    }

    fn is_length(&self, slot: SlotId) -> bool {
        self.pending.iter().any(|length| length.slot == slot)
    }

    /// Finds a field, or reports that there is none and offers those that are `fit`.
    fn place(
        &self,
        name: &str,
        span: Span,
        fit: impl Fn(&Place) -> bool,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<&Place> {
        if self.refused.contains(name) {
            return None;
        }
        let place = self.places.get(name);
        if place.is_none() && !self.refused.some_field {
            let fit = self.places.iter().filter(|(name, place)| !self.refused.contains(name) && fit(place));
            let fields: Vec<&str> = fit.map(|(name, _)| name.as_str()).collect();
            diagnostics.push(diag::unknown_field(span, name, &fields));
        }
        place
    }

    fn unknown_enum(&self, name: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) {
        if !self.refused.some_enum {
            let names: Vec<&str> = self.enums.iter().map(|each| each.name.as_str()).collect();
            diagnostics.push(diag::unknown_enum(span, name, &names));
        }
    }
}

fn any(_: &Place) -> bool {
    true
}

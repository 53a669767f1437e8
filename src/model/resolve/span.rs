//! What names several fields at once: what a length counts, and what is emitted.

use super::{Pending, Resolved, any};
use crate::diag::{self, Diagnostic, Span};
use crate::model::document::Document;
use crate::model::phrase::{RawRange, Spanned};
use crate::model::types::{Accept, Emit, Region, RegionId, Sentinel, SlotId, Source, both};
use crate::model::{Body, Counted, Extent};

/// Items that stand together: the first, that of a field's prefix included, and the last.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Items {
    pub(super) first: usize,
    pub(super) item: usize,
}

impl Resolved {
    /// Looks up what a length counts.
    pub(super) fn count(&mut self, length: Pending, diagnostics: &mut Vec<Diagnostic>) {
        let Some((what, from, to)) = self.range(&length.range.value, length.range.span, diagnostics) else { return };
        // A field's own prefix counts the field without itself; any other length counts the prefix too.
        let own = from == to && length.item == from.first && from.first < from.item;
        let (first, last) = (if own { from.item } else { from.first }, to.item);
        let mut region = Region { what, length: length.slot, plus: length.plus, unit: length.unit, sentinel: None };
        if let Some(value) = &length.sentinel {
            region.sentinel = self.sentinel(value, length.item, (first, last), diagnostics);
            let counts = region.counts();
            if let Some(item) = self.items.get_mut(last).filter(|_| counts.is_some()) {
                item.guard = both(item.guard.take(), counts);
            }
        }
        let id = RegionId(self.counts.len());
        if let Some(slot) = self.slots.get_mut(length.slot.0) {
            slot.source = Source::Length(id);
        }
        self.counts.push(Counted { region, first, last, length: length.item });
        self.count_spans.push(length.range.span);
    }

    /// The sentinel of a length: the one field that it counts is absent then.
    fn sentinel(
        &mut self,
        value: &Spanned<i128>,
        length: usize,
        (first, last): (usize, usize),
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Sentinel> {
        let mut refuse = |why: &str, help: &str| {
            diagnostics.push(diag::sentinel(value.span, why, help));
            None
        };
        let Some(Body::Int { int, accept: Accept::Any, .. }) = self.items.get(length).map(|item| &item.body) else {
            return refuse("this length is no plain integer", "use u8 to u64 or i8 to i64");
        };
        let (low, high) = int.bounds();
        if value.value < low || value.value > high {
            return refuse("the length never has this value", &format!("write a number from {low} to {high}"));
        }
        let field = match self.items.get(last).map(|item| &item.body) {
            Some(Body::Bytes { slot, extent: Extent::Counted, .. }) if first == last && length < first => *slot,
            _ => return refuse("the length counts more than one field of bytes or text", "count that field alone"),
        };
        if let Some(optional) = self.optional.get_mut(field.0) {
            *optional = true;
        }
        Some(Sentinel { value: value.value, field })
    }

    /// A range in the spec's words, and the items of its first and its last field.
    pub(super) fn range(
        &self,
        range: &RawRange,
        span: Span,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<(String, Items, Items)> {
        let RawRange::Fields(first_name, last_name) = range else {
            let last = self.items.len().saturating_sub(1);
            return Some(("frame".to_owned(), Items { first: 0, item: 0 }, Items { first: last, item: last }));
        };
        let single = first_name.value == last_name.value;
        let first = self.counted(first_name, diagnostics);
        let last = if single { first } else { self.counted(last_name, diagnostics) };
        let (first, last) = (first?, last?);
        if first.item > last.item {
            diagnostics.push(diag::backwards(span, &first_name.value, &last_name.value));
            return None;
        }
        let what = if single { first_name.value.clone() } else { format!("{}..{}", first_name.value, last_name.value) };
        Some((what, first, last))
    }

    /// The items of a field, or of a match.
    fn counted(&self, name: &Spanned<String>, diagnostics: &mut Vec<Diagnostic>) -> Option<Items> {
        match self.groups.iter().find(|group| group.name == name.value) {
            Some(group) if group.first < group.end => {
                Some(Items { first: group.first, item: group.end.saturating_sub(1) })
            }
            Some(_) => {
                diagnostics.push(diag::empty_match(name.span, &name.value));
                None
            }
            None => {
                let place = self.place(&name.value, name.span, any, diagnostics)?;
                if matches!(self.items.get(place.item).map(|item| &item.body), Some(Body::Carry { .. })) {
                    diagnostics.push(diag::session_bytes(name.span, &name.value, place.span));
                    return None;
                }
                Some(Items { first: place.first, item: place.item })
            }
        }
    }

    pub(super) fn emit(&self, document: &Document, diagnostics: &mut Vec<Diagnostic>) -> Option<Emit> {
        let Some(emit) = &document.emit else { return Some(Emit::Frame) };
        let text = emit.value.trim();
        if text == "frame" {
            return Some(Emit::Frame);
        }
        if let Some(count) = text.strip_prefix("strip ") {
            let count = crate::model::words::number(count.trim()).and_then(|(count, _)| u64::try_from(count).ok());
            if count.is_none() {
                diagnostics.push(diag::bad_number(emit.span, text, "`strip N`, N in bytes"));
            }
            return count.map(Emit::Strip);
        }
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let first_place = self.place(first, emit.span, any, diagnostics)?;
        let last_place = if first == last { first_place } else { self.place(last, emit.span, any, diagnostics)? };
        if first_place.item > last_place.item {
            diagnostics.push(diag::backwards(emit.span, first, last));
            return None;
        }
        if first_place.partial || last_place.partial {
            let why = "padding, parts of a bit group and values of the session have no bytes of their own";
            diagnostics.push(diag::emit(emit.span, why, "name a field of whole bytes"));
            return None;
        }
        if first == last {
            return Some(Emit::Value(first_place.slot));
        }
        let prefixed = first_place.first < first_place.item;
        let from = if prefixed { SlotId(first_place.slot.0.saturating_sub(1)) } else { first_place.slot };
        Some(Emit::Span(from, last_place.slot))
    }
}

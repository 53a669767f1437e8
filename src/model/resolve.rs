//! Gives every name its meaning: fields become slots and items, lengths become counted ranges.

use std::collections::BTreeMap;

use super::document::{Document, RawEntry, RawEnum};
use super::expr::{self, Meaning, RawExpr};
use super::phrase::{BIT_WORDS, Literal, Modifiers, RawField, RawInt, RawRange, RawType, Spanned, allowed_words};
use super::refused::Refused;
use super::types::{
    Accept, BitPart, Codec, Content, Emit, Endian, EnumDef, EnumId, Expr, IntType, Kind, PadSize, Peers, Region, Slot,
    SlotId, Source,
};
use super::verify;
use super::{Body, Counted, Extent, Item, Protocol};
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
    /// Padding or a part of a bit group: no bytes of its own to hand out.
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
    enums: Vec<EnumDef>,
    /// For each member of each enum the place of its name.
    member_spans: Vec<Vec<Span>>,
    refused: Refused,
    /// For each slot whether a `when` makes it absent, and the values that pass.
    optional: Vec<bool>,
    accepts: Vec<Accept>,
    /// The ranges that are still to be looked up.
    pending: Vec<Pending>,
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
    resolved.find_places(document, diagnostics);
    for entry in &document.frame.value {
        resolved.entry(entry, document, diagnostics);
    }
    for (item, raw) in std::mem::take(&mut resolved.checks) {
        resolved.check(item, &raw, diagnostics);
    }
    for length in resolved.pending.clone() {
        resolved.count(length, diagnostics);
    }
    if resolved.items.is_empty() {
        return None;
    }
    let clear = document.whole && diagnostics.len() == before;
    let emit = resolved.emit(document, diagnostics);
    if !clear {
        return None;
    }
    let sizes = verify::verify(&resolved, document, diagnostics)?;
    Some(Protocol {
        name: document.name.clone(),
        doc: document.doc.clone(),
        max_frame: sizes.max_frame,
        largest: sizes.largest,
        min_frame: sizes.min_frame,
        enums: resolved.enums,
        slots: resolved.slots,
        items: resolved.items,
        counts: resolved.counts,
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
    }
}

impl Resolved {
    /// Numbers slots and items just as [`Self::entry`] will make them, so that a length can name a later field.
    fn find_places(&mut self, document: &Document, diagnostics: &mut Vec<Diagnostic>) {
        let (mut slot, mut item) = (0_usize, 0_usize);
        for entry in &document.frame.value {
            let fields: &[RawField] = match entry {
                RawEntry::Field(field) => std::slice::from_ref(&**field),
                RawEntry::Bits { parts, .. } => parts,
                RawEntry::Check(_) => &[],
            };
            let first = item;
            for field in fields {
                let group = matches!(entry, RawEntry::Bits { .. });
                if matches!(field.kind.value, RawType::Prefixed { .. }) && !group {
                    slot = slot.saturating_add(1);
                    item = item.saturating_add(1);
                }
                let padding = matches!(field.kind.value, RawType::Pad(_) | RawType::PadBits(_));
                let place = Place {
                    slot: SlotId(slot),
                    first,
                    item,
                    span: field.name.span,
                    kind: field.kind.span,
                    partial: group || padding,
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
    }

    fn entry(&mut self, entry: &RawEntry, document: &Document, diagnostics: &mut Vec<Diagnostic>) {
        match entry {
            RawEntry::Field(field) => self.field(field, document, diagnostics),
            RawEntry::Bits { span, lsb, endian, parts, when } => {
                let guard = self.guard(when.as_ref(), diagnostics);
                let endian = endian.unwrap_or(document.endian);
                let body = self.bits(*span, *lsb, endian, parts, when.is_some(), document, diagnostics);
                self.push_item(guard, body, *span);
            }
            RawEntry::Check(raw) => {
                self.checks.push((self.items.len(), raw.clone()));
                self.push_item(None, Body::Check(Expr::Int(1)), raw.span);
            }
        }
    }

    /// A check may read fields behind it, so it is given its meaning once all are known.
    fn check(&mut self, item: usize, raw: &Spanned<RawExpr>, diagnostics: &mut Vec<Diagnostic>) {
        let Some(expr) = self.expression(&raw.value, None, diagnostics) else { return };
        if super::layout::slots_of(&expr).is_empty() {
            diagnostics.push(diag::idle_check(raw.span));
        }
        if let Some(item) = self.items.get_mut(item) {
            item.body = Body::Check(expr);
        }
    }

    fn push_item(&mut self, guard: Option<Expr>, body: Body, span: Span) {
        self.items.push(Item { guard, body });
        self.spans.push(span);
    }

    fn push_slot(&mut self, slot: Slot, accept: Accept, optional: bool) -> SlotId {
        self.slots.push(slot);
        self.accepts.push(accept);
        self.optional.push(optional);
        SlotId(self.slots.len().saturating_sub(1))
    }

    fn guard(&mut self, when: Option<&Spanned<RawExpr>>, diagnostics: &mut Vec<Diagnostic>) -> Option<Expr> {
        self.expression(&when?.value, Some(self.items.len()), diagnostics)
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
        if before.is_some() && self.is_length(place.slot) {
            diagnostics.push(diag::computed(span, name, place.kind));
            return None;
        }
        let (mut low, mut high) = slot.bounds();
        if let Some(Accept::Range(least, most)) = self.accepts.get(place.slot.0) {
            (low, high) = (*least, *most);
        }
        if self.optional.get(place.slot.0) == Some(&true) {
            (low, high) = (low.min(0), high.max(0));
        }
        Some(Meaning::Slot(place.slot, low, high))
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

    fn field(&mut self, field: &RawField, document: &Document, diagnostics: &mut Vec<Diagnostic>) {
        let before = diagnostics.len();
        let guard = self.guard(field.modifiers.when.as_ref(), diagnostics);
        let optional = field.modifiers.when.is_some();
        let span = field.name.span;
        let kind = &field.kind.value;
        let slot = Slot {
            name: field.name.value.clone(),
            doc: field.doc.clone(),
            kind: Kind::Bytes,
            source: Source::Input,
            names: None,
            hidden: false,
        };
        refuse(field, allowed_words(kind), diagnostics);
        let body = match kind {
            RawType::Int(raw) => self.int(int_type(*raw, document.endian), slot, field, document, diagnostics),
            RawType::Refused => {
                let slot = self.push_slot(slot, Accept::Any, optional);
                self.look_up(slot, field, diagnostics);
                Body::Pad { slot, size: PadSize::Fixed(1) }
            }
            RawType::Bits(_) | RawType::PadBits(_) => {
                diagnostics
                    .push(diag::bit_part(field.kind.span, "bits stand in a group: `bits: { order: msb, of: [ … ] }`"));
                let slot = self.push_slot(slot, Accept::Any, optional);
                Body::Pad { slot, size: PadSize::Fixed(1) }
            }
            RawType::Open { text: false } if field.modifiers.constant.is_some() => {
                let bytes = constant_bytes(field, diagnostics);
                let slot = Slot { source: Source::Bytes(bytes.clone()), ..slot };
                Body::Const { slot: self.push_slot(slot, Accept::Any, optional), bytes }
            }
            RawType::Open { text } => self.bytes(slot, *text, Extent::Counted, field, diagnostics),
            RawType::Fixed(size) => self.bytes(slot, false, Extent::Fixed(*size), field, diagnostics),
            RawType::Prefixed { text, prefix } => {
                let int = int_type(*prefix, document.endian);
                self.prefix(int, guard.clone(), field);
                self.bytes(slot, *text, Extent::Counted, field, diagnostics)
            }
            RawType::Until { text, delimiters, kept, max } => {
                self::delimiters(delimiters, diagnostics);
                let delimiters = delimiters.iter().map(|each| each.value.clone()).collect();
                let extent = Extent::Until { delimiters, kept: *kept, max: *max };
                self.bytes(slot, *text, extent, field, diagnostics)
            }
            RawType::Msgpack => Body::Msgpack { slot: self.push_slot(slot, Accept::Any, optional) },
            RawType::Pad(size) => {
                let slot = Slot { source: Source::Zero, hidden: true, ..slot };
                Body::Pad { slot: self.push_slot(slot, Accept::Any, optional), size: *size }
            }
        };
        self.push_item(guard, body, span);
        if diagnostics.len() > before {
            self.refused.add(&field.name.value);
        }
    }

    /// The length of `bytes u16`: an integer in front, which counts the field behind it.
    fn prefix(&mut self, int: IntType, guard: Option<Expr>, field: &RawField) {
        let slot = Slot {
            name: field.name.value.clone(),
            doc: String::new(),
            kind: Kind::Int(int),
            source: Source::Input,
            names: None,
            hidden: true,
        };
        let slot = self.push_slot(slot, Accept::Any, guard.is_some());
        let item = self.items.len();
        let own = Spanned { value: field.name.value.clone(), span: field.kind.span };
        let range = Spanned { value: RawRange::Fields(own.clone(), own), span: field.kind.span };
        self.pending.push(Pending { slot, item, range, plus: 0, unit: 1 });
        self.push_item(guard, Body::Int { slot, int, accept: Accept::Any }, field.kind.span);
    }

    fn int(
        &mut self,
        int: IntType,
        mut slot: Slot,
        field: &RawField,
        document: &Document,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Body {
        slot.kind = Kind::Int(int);
        let optional = field.modifiers.when.is_some();
        let (accept, names) = self.accept(int.bounds(), field, document, diagnostics);
        slot.names = names;
        if let Accept::Const(value) = accept {
            slot.source = Source::Const(value);
            let bytes = int.to_wire(value);
            return Body::Const { slot: self.push_slot(slot, accept, optional), bytes };
        }
        let slot = self.push_slot(slot, accept, optional);
        self.length(slot, field, diagnostics);
        Body::Int { slot, int, accept }
    }

    /// Looks up the names in a field whose type is refused.
    fn look_up(&mut self, slot: SlotId, field: &RawField, diagnostics: &mut Vec<Diagnostic>) {
        if let Some(name) = &field.modifiers.names
            && !self.enums.iter().any(|each| each.name == name.value)
        {
            self.unknown_enum(&name.value, name.span, diagnostics);
        }
        if let Some(via) = &field.modifiers.via {
            self.codec(via, diagnostics);
        }
        self.length(slot, field, diagnostics);
    }

    fn length(&mut self, slot: SlotId, field: &RawField, diagnostics: &mut Vec<Diagnostic>) {
        let Modifiers { counts, plus, unit, .. } = &field.modifiers;
        let Some(range) = counts else {
            if self.refused.contains(&field.name.value) {
                return;
            }
            for (word, given) in [("plus", plus), ("unit", unit)] {
                if let Some(given) = given {
                    diagnostics.push(diag::arithmetic(given.span, word));
                }
            }
            return;
        };
        let added = plus.as_ref().map_or(Some(0), |plus| i32::try_from(plus.value).ok().map(i64::from));
        let factor = unit.as_ref().map_or(Some(1), |unit| u64::try_from(unit.value).ok());
        let factor = factor.filter(|factor| (1..=65536).contains(factor));
        for (word, given, good) in [("plus", plus, added.is_some()), ("unit", unit, factor.is_some())] {
            if let (Some(given), false) = (given, good) {
                diagnostics.push(diag::arithmetic(given.span, word));
            }
        }
        let (plus, unit) = (added.unwrap_or(0), factor.unwrap_or(1));
        self.pending.push(Pending { slot, item: self.items.len(), range: range.clone(), plus, unit });
    }

    /// Which values of an integer pass, and the enum that names them.
    fn accept(
        &self,
        (least, most): (i128, i128),
        field: &RawField,
        document: &Document,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> (Accept, Option<EnumId>) {
        if let Some(constant) = &field.modifiers.constant {
            return match &constant.value {
                Literal::Number(value, _) if (least..=most).contains(value) => (Accept::Const(*value), None),
                Literal::Number(..) | Literal::Text(_) => {
                    let help = format!("write a number from {least} to {most}");
                    diagnostics.push(diag::constant(constant.span, field.kind.span, &help));
                    (Accept::Any, None)
                }
            };
        }
        if let Some(range) = &field.modifiers.range {
            let (low, high) = range.value;
            if low > high || low < least || high > most || (low == least && high == most) {
                diagnostics.push(diag::range(range.span, low, high, least, most));
                return (Accept::Any, None);
            }
            return (Accept::Range(low, high), None);
        }
        let Some(name) = &field.modifiers.names else { return (Accept::Any, None) };
        let Some(index) = self.enums.iter().position(|each| each.name == name.value) else {
            self.unknown_enum(&name.value, name.span, diagnostics);
            return (Accept::Any, None);
        };
        let members = document.enums.get(index).map_or(&[][..], |each| &each.members);
        for (value, member) in members.iter().filter(|(value, _)| !(least..=most).contains(&value.value)) {
            diagnostics.push(diag::enum_too_wide(value.span, name.span, &member.value));
        }
        (Accept::Enum(EnumId(index)), Some(EnumId(index)))
    }

    fn bytes(
        &mut self,
        mut slot: Slot,
        text: bool,
        extent: Extent,
        field: &RawField,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Body {
        let content = match &field.modifiers.via {
            None if text => Content::Always(Codec::Utf8),
            None => Content::Always(Codec::Raw),
            Some(via) => self.codec(via, diagnostics),
        };
        if content == Content::Always(Codec::Utf8) {
            slot.kind = Kind::Text;
        }
        let slot = self.push_slot(slot, Accept::Any, field.modifiers.when.is_some());
        Body::Bytes { slot, extent, content }
    }

    fn codec(&self, via: &Spanned<String>, diagnostics: &mut Vec<Diagnostic>) -> Content {
        if let Some(codec) = codec_word(&via.value) {
            return Content::Always(codec);
        }
        let raw = Content::Always(Codec::Raw);
        if self.refused.contains(&via.value) {
            return raw;
        }
        let place = self.places.get(&via.value);
        if let Some(place) = place.filter(|place| place.item >= self.items.len()) {
            diagnostics.push(diag::later_field(via.span, &via.value, place.span));
            return raw;
        }
        let slot = place.and_then(|place| Some((place.slot, self.slots.get(place.slot.0)?.names?)));
        let Some((slot, names)) = slot else {
            let named =
                self.places.iter().filter(|(_, place)| self.slots.get(place.slot.0).is_some_and(|s| s.names.is_some()));
            let candidates: Vec<&str> =
                CODECS.iter().map(|(word, _)| *word).chain(named.map(|(name, _)| name.as_str())).collect();
            diagnostics.push(diag::unknown_codec(via.span, &via.value, &candidates));
            return raw;
        };
        let members = self.enums.get(names.0).map_or(&[][..], |each| &each.members);
        let mut cases = Vec::new();
        let spans = self.member_spans.get(names.0).map_or(&[][..], |each| each);
        for ((value, member), span) in members.iter().zip(spans) {
            match codec_word(member) {
                Some(codec) => cases.push((*value, codec)),
                None => diagnostics.push(diag::member_no_codec(*span, member, via.span)),
            }
        }
        Content::By(slot, cases)
    }

    #[expect(clippy::too_many_arguments, reason = "a bit group has so many words of its own")]
    fn bits(
        &mut self,
        span: Span,
        lsb: bool,
        endian: Endian,
        fields: &[RawField],
        optional: bool,
        document: &Document,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Body {
        let width_of = |field: &RawField| match field.kind.value {
            RawType::Bits(width) | RawType::PadBits(width) => u32::from(width),
            _ => 0,
        };
        let total: u32 = fields.iter().map(width_of).fold(0, u32::saturating_add);
        let mut parts = Vec::new();
        let mut before = 0_u32;
        for field in fields {
            let width = width_of(field);
            if matches!(field.kind.value, RawType::Refused) {
                let slot = Slot {
                    name: field.name.value.clone(),
                    doc: String::new(),
                    kind: Kind::Bits(1),
                    source: Source::Input,
                    names: None,
                    hidden: false,
                };
                let slot = self.push_slot(slot, Accept::Any, optional);
                self.look_up(slot, field, diagnostics);
                continue;
            }
            if width == 0 {
                diagnostics
                    .push(diag::bit_part(field.kind.span, "parts of a bit group are `b1` to `b63`, or `pad b1`"));
            }
            refuse(field, BIT_WORDS, diagnostics);
            let most = 1_i128.wrapping_shl(width).wrapping_sub(1);
            let padding = matches!(field.kind.value, RawType::PadBits(_));
            let (accept, names) = self.accept((0, most), field, document, diagnostics);
            let source = match accept {
                Accept::Const(value) => Source::Const(value),
                Accept::Any | Accept::Range(..) | Accept::Enum(_) if padding => Source::Zero,
                Accept::Any | Accept::Range(..) | Accept::Enum(_) => Source::Input,
            };
            let narrow = u8::try_from(width).unwrap_or(0);
            let slot = Slot {
                name: field.name.value.clone(),
                doc: field.doc.clone(),
                kind: Kind::Bits(narrow),
                source,
                names,
                hidden: padding,
            };
            let slot = self.push_slot(slot, accept, optional);
            if !padding {
                self.length(slot, field, diagnostics);
            }
            let shift = if lsb { before } else { total.saturating_sub(before).saturating_sub(width) };
            parts.push(BitPart { slot, shift: u8::try_from(shift).unwrap_or(0), width: narrow, accept });
            before = before.saturating_add(width);
        }
        let whole = !fields.iter().any(|field| matches!(field.kind.value, RawType::Refused));
        if whole && (total == 0 || !total.is_multiple_of(8) || total > 64) {
            diagnostics.push(diag::ragged_bits(span, total));
        }
        let bytes = u8::try_from(total.div_euclid(8)).unwrap_or(8);
        Body::Bits { int: IntType { bytes, signed: false, endian }, parts }
    }

    /// Looks up what a length counts.
    fn count(&mut self, length: Pending, diagnostics: &mut Vec<Diagnostic>) {
        let (what, first, last) = match &length.range.value {
            RawRange::Frame => ("frame".to_owned(), 0, self.items.len().saturating_sub(1)),
            RawRange::Fields(first_name, last_name) => {
                let first = self.place(&first_name.value, first_name.span, any, diagnostics).cloned();
                let last = if first_name.value == last_name.value {
                    first.clone()
                } else {
                    self.place(&last_name.value, last_name.span, any, diagnostics).cloned()
                };
                let (Some(first), Some(last)) = (first, last) else { return };
                if first.item > last.item {
                    diagnostics.push(diag::backwards(length.range.span, &first_name.value, &last_name.value));
                    return;
                }
                let single = first_name.value == last_name.value;
                let what = if single {
                    first_name.value.clone()
                } else {
                    format!("{}..{}", first_name.value, last_name.value)
                };
                // A field's own prefix counts the field without itself; any other length counts the prefix too.
                let own = single && length.item == first.first && first.first < first.item;
                (what, if own { first.item } else { first.first }, last.item)
            }
        };
        let region = Region { what, length: length.slot, plus: length.plus, unit: length.unit };
        let id = super::types::RegionId(self.counts.len());
        if let Some(slot) = self.slots.get_mut(length.slot.0) {
            slot.source = Source::Length(id);
        }
        self.counts.push(Counted { region, first, last, length: length.item });
        self.count_spans.push(length.range.span);
    }

    fn emit(&self, document: &Document, diagnostics: &mut Vec<Diagnostic>) -> Option<Emit> {
        let Some(emit) = &document.emit else { return Some(Emit::Frame) };
        let text = emit.value.trim();
        if text == "frame" {
            return Some(Emit::Frame);
        }
        if let Some(count) = text.strip_prefix("strip ") {
            let count = super::phrase::number(count.trim()).and_then(|(count, _)| u64::try_from(count).ok());
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
            let why = "padding and parts of a bit group have no bytes of their own";
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

/// Reports words that the type does not take, and pairs that exclude each other.
fn refuse(field: &RawField, allowed: &[&str], diagnostics: &mut Vec<Diagnostic>) {
    let Modifiers { constant, range, names, counts, plus, unit, via, when } = &field.modifiers;
    let given: Vec<(&str, Span)> = [
        ("=", constant.as_ref().map(|each| each.span)),
        ("in", range.as_ref().map(|each| each.span)),
        ("as", names.as_ref().map(|each| each.span)),
        ("counts", counts.as_ref().map(|each| each.span)),
        ("plus", plus.as_ref().map(|each| each.span)),
        ("unit", unit.as_ref().map(|each| each.span)),
        ("via", via.as_ref().map(|each| each.span)),
        ("when", when.as_ref().map(|each| each.span)),
    ]
    .into_iter()
    .filter_map(|(word, span)| Some((word, span?)))
    .collect();
    for (word, span) in given.iter().filter(|(word, _)| !allowed.contains(word)) {
        diagnostics.push(match field.kind.value {
            RawType::Open { text: true } if *word == "=" => diag::constant_text(*span, field.kind.span),
            _ => diag::exclusive(*span, word, field.kind.span, "this type"),
        });
    }
    let pairs = [("=", "in"), ("=", "as"), ("=", "counts"), ("in", "as"), ("as", "counts"), ("=", "via")];
    for (one, other) in pairs {
        let find = |word| given.iter().find(|(each, _)| *each == word && allowed.contains(each));
        if let (Some((_, first)), Some((_, second))) = (find(one), find(other)) {
            diagnostics.push(diag::exclusive(*second, other, *first, one));
        }
    }
}

fn int_type(raw: RawInt, endian: Endian) -> IntType {
    IntType { bytes: raw.bytes, signed: raw.signed, endian: raw.endian.unwrap_or(endian) }
}

fn constant_bytes(field: &RawField, diagnostics: &mut Vec<Diagnostic>) -> Vec<u8> {
    let Some(constant) = &field.modifiers.constant else { return vec![0] };
    let bytes = match &constant.value {
        Literal::Text(bytes) => bytes.clone(),
        Literal::Number(_, bytes) => bytes.clone().unwrap_or_default(),
    };
    if bytes.is_empty() || bytes.len() > 4096 {
        let help = "write \"text\" or 0x and pairs of hexadecimal digits: 1 to 4096 bytes";
        diagnostics.push(diag::constant(constant.span, field.kind.span, help));
        return vec![0];
    }
    bytes
}

/// A delimiter is not empty, and none occurs inside another but at its end.
fn delimiters(all: &[Spanned<Vec<u8>>], diagnostics: &mut Vec<Diagnostic>) {
    for (index, delimiter) in all.iter().enumerate() {
        if delimiter.value.is_empty() {
            diagnostics.push(diag::hidden_delimiter(delimiter.span, None));
            continue;
        }
        let hides = |(other_index, other): &(usize, &Spanned<Vec<u8>>)| {
            let ends_before = other.value.len() < delimiter.value.len()
                && delimiter
                    .value
                    .split_last()
                    .is_some_and(|(_, front)| memchr::memmem::find(front, &other.value).is_some());
            let twice = *other_index < index && other.value == delimiter.value;
            !other.value.is_empty() && (ends_before || twice)
        };
        if let Some((_, other)) = all.iter().enumerate().find(hides) {
            diagnostics.push(diag::hidden_delimiter(delimiter.span, Some(other.span)));
        }
    }
}

fn any(_: &Place) -> bool {
    true
}

const CODECS: &[(&str, Codec)] =
    &[("raw", Codec::Raw), ("utf8", Codec::Utf8), ("json", Codec::Json), ("msgpack", Codec::Msgpack)];

fn codec_word(word: &str) -> Option<Codec> {
    CODECS.iter().find(|(each, _)| *each == word).map(|(_, codec)| *codec)
}

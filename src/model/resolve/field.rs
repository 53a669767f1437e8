//! Fields of whole bytes.

use super::{Pending, Place, Resolved};
use crate::diag::{self, Diagnostic, Span};
use crate::model::document::Document;
use crate::model::phrase::{
    Literal, Modifiers, RawDigits, RawField, RawInt, RawRange, RawType, Spanned, allowed_words,
};
use crate::model::types::{
    Accept, Ahead, Codec, Content, Decimal, Endian, EnumId, Expr, IntType, Kind, PEEKED, PadSize, Slot, SlotId, Source,
};
use crate::model::{Body, Extent};

impl Resolved {
    pub(super) fn field(&mut self, field: &RawField, document: &Document, diagnostics: &mut Vec<Diagnostic>) {
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
            mask: None,
        };
        refuse(field, &allowed_words(kind), diagnostics);
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
            RawType::Ascii { size, signed, minimal } => {
                self.ascii(size, (*signed, *minimal), slot, field, document, diagnostics)
            }
            RawType::Leb128 { most, minimal } => {
                self.leb128(*most, *minimal, slot, guard.as_ref(), field, document, diagnostics)
            }
            RawType::Escape(escape) => self.escape(escape, slot, guard.as_ref(), field, document, diagnostics),
            RawType::Peek(ahead) => self.peek(*ahead, slot, field, document, diagnostics),
            RawType::Frames(deep) => self.frames(*deep, slot, field, diagnostics),
            RawType::Msgpack => Body::Msgpack { slot: self.push_slot(slot, Accept::Any, optional) },
            RawType::Pad(size) => {
                let slot = Slot { source: Source::Zero, hidden: true, ..slot };
                Body::Pad { slot: self.push_slot(slot, Accept::Any, optional), size: *size }
            }
        };
        self.push_item(guard, body, span);
        self.checksum(field, diagnostics);
        if diagnostics.len() > before {
            self.refused.add(&field.name.value);
        }
    }

    /// The length of `bytes u16`: an integer in front, which counts the field behind it.
    pub(super) fn prefix(&mut self, int: IntType, guard: Option<Expr>, field: &RawField) {
        let slot = Slot {
            name: field.name.value.clone(),
            doc: String::new(),
            kind: Kind::Int(int),
            source: Source::Input,
            names: None,
            hidden: true,
            mask: None,
        };
        let slot = self.push_slot(slot, Accept::Any, guard.is_some());
        let item = self.items.len();
        let own = Spanned { value: field.name.value.clone(), span: field.kind.span };
        let range = Spanned { value: RawRange::Fields(own.clone(), own), span: field.kind.span };
        let sentinel = field.modifiers.sentinel.clone();
        self.pending.push(Pending { slot, item, range, plus: 0, unit: 1, sentinel });
        self.push_item(guard, Body::Int { slot, int, accept: Accept::Any }, field.kind.span);
    }

    pub(super) fn int(
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

    fn frames(&mut self, deep: u8, slot: Slot, field: &RawField, diagnostics: &mut Vec<Diagnostic>) -> Body {
        const MOST: i128 = 1 << 48;
        let times = field.modifiers.times.as_ref();
        if times.is_none() {
            let help = "add `times` and an expression, such as `frames times count`";
            diagnostics.push(diag::frames(field.kind.span, "nothing says how many frames follow", help));
        }
        let expr = times.and_then(|times| self.expression(&times.value, Some(self.items.len()), diagnostics));
        if let (Some(times), Some(expr)) = (times, &expr) {
            let (low, high) = expr.bounds(&|slot| self.bounds(slot));
            let wrong = if low < -MOST || high > MOST {
                Some((
                    "this can be more than 2^48, or less than its negative",
                    "bound what it reads, with `in` or a narrower type",
                ))
            } else if high < 1 {
                Some(("this is never more than 0", "remove the field, or count more"))
            } else if low > 0 && field.modifiers.when.is_none() {
                Some((
                    "each frame has another one inside, so none ever ends",
                    "let the number be 0 for some frames, or add `when`",
                ))
            } else {
                None
            };
            diagnostics.extend(wrong.map(|(why, help)| diag::frames(times.span, why, help)));
        }
        let slot = self.push_slot(slot, Accept::Any, field.modifiers.when.is_some());
        Body::Frames { slot, times: expr.unwrap_or(Expr::Int(0)), deep }
    }

    fn peek(
        &mut self,
        ahead: Ahead,
        mut slot: Slot,
        field: &RawField,
        document: &Document,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Body {
        let (accept, names) = self.accept(PEEKED.bounds(), field, document, diagnostics);
        (slot.kind, slot.names) = (Kind::Int(PEEKED), names);
        let named = names.and_then(|id| document.enums.get(id.0));
        match (named, &field.modifiers.names) {
            (Some(named), Some(_)) if !named.texts.is_empty() => match ahead {
                Ahead::Next => beginnings(&named.texts, diagnostics),
                Ahead::First { .. } => {
                    delimiters(&named.texts, diagnostics);
                    if let Some((_, other)) = named.members.get(named.texts.len()) {
                        let help = "remove `_`: where none of the texts comes, the stream is refused";
                        diagnostics.push(diag::texts(other.span, "`peek until` goes on until there is a text", help));
                    }
                }
            },
            (Some(_), Some(name)) => {
                let help = "write its keys as texts in quotes, such as `\"GET \": get`";
                diagnostics.push(diag::texts(name.span, "this enum has numbers, and a peek looks for texts", help));
            }
            (None, None) => {
                let help = "add `as` and an enum of texts, such as `Verb: { \"GET \": get, \"PUT \": put }`";
                diagnostics.push(diag::texts(field.kind.span, "nothing says what is looked for", help));
            }
            // It is reported.
            (None, Some(_)) | (Some(_), None) => {}
        }
        let texts: Vec<Vec<u8>> =
            named.map(|named| named.texts.iter().map(|text| text.value.clone()).collect()).unwrap_or_default();
        let others = named.is_some_and(|named| named.members.len() > texts.len());
        let slot = self.push_slot(slot, accept, field.modifiers.when.is_some());
        Body::Peek { slot, accept, texts, ahead, others }
    }

    /// Looks up the names in a field whose type is refused.
    pub(super) fn look_up(&mut self, slot: SlotId, field: &RawField, diagnostics: &mut Vec<Diagnostic>) {
        if let Some(name) = &field.modifiers.names
            && !self.enums.iter().any(|each| each.name == name.value)
        {
            self.unknown_enum(&name.value, name.span, diagnostics);
        }
        if let Some(via) = &field.modifiers.via {
            self.codec(via, diagnostics);
        }
        if let Some(key) = &field.modifiers.xor {
            self.key(key, diagnostics);
        }
        self.length(slot, field, diagnostics);
    }

    pub(super) fn length(&mut self, slot: SlotId, field: &RawField, diagnostics: &mut Vec<Diagnostic>) {
        let Modifiers { counts, plus, unit, sentinel, .. } = &field.modifiers;
        let Some(range) = counts else {
            if self.refused.contains(&field.name.value) {
                return;
            }
            for (word, given) in [("plus", plus), ("unit", unit)] {
                if let Some(given) = given {
                    diagnostics.push(diag::arithmetic(given.span, word));
                }
            }
            if let Some(sentinel) = sentinel {
                diagnostics.push(diag::sentinel(sentinel.span, "there is no length here", "add `counts` and a field"));
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
        let sentinel = sentinel.clone();
        self.pending.push(Pending { slot, item: self.items.len(), range: range.clone(), plus, unit, sentinel });
    }

    /// Which values of an integer pass, and the enum that names them.
    pub(super) fn accept(
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
        let texts = document.enums.get(index).is_some_and(|each| !each.texts.is_empty());
        if texts && !matches!(field.kind.value, RawType::Peek(_)) {
            let help = "use `peek` as the type, or write the enum's keys as numbers";
            diagnostics.push(diag::texts(name.span, "this enum has texts, and only a peek looks for those", help));
        }
        for (value, member) in members.iter().filter(|(value, _)| !(least..=most).contains(&value.value)) {
            diagnostics.push(diag::enum_too_wide(value.span, name.span, &member.value));
        }
        (Accept::Enum(EnumId(index)), Some(EnumId(index)))
    }

    pub(super) fn bytes(
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
        slot.mask = field.modifiers.xor.as_ref().and_then(|key| self.key(key, diagnostics));
        let slot = self.push_slot(slot, Accept::Any, field.modifiers.when.is_some());
        Body::Bytes { slot, extent, content }
    }

    /// The field with which the one at hand is masked.
    fn key(&self, key: &Spanned<String>, diagnostics: &mut Vec<Diagnostic>) -> Option<SlotId> {
        let item = |place: &Place| self.items.get(place.item).map(|item| &item.body);
        let fixed =
            |place: &Place| matches!(item(place), Some(Body::Bytes { extent: Extent::Fixed(_), .. }) if !place.partial);
        let place = self.place(&key.value, key.span, fixed, diagnostics)?;
        if place.item >= self.items.len() {
            diagnostics.push(diag::later_field(key.span, &key.value, place.span));
            return None;
        }
        let slot = self.slots.get(place.slot.0)?;
        let plain = slot.kind == Kind::Bytes && slot.source == Source::Input && slot.mask.is_none();
        if !fixed(place) || !plain {
            diagnostics.push(diag::mask_key(key.span, &key.value, place.kind));
            return None;
        }
        Some(place.slot)
    }

    /// An integer in decimal digits.
    fn ascii(
        &mut self,
        size: &RawDigits,
        (signed, minimal): (bool, bool),
        mut slot: Slot,
        field: &RawField,
        document: &Document,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Body {
        let (digits, extent) = match size {
            RawDigits::Fixed(digits) => (*digits, Extent::Fixed(u64::from(*digits))),
            RawDigits::Until { delimiters, most } => {
                self::delimiters(delimiters, diagnostics);
                for delimiter in
                    delimiters.iter().filter(|each| each.value.iter().any(|byte| b"-0123456789".contains(byte)))
                {
                    diagnostics.push(diag::digit_delimiter(delimiter.span));
                }
                let delimiters = delimiters.iter().map(|each| each.value.clone()).collect();
                let max = u64::from(*most).saturating_add(u64::from(signed));
                (*most, Extent::Until { delimiters, kept: false, max: Some(max) })
            }
        };
        let mut decimal = Decimal { digits, signed, minimal, accept: Accept::Any };
        let (low, high) = decimal.bounds();
        let bits = u8::try_from(128_u32.saturating_sub(high.leading_zeros())).unwrap_or(64);
        slot.kind =
            if signed { Kind::Int(IntType { bytes: 8, signed, endian: Endian::Big }) } else { Kind::Bits(bits) };
        let (accept, names) = self.accept((low, high), field, document, diagnostics);
        (decimal.accept, slot.names) = (accept, names);
        let slot = self.push_slot(slot, accept, field.modifiers.when.is_some());
        self.length(slot, field, diagnostics);
        Body::Bytes { slot, extent, content: Content::Decimal(decimal) }
    }

    pub(super) fn codec(&self, via: &Spanned<String>, diagnostics: &mut Vec<Diagnostic>) -> Content {
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
}

/// Reports words that the type does not take, and pairs that exclude each other.
pub(super) fn refuse(field: &RawField, allowed: &[&str], diagnostics: &mut Vec<Diagnostic>) {
    let Modifiers {
        constant,
        range,
        names,
        counts,
        plus,
        unit,
        sentinel,
        via,
        xor,
        checks,
        with,
        from,
        then,
        times,
        when,
    } = &field.modifiers;
    let given: Vec<(&str, Span)> = [
        ("=", constant.as_ref().map(|each| each.span)),
        ("in", range.as_ref().map(|each| each.span)),
        ("as", names.as_ref().map(|each| each.span)),
        ("counts", counts.as_ref().map(|each| each.span)),
        ("plus", plus.as_ref().map(|each| each.span)),
        ("unit", unit.as_ref().map(|each| each.span)),
        ("sentinel", sentinel.as_ref().map(|each| each.span)),
        ("via", via.as_ref().map(|each| each.span)),
        ("xor", xor.as_ref().map(|each| each.span)),
        ("checks", checks.as_ref().map(|each| each.span)),
        ("with", with.as_ref().map(|each| each.span)),
        ("from", from.as_ref().map(|each| each.span)),
        ("then", then.as_ref().map(|each| each.span)),
        ("times", times.as_ref().map(|each| each.span)),
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
    let pairs = [
        ("=", "in"),
        ("=", "as"),
        ("=", "counts"),
        ("in", "as"),
        ("as", "counts"),
        ("=", "via"),
        ("=", "checks"),
        ("in", "checks"),
        ("as", "checks"),
        ("counts", "checks"),
        ("in", "sentinel"),
        ("via", "checks"),
        ("=", "xor"),
        ("xor", "checks"),
    ];
    for (one, other) in pairs {
        let find = |word| given.iter().find(|(each, _)| *each == word && allowed.contains(each));
        if let (Some((_, first)), Some((_, second))) = (find(one), find(other)) {
            diagnostics.push(diag::exclusive(*second, other, *first, one));
        }
    }
}

pub(super) fn int_type(raw: RawInt, endian: Endian) -> IntType {
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

/// None is what another begins with.
fn beginnings(all: &[Spanned<Vec<u8>>], diagnostics: &mut Vec<Diagnostic>) {
    for (index, text) in all.iter().enumerate() {
        let begins = |(other, each): &(usize, &Spanned<Vec<u8>>)| {
            let same = each.value == text.value;
            text.value.starts_with(&each.value) && if same { *other < index } else { *other != index }
        };
        if let Some((_, other)) = all.iter().enumerate().find(begins) {
            diagnostics.push(diag::text_begins(text.span, other.span));
        }
    }
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

const CODECS: &[(&str, Codec)] =
    &[("raw", Codec::Raw), ("utf8", Codec::Utf8), ("json", Codec::Json), ("msgpack", Codec::Msgpack)];

fn codec_word(word: &str) -> Option<Codec> {
    CODECS.iter().find(|(each, _)| *each == word).map(|(_, codec)| *codec)
}

//! The keys of a spec file.

use std::collections::BTreeMap;

use super::expr::{self, RawExpr};
use super::grammar;
use super::phrase::{self, RawField, Spanned};
use super::refused::Refused;
use super::types::{Endian, OnReject, Oversize, Policy, SWOOLE_PACKS};
use super::words::number;
use crate::diag::{self, Code, Diagnostic, Span};
use crate::yaml::{Node, NodeKind};

/// A spec as it is written; names are not looked up yet.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) endian: Endian,
    pub(super) max_frame: Option<Spanned<u64>>,
    pub(super) enums: Vec<RawEnum>,
    pub(super) session: Vec<RawField>,
    pub(super) frame: Spanned<Vec<RawEntry>>,
    pub(super) emit: Option<Spanned<String>>,
    pub(super) policy: Policy,
    pub(super) policy_spans: PolicySpans,
    pub(super) swoole: Option<Spanned<char>>,
    pub(super) refused: Refused,
    /// The frame was read without a mistake.
    pub(super) whole: bool,
}

/// Where the policy stands.
#[derive(Debug, Default)]
pub(super) struct PolicySpans {
    pub(super) oversize: Span,
    pub(super) on_reject: Span,
}

#[derive(Debug)]
pub(super) struct RawEnum {
    pub(super) name: Spanned<String>,
    pub(super) members: Vec<(Spanned<i128>, Spanned<String>)>,
    pub(super) other: Option<Spanned<String>>,
    /// Of an enum of texts: those of the first members.
    pub(super) texts: Vec<Spanned<Vec<u8>>>,
}

/// One entry of the frame.
#[derive(Clone, Debug)]
pub(super) enum RawEntry {
    /// A value of the session.
    Carry(Box<RawField>),
    Field(Box<RawField>),
    Bits {
        span: Span,
        lsb: bool,
        endian: Option<Endian>,
        parts: Vec<RawField>,
        when: Option<Spanned<RawExpr>>,
    },
    Check(Spanned<RawExpr>),
    Match(RawMatch),
}

/// Entries of which a field's value takes some.
#[derive(Clone, Debug)]
pub(super) struct RawMatch {
    pub(super) name: Spanned<String>,
    /// The field.
    pub(super) on: Spanned<String>,
    pub(super) arms: Vec<RawArm>,
}

#[derive(Clone, Debug)]
pub(super) struct RawArm {
    /// The values, as they are written: `open`, `1 | 2`, `_`.
    pub(super) label: Spanned<String>,
    pub(super) entries: Vec<RawEntry>,
}

/// Bytes of a frame at most: 2 GiB less one, so that every language's arrays can hold it.
pub(super) const MOST: u64 = (1 << 31) - 1;

/// Reads every key; what is missing or wrong is reported and left out.
pub(super) fn read(tree: &Node, diagnostics: &mut Vec<Diagnostic>) -> Document {
    let mut document = Document {
        name: String::new(),
        doc: String::new(),
        endian: Endian::Big,
        max_frame: None,
        enums: Vec::new(),
        session: Vec::new(),
        frame: Spanned { value: Vec::new(), span: tree.span },
        emit: None,
        policy: Policy { oversize: Oversize::Close, on_reject: OnReject::Close },
        policy_spans: PolicySpans::default(),
        swoole: None,
        refused: Refused::default(),
        whole: true,
    };
    let NodeKind::Map(entries) = &tree.kind else {
        diagnostics.push(diag::no_map(tree.span));
        return document;
    };
    let keys = grammar::words(grammar::SPEC);
    let slips = || entries.iter().filter_map(|(key, _)| diag::did_you_mean(text(key)?, &keys));
    document.refused.some_enum =
        slips().any(|key| key == "enums") && !entries.iter().any(|(key, _)| text(key) == Some("enums"));
    for key in grammar::SPEC {
        let Some(example) = key.required else { continue };
        if !slips().any(|slip| slip == key.word) {
            let start = tree.span.start;
            let end = entries.first().map_or(start, |(key, _)| key.span.end);
            diagnostics.push(diag::missing_key(Span { start, end }, key.word, example));
        }
    }
    for (key, value) in entries {
        let Some(word) = text(key) else { continue };
        match word {
            "framewright" => {
                if scalar(word, value, diagnostics).is_some_and(|version| version != "1") {
                    diagnostics.push(diag::version(value.span));
                }
            }
            "name" => {
                if let Some(name) = scalar(word, value, diagnostics) {
                    protocol_name(name, value.span, diagnostics);
                    name.clone_into(&mut document.name);
                }
            }
            "doc" => scalar(word, value, diagnostics).unwrap_or_default().clone_into(&mut document.doc),
            "endian" => document.endian = endian(value, diagnostics).unwrap_or(Endian::Big),
            "max_frame" => document.max_frame = max_frame(value, diagnostics),
            "enums" => document.enums = enums(value, &mut document.refused, diagnostics),
            "session" => {
                let before = diagnostics.len();
                document.session = session(value, &mut document.refused, diagnostics);
                document.whole &= diagnostics.len() == before;
            }
            "frame" => {
                let before = diagnostics.len();
                document.frame = frame(value, &mut document.refused, diagnostics);
                document.whole &= diagnostics.len() == before;
            }
            "emit" => {
                document.emit =
                    scalar(word, value, diagnostics).map(|text| Spanned { value: text.to_owned(), span: value.span });
            }
            "policy" => policy(value, &mut document, diagnostics),
            "peers" => peers(value, &mut document, diagnostics),
            unknown => diagnostics.push(diag::unknown_key(key.span, unknown, "a spec", &keys)),
        }
    }
    if document.max_frame.is_none() && slips().any(|key| key == "max_frame") {
        document.max_frame = Some(Spanned { value: MOST, span: tree.span });
    }
    document
}

fn text(node: &Node) -> Option<&str> {
    match &node.kind {
        NodeKind::Scalar { text, .. } => Some(text),
        NodeKind::Seq(_) | NodeKind::Map(_) => None,
    }
}

fn scalar<'a>(key: &str, node: &'a Node, diagnostics: &mut Vec<Diagnostic>) -> Option<&'a str> {
    let found = text(node);
    if found.is_none() {
        diagnostics.push(diag::wrong_kind(node.span, key, "text"));
    }
    found
}

fn map<'a>(key: &str, node: &'a Node, diagnostics: &mut Vec<Diagnostic>) -> &'a [(Node, Node)] {
    if let NodeKind::Map(entries) = &node.kind {
        return entries;
    }
    diagnostics.push(diag::wrong_kind(node.span, key, "a map"));
    &[]
}

fn protocol_name(name: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) {
    let starts = name.starts_with(|first: char| first.is_ascii_lowercase());
    let plain = |each: char| each.is_ascii_lowercase() || each.is_ascii_digit() || each == '-';
    if !starts || !name.chars().all(plain) || name.len() > 64 {
        diagnostics.push(diag::bad_name(
            span,
            name,
            "a protocol",
            "a lower-case letter, then lower-case letters, digits and `-`, 64 at most",
        ));
    }
}

fn endian(node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Option<Endian> {
    word("endian", node, grammar::ENDIANS, diagnostics)
}

/// One of a few words.
fn word<T: Copy>(key: &str, node: &Node, words: &[(&str, T, &str)], diagnostics: &mut Vec<Diagnostic>) -> Option<T> {
    let text = scalar(key, node, diagnostics)?;
    let found = words.iter().find(|(word, ..)| *word == text);
    if found.is_none() {
        let allowed: Vec<&str> = words.iter().map(|(word, ..)| *word).collect();
        diagnostics.push(diag::unexpected_word(node.span, text, &allowed));
    }
    found.map(|(_, value, _)| *value)
}

fn max_frame(node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Option<Spanned<u64>> {
    let text = scalar("max_frame", node, diagnostics)?;
    let (digits, factor) = if let Some(digits) = text.strip_suffix("KiB") {
        (digits, 1 << 10)
    } else if let Some(digits) = text.strip_suffix("MiB") {
        (digits, 1 << 20)
    } else {
        (text.strip_suffix('B').unwrap_or(text), 1)
    };
    let bytes = number(digits.trim()).and_then(|(count, _)| u64::try_from(count.checked_mul(factor)?).ok());
    let bytes = bytes.filter(|bytes| (1..=MOST).contains(bytes));
    if bytes.is_none() {
        diagnostics.push(diag::bad_size(
            node.span,
            text,
            "bytes, KiB or MiB, from 1 to 2147483647 bytes, such as `16 MiB`",
        ));
    }
    Some(Spanned { value: bytes.unwrap_or(MOST), span: node.span })
}

fn enums(node: &Node, refused: &mut Refused, diagnostics: &mut Vec<Diagnostic>) -> Vec<RawEnum> {
    let mut all = Vec::new();
    refused.some_enum |= !matches!(node.kind, NodeKind::Map(_));
    for (key, value) in map("enums", node, diagnostics) {
        let Some(name) = text(key) else { continue };
        let before = diagnostics.len();
        let starts = name.starts_with(|first: char| first.is_ascii_uppercase());
        if !starts || !name.chars().all(|each| each.is_ascii_alphanumeric()) {
            diagnostics.push(diag::bad_name(key.span, name, "an enum", "letters and digits, a capital first"));
            refused.some_enum = true;
        }
        let mut members: Vec<(Spanned<i128>, Spanned<String>)> = Vec::new();
        let (mut values, mut names) = (BTreeMap::new(), BTreeMap::new());
        let mut other = None;
        let mut texts: Vec<Spanned<Vec<u8>>> = Vec::new();
        for (key, value) in map(name, value, diagnostics) {
            let (Some(number_text), Some(member)) = (text(key), scalar(name, value, diagnostics)) else { continue };
            let member = Spanned { value: member.to_owned(), span: value.span };
            let quoted = matches!(key.kind, NodeKind::Scalar { quoted: true, .. });
            let value = if quoted {
                texts.push(Spanned { value: number_text.as_bytes().to_vec(), span: key.span });
                Some((i128::try_from(texts.len()).unwrap_or(0).saturating_sub(1), None))
            } else {
                number(number_text)
            };
            if value.is_none() && number_text != "_" {
                diagnostics.push(diag::bad_number(key.span, number_text, "an integer, or `_` for all others"));
                continue;
            }
            let starts = member.value.starts_with(|first: char| first.is_ascii_lowercase());
            let plain = |each: char| each.is_ascii_lowercase() || each.is_ascii_digit() || each == '_';
            if !starts || !member.value.chars().all(plain) {
                let shape = "lower-case letters, digits and `_`";
                diagnostics.push(diag::bad_name(member.span, &member.value, "an enum member", shape));
            }
            let first = *names.entry(member.value.clone()).or_insert(member.span);
            if first != member.span {
                diagnostics.push(diag::enum_twice(member.span, first, &member.value));
            }
            let Some((value, _)) = value else {
                other = Some(member);
                continue;
            };
            let first = *values.entry(value).or_insert(key.span);
            if first != key.span {
                diagnostics.push(diag::enum_twice(key.span, first, number_text));
                continue;
            }
            members.push((Spanned { value, span: key.span }, member));
        }
        if members.is_empty() && diagnostics.len() == before {
            diagnostics.push(diag::enum_empty(key.span, name));
        }
        if !texts.is_empty() {
            self::texts(&texts, members.len(), diagnostics);
            let others = i128::try_from(texts.len()).unwrap_or(0);
            members
                .extend(other.take().map(|name: Spanned<String>| (Spanned { value: others, span: name.span }, name)));
        }
        if diagnostics.len() > before {
            refused.add(name);
        }
        all.push(RawEnum { name: Spanned { value: name.to_owned(), span: key.span }, members, other, texts });
    }
    all
}

/// Bytes of a text at most, so that looking at one again costs little; and texts of an enum, so that the value has one byte.
const TEXT: usize = 64;
const TEXTS: usize = 64;

/// Texts are alone, few, short and not empty.
fn texts(all: &[Spanned<Vec<u8>>], members: usize, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(first) = all.first().filter(|_| members > all.len() || all.len() > TEXTS) {
        let help = format!("let all keys be quoted texts, {TEXTS} at most, or all be numbers without quotes");
        diagnostics.push(diag::texts(first.span, "texts and numbers, or too many texts, in one enum", &help));
    }
    for text in all.iter().filter(|text| !(1..=TEXT).contains(&text.value.len())) {
        let why = format!("a text of {} bytes", text.value.len());
        diagnostics.push(diag::texts(text.span, &why, &format!("write a text of 1 to {TEXT} bytes")));
    }
}

/// Values of a session at most.
const VALUES: usize = 16;

fn session(node: &Node, refused: &mut Refused, diagnostics: &mut Vec<Diagnostic>) -> Vec<RawField> {
    let NodeKind::Seq(nodes) = &node.kind else {
        let what = "a list of values, such as `- phase: u8 from 0 then 1`";
        diagnostics.push(diag::wrong_kind(node.span, "session", what));
        refused.some_field = true;
        return Vec::new();
    };
    if nodes.is_empty() || nodes.len() > VALUES {
        diagnostics.push(diag::session_values(node.span, VALUES));
        refused.some_field = true;
        return Vec::new();
    }
    let fields = nodes.iter().filter_map(|node| {
        let (key, value) = one_key(node, refused, diagnostics)?;
        field(key, value, refused, diagnostics)
    });
    fields.collect()
}

/// Entries of a frame at most: what is done with them takes the square of their number and more.
const ENTRIES: usize = 250;

fn frame(node: &Node, refused: &mut Refused, diagnostics: &mut Vec<Diagnostic>) -> Spanned<Vec<RawEntry>> {
    let mut entries = Vec::new();
    let NodeKind::Seq(nodes) = &node.kind else {
        diagnostics.push(diag::wrong_kind(node.span, "frame", "a list of fields, such as `- length: u32 counts body`"));
        return Spanned { value: entries, span: node.span };
    };
    if nodes.is_empty() {
        diagnostics.push(diag::entries(node.span, ENTRIES));
    }
    list(nodes, &mut entries, refused, diagnostics);
    if count(&entries) > ENTRIES {
        diagnostics.push(diag::entries(node.span, ENTRIES));
        entries.clear();
    }
    Spanned { value: entries, span: node.span }
}

/// Entries, those inside of others included.
fn count(entries: &[RawEntry]) -> usize {
    let own = |entry: &RawEntry| match entry {
        RawEntry::Match(choice) => choice.arms.iter().map(|arm| count(&arm.entries)).fold(0, usize::saturating_add),
        RawEntry::Carry(_) | RawEntry::Field(_) | RawEntry::Bits { .. } | RawEntry::Check(_) => 1,
    };
    entries.iter().map(own).fold(0, usize::saturating_add)
}

fn list(nodes: &[Node], entries: &mut Vec<RawEntry>, refused: &mut Refused, diagnostics: &mut Vec<Diagnostic>) {
    for node in nodes {
        let Some((key, value)) = one_key(node, refused, diagnostics) else { continue };
        match text(key) {
            Some("bits") => entries.extend(bits(key.span, value, refused, diagnostics)),
            Some("check") => {
                let text = scalar("check", value, diagnostics);
                let parsed = text.and_then(|text| expr::parse(value, 0, text, diagnostics));
                entries.extend(parsed.map(|expr| RawEntry::Check(Spanned { value: expr, span: value.span })));
            }
            Some(_) | None if is_match(value) => entries.extend(choice(key, value, refused, diagnostics)),
            Some(_) | None => {
                entries.extend(field(key, value, refused, diagnostics).map(|field| RawEntry::Field(Box::new(field))));
            }
        }
    }
}

fn is_match(value: &Node) -> bool {
    matches!(&value.kind, NodeKind::Map(entries) if entries.iter().any(|(key, _)| text(key) == Some("match")))
}

/// Reads `name: { match: field, of: { value: [ … ], … } }`.
fn choice(key: &Node, node: &Node, refused: &mut Refused, diagnostics: &mut Vec<Diagnostic>) -> Option<RawEntry> {
    let name = phrase::field_name(key, diagnostics);
    let (mut on, mut arms, mut seen_of) = (None, Vec::new(), false);
    for (key, value) in map("match", node, diagnostics) {
        match text(key).unwrap_or_default() {
            "match" => {
                on = scalar("match", value, diagnostics)
                    .map(|text| Spanned { value: text.trim().to_owned(), span: value.span });
            }
            "of" => {
                seen_of = true;
                for (key, value) in map("of", value, diagnostics) {
                    let Some(label) = text(key) else { continue };
                    let label = Spanned { value: label.to_owned(), span: key.span };
                    let NodeKind::Seq(nodes) = &value.kind else {
                        diagnostics.push(diag::wrong_kind(value.span, &label.value, "a list of fields, or `[]`"));
                        refused.some_field = true;
                        continue;
                    };
                    let mut entries = Vec::new();
                    list(nodes, &mut entries, refused, diagnostics);
                    arms.push(RawArm { label, entries });
                }
            }
            unknown => {
                diagnostics.push(diag::unknown_key(key.span, unknown, "a match", &grammar::words(grammar::MATCH)))
            }
        }
    }
    if !seen_of {
        diagnostics.push(diag::missing_key(key.span, "of", "of: { open: [ … ], _: [] }"));
        refused.some_field = true;
    }
    Some(RawEntry::Match(RawMatch { name: name?, on: on?, arms }))
}

fn field(key: &Node, value: &Node, refused: &mut Refused, diagnostics: &mut Vec<Diagnostic>) -> Option<RawField> {
    let before = diagnostics.len();
    let field = phrase::field(key, value, diagnostics);
    if diagnostics.len() > before {
        refused.add(text(key).unwrap_or_default());
        refused.some_field |=
            diagnostics.iter().skip(before).any(|found| matches!(found.code, Code::FW014 | Code::FW016));
    }
    field
}

fn one_key<'a>(node: &'a Node, refused: &mut Refused, diagnostics: &mut Vec<Diagnostic>) -> Option<&'a (Node, Node)> {
    match &node.kind {
        NodeKind::Map(entries) if entries.len() == 1 => return entries.first(),
        NodeKind::Map(entries) => {
            entries.iter().filter_map(|(key, _)| text(key)).for_each(|name| refused.add(name));
            diagnostics.push(diag::entry(node.span, "one entry has one key: start each with `- `"));
        }
        NodeKind::Scalar { .. } | NodeKind::Seq(_) => {
            diagnostics.push(diag::entry(node.span, "write `name: type`, such as `version: u8`"));
            refused.some_field = true;
        }
    }
    None
}

fn bits(span: Span, node: &Node, refused: &mut Refused, diagnostics: &mut Vec<Diagnostic>) -> Option<RawEntry> {
    let mut lsb = None;
    let mut group_endian = None;
    let mut parts = Vec::new();
    let mut when = None;
    let mut seen_of = false;
    let before = diagnostics.len();
    for (key, value) in map("bits", node, diagnostics) {
        match text(key).unwrap_or_default() {
            "order" => lsb = word("order", value, grammar::ORDERS, diagnostics).or(Some(false)),
            "endian" => group_endian = endian(value, diagnostics),
            "when" => {
                let text = scalar("when", value, diagnostics);
                let parsed = text.and_then(|text| expr::parse(value, 0, text, diagnostics));
                when = parsed.map(|expr| Spanned { value: expr, span: value.span });
            }
            "of" => {
                seen_of = true;
                let NodeKind::Seq(nodes) = &value.kind else {
                    diagnostics.push(diag::wrong_kind(value.span, "of", "a list such as `[ {flag: b1}, {rest: b7} ]`"));
                    continue;
                };
                if nodes.is_empty() {
                    diagnostics.push(diag::ragged_bits(span, 0));
                }
                let fields = nodes.iter().filter_map(|node| {
                    let (key, value) = one_key(node, refused, diagnostics)?;
                    field(key, value, refused, diagnostics)
                });
                parts = fields.collect();
                if parts.len() < nodes.len() {
                    // Without all its parts the group's width is not known.
                    parts.drain(..).for_each(|part: RawField| refused.add(&part.name.value));
                }
            }
            unknown => {
                let keys = grammar::words(grammar::BITS);
                diagnostics.push(diag::unknown_key(key.span, unknown, "a bit group", &keys));
            }
        }
    }
    if diagnostics.len() == before {
        if lsb.is_none() {
            diagnostics.push(diag::missing_key(span, "order", "order: msb"));
        }
        if !seen_of {
            diagnostics.push(diag::missing_key(span, "of", "of: [ {flag: b1}, {rest: b7} ]"));
            refused.some_field = true;
        }
    }
    (!parts.is_empty()).then(|| RawEntry::Bits { span, lsb: lsb.unwrap_or(false), endian: group_endian, parts, when })
}

fn policy(node: &Node, document: &mut Document, diagnostics: &mut Vec<Diagnostic>) {
    for (key, value) in map("policy", node, diagnostics) {
        match text(key).unwrap_or_default() {
            "oversize" => {
                document.policy_spans.oversize = value.span;
                document.policy.oversize =
                    word("oversize", value, grammar::OVERSIZE, diagnostics).unwrap_or(Oversize::Close);
            }
            "on_reject" => {
                document.policy_spans.on_reject = value.span;
                document.policy.on_reject =
                    word("on_reject", value, grammar::ON_REJECT, diagnostics).unwrap_or(OnReject::Close);
            }
            unknown => {
                diagnostics.push(diag::unknown_key(key.span, unknown, "a policy", &grammar::words(grammar::POLICY)))
            }
        }
    }
}

fn peers(node: &Node, document: &mut Document, diagnostics: &mut Vec<Diagnostic>) {
    for (key, value) in map("peers", node, diagnostics) {
        match text(key).unwrap_or_default() {
            "swoole" => {
                let letters: Vec<String> = SWOOLE_PACKS.iter().map(|(letter, ..)| letter.to_string()).collect();
                let packs = letters.iter().zip(SWOOLE_PACKS);
                let words: Vec<(&str, char, &str)> =
                    packs.map(|(word, (letter, ..))| (word.as_str(), *letter, "")).collect();
                document.swoole = word("swoole", value, &words, diagnostics)
                    .map(|letter| Spanned { value: letter, span: value.span });
            }
            unknown => diagnostics.push(diag::unknown_key(key.span, unknown, "peers", &grammar::words(grammar::PEERS))),
        }
    }
}

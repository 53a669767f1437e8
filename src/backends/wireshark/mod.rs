//! Wireshark: a dissector in Lua a protocol.
//!
//! It is not in a hurry, so it runs a plan's ops one by one from the start of the frame each time that it is called (`ops` writes them, `runtime.lua`
//! and `checksum.lua` have the functions that they call). What stands between calls, Wireshark's reassembly and what follows a refusal are in the template.

mod lua;
mod ops;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use self::lua::{Form, Terms, form_of};
use self::ops::{Ops, SessionRow};
use super::machine::Machine;
use super::{Extras, File, GenerateError, Language, template, words};
use crate::plan::{Algorithm, BitPart, Crc, IntType, Kind, OnReject, OpKind, Oversize, Plan, Slot, Source};

pub(super) const LANGUAGE: Language = Language { name: "wireshark", extras: &[], generate };

const TEMPLATES: &[(&str, &str)] = &[("dissector", include_str!("dissector.lua.j2"))];
/// Functions, of which a file has those that its text calls.
const RUNTIME: &str = concat!(include_str!("runtime.lua"), "\n", include_str!("checksum.lua"));
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Every class by which a frame can be refused.
const CLASSES: &[&str] = &[
    "bad-const",
    "bad-enum",
    "out-of-range",
    "length-too-small",
    "frame-too-large",
    "non-minimal",
    "bad-checksum",
    "bad-check",
    "bad-body",
    "delimiter-too-far",
];

#[derive(Serialize)]
struct Dissector {
    version: &'static str,
    name: String,
    doc: String,
    filter: String,
    filter_literal: String,
    max_frame: u64,
    min_frame: u64,
    /// Frames may stand inside a frame.
    nested: bool,
    enums: Vec<EnumRow>,
    fields: Vec<FieldRow>,
    classes: &'static [&'static str],
    /// Some field is masked.
    masks: bool,
    /// Keys of text fields.
    texts: Vec<String>,
    /// Keys of the fields whose numbers Wireshark takes in 64 bits only, and the type.
    wide_shown: Vec<(String, &'static str)>,
    summary: Vec<SummaryRow>,
    crcs: Vec<CrcRow>,
    runtime: String,
    lines: Vec<String>,
    session: Vec<SessionRow>,
    /// Some value is that of what comes next.
    peeks: bool,
    /// `close`, `skip` or `resync`.
    on_reject: &'static str,
    skip_oversize: bool,
    /// A refused frame may be read on until its size is known.
    mutes: bool,
    /// Bytes may be passed over after a refusal.
    discards: bool,
    /// Those through which a frame is discarded, as literals.
    delimiters: Option<String>,
    longest: usize,
    /// The bytes before a delimiter that may belong to it.
    tail: String,
    /// The constant that is searched for.
    resync: Option<String>,
    /// The constant by which a stream is known.
    magic: Option<String>,
}

#[derive(Serialize)]
struct EnumRow {
    /// A key of the table of enums.
    name: String,
    members: Vec<(String, String)>,
}

#[derive(Serialize)]
struct FieldRow {
    key: String,
    name: String,
    /// The constructor's name.
    ty: String,
    arguments: String,
}

#[derive(Serialize)]
struct CrcRow {
    /// A key of the table of cyclic redundancy checks.
    key: String,
    /// `true` or `false`.
    reflected: String,
    spare: u32,
    start: String,
    xorout: String,
    /// The words of its table, eight a line.
    words: Vec<String>,
}

#[derive(Serialize)]
struct SummaryRow {
    name: String,
    names: String,
    other: String,
}

fn generate(plans: &[Plan], _: &Extras<'_>) -> Result<Vec<File>, GenerateError> {
    let file = |plan: &Plan| Ok(File::text(format!("{}.lua", plan.name), dissector(plan)?));
    plans.iter().map(file).collect()
}

fn dissector(plan: &Plan) -> Result<String, GenerateError> {
    let machine = Machine::new(plan);
    let names = names(plan);
    let ops = Ops { plan, terms: Terms { plan, names: &names }, bounds: &machine.bounds };
    let delimiters = machine.last_delimiters();
    let longest = delimiters.into_iter().flatten().map(Vec::len).max().unwrap_or(0);
    let resync = machine.resync();
    let mut context = Dissector {
        version: VERSION,
        name: plan.name.clone(),
        doc: plan.doc.split_whitespace().collect::<Vec<_>>().join(" "),
        filter: words::snake(&plan.name),
        filter_literal: lua::string(&words::snake(&plan.name)),
        max_frame: plan.max_frame,
        min_frame: plan.min_frame,
        nested: plan.nested().is_some(),
        enums: enums(plan),
        fields: fields(plan),
        classes: CLASSES,
        masks: plan.slots.iter().any(|slot| slot.mask.is_some()),
        texts: visible(plan).filter(|slot| slot.kind == Kind::Text).map(|slot| lua::key(&slot.name)).collect(),
        wide_shown: visible(plan).filter_map(|slot| Some((lua::key(&slot.name), wide_shown(slot)?))).collect(),
        summary: summary(plan),
        crcs: crcs(plan),
        runtime: String::new(),
        lines: ops.lines(),
        session: ops.session(&machine.session),
        peeks: plan.ops.iter().any(|op| matches!(op.kind, OpKind::Peek { .. })),
        on_reject: match plan.policy.on_reject {
            OnReject::Close => "close",
            OnReject::Skip => "skip",
            OnReject::Resync => "resync",
        },
        skip_oversize: plan.policy.oversize == Oversize::Skip,
        mutes: machine.mutes(),
        discards: machine.mutes() || resync.is_some(),
        delimiters: delimiters.map(|all| all.iter().map(|each| lua::bytes(each)).collect::<Vec<_>>().join(", ")),
        longest,
        tail: if longest > 1 { format!("data:sub(-{})", longest.saturating_sub(1)) } else { "\"\"".to_owned() },
        resync: resync.map(lua::bytes),
        magic: magic(plan).map(lua::bytes),
    };
    let text = template::render(TEMPLATES, "dissector", &context)?;
    context.runtime = called(&text);
    template::render(TEMPLATES, "dissector", &context)
}

fn visible(plan: &Plan) -> impl Iterator<Item = &Slot> {
    plan.slots.iter().filter(|slot| !slot.hidden)
}

/// By slot: its name among the values of a frame. Hidden ones have the name of their field behind a `_`.
fn names(plan: &Plan) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut names = Vec::new();
    for slot in &plan.slots {
        let mut name = if slot.hidden { format!("_{}", slot.name) } else { slot.name.clone() };
        while !taken.insert(name.clone()) {
            name.push('_');
        }
        names.push(name);
    }
    names
}

fn enums(plan: &Plan) -> Vec<EnumRow> {
    let member = |(value, name): &(i128, String)| (value.to_string(), lua::string(name));
    let row = |named: &crate::plan::EnumDef| EnumRow {
        name: lua::key(&named.name),
        members: named.members.iter().map(member).collect(),
    };
    plan.enums.iter().map(row).collect()
}

/// The bit group of each part, by slot.
fn groups(plan: &Plan) -> BTreeMap<usize, (IntType, &BitPart)> {
    let groups = plan.ops.iter().filter_map(|op| match &op.kind {
        OpKind::Bits { int, parts } => Some((*int, parts)),
        _ => None,
    });
    groups.flat_map(|(int, parts)| parts.iter().map(move |part| (part.slot.0, (int, part)))).collect()
}

fn fields(plan: &Plan) -> Vec<FieldRow> {
    let groups = groups(plan);
    let shown = plan.slots.iter().enumerate().filter(|(_, slot)| !slot.hidden);
    let row = |(index, slot): (usize, &Slot)| {
        let doc = if slot.doc.is_empty() { "nil".to_owned() } else { lua::string(&slot.doc) };
        let names = slot.names.and_then(|id| plan.enums.get(id.0));
        let names = names.map_or_else(|| "nil".to_owned(), |named| lua::member("enums", &named.name));
        let integer = |ty: String, base: &str, mask: &str| (ty, format!("base.{base}, {names}, {mask}, {doc}"));
        let (ty, arguments) = match (slot.kind, groups.get(&index)) {
            (Kind::Int(int), _) => {
                let by_bits = matches!(slot.source, Source::Const(_) | Source::Sum(_)) && !int.signed && names == "nil";
                let base = if by_bits { "HEX" } else { "DEC" };
                integer(format!("{}int{}", if int.signed { "" } else { "u" }, shown_bits(int.bytes)), base, "nil")
            }
            (Kind::Bits(width), Some((int, part))) if int.bytes <= MASKED => {
                let mask = 1_u64.checked_shl(u32::from(width)).unwrap_or(0).wrapping_sub(1);
                let mask = format!("{:#x}", mask.checked_shl(u32::from(part.shift)).unwrap_or(0));
                integer(format!("uint{}", shown_bits(int.bytes)), "DEC", &mask)
            }
            (Kind::Bits(width), _) => integer(format!("uint{}", if width > 32 { 64 } else { 32 }), "DEC", "nil"),
            (Kind::Bytes, _) => ("bytes".to_owned(), format!("base.NONE, {doc}")),
            (Kind::Text, _) => ("string".to_owned(), format!("base.UNICODE, {doc}")),
        };
        FieldRow { key: lua::key(&slot.name), name: slot.name.clone(), ty, arguments }
    };
    shown.map(row).collect()
}

/// Bytes of the largest bit group whose parts Wireshark takes out itself, and draws.
const MASKED: u8 = 4;

fn shown_bits(bytes: u8) -> u8 {
    match bytes {
        0..=4 => bytes.saturating_mul(8),
        _ => 64,
    }
}

/// What makes a number of Lua's one of 64 bits, where Wireshark shows the field as such.
fn wide_shown(slot: &Slot) -> Option<&'static str> {
    let wide = match slot.kind {
        Kind::Int(int) => int.bytes > 4,
        Kind::Bits(width) => width > 32,
        Kind::Bytes | Kind::Text => false,
    };
    (wide && form_of(slot.kind) == Form::Number).then_some(match slot.kind {
        Kind::Int(int) if int.signed => "Int64.new",
        _ => "UInt64.new",
    })
}

fn summary(plan: &Plan) -> Vec<SummaryRow> {
    let row = |slot: &Slot| {
        let named = plan.enums.get(slot.names?.0)?;
        Some(SummaryRow {
            name: slot.name.clone(),
            names: lua::member("enums", &named.name),
            other: lua::string(named.other.as_deref().unwrap_or("?")),
        })
    };
    visible(plan).filter_map(row).collect()
}

/// The cyclic redundancy checks, each once.
fn crcs(plan: &Plan) -> Vec<CrcRow> {
    let word = |word: &u32| format!("{word:#010x}");
    let row = |(name, crc): (&'static str, Crc)| CrcRow {
        key: lua::key(name),
        reflected: crc.reflected.to_string(),
        spare: crc.spare(),
        start: word(&crc.start()),
        xorout: word(&crc.xorout),
        words: crc.table().chunks(8).map(|line| line.iter().map(word).collect::<Vec<_>>().join(", ")).collect(),
    };
    let used = plan.sums.iter().filter_map(|sum| match sum.algorithm {
        Algorithm::Crc(crc) => Some((sum.algorithm.name(), crc)),
        Algorithm::Sum8 | Algorithm::Xor8 | Algorithm::Sha256 | Algorithm::Sha256d => None,
    });
    used.collect::<BTreeMap<_, _>>().into_iter().map(row).collect()
}

/// The constant at the start of frames, of at least two bytes.
fn magic(plan: &Plan) -> Option<&[u8]> {
    let first = plan.ops.iter().find(|op| op.kind.has_bytes())?;
    match &first.kind {
        OpKind::Const { bytes, .. } if bytes.len() >= 2 && first.guard.is_none() => Some(bytes),
        _ => None,
    }
}

/// The functions that a text calls, and those that they call, in their order.
fn called(text: &str) -> String {
    let blocks: Vec<&str> = RUNTIME.trim_end().split("\n\n").collect();
    let mut used: BTreeSet<usize> = BTreeSet::new();
    loop {
        let calling = used.iter().filter_map(|index| blocks.get(*index).copied()).chain([text]);
        let calling: Vec<&str> = calling.collect();
        let is_used = |block: &str| {
            let name = block.split_once("function ").and_then(|(_, rest)| rest.split_once('('));
            name.is_none_or(|(name, _)| {
                let call = name.strip_prefix("Reader").unwrap_or(name).to_owned();
                calling.iter().any(|text| calls(text, &call))
            })
        };
        let found: BTreeSet<usize> =
            blocks.iter().enumerate().filter(|(_, block)| is_used(block)).map(|(index, _)| index).collect();
        if found == used {
            break;
        }
        used = found;
    }
    used.iter().filter_map(|index| blocks.get(*index)).map(|block| format!("{block}\n\n")).collect()
}

/// A function counts as called where its name stands before a parenthesis, or as a value: not as a table's member.
fn calls(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at.saturating_add(name.len())..).and_then(|after| after.chars().next());
        let inside =
            |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        (name.starts_with(':') || !inside(before) && before != Some('.')) && !inside(after)
    })
}

//! A protocol's page: what it holds, in Markdown.

use serde::Serialize;

use super::VERSION;
use super::checksum;
use super::examples::Example;
use super::markdown::{block, code, text};
use super::refusals::refusals;
use crate::plan::geometry::{Geometry, geometry, offsets};
use crate::plan::peers::Configured;
use crate::plan::{
    Accept, Content, Demand, Endian, EnumDef, EnumId, Kind, OnReject, Op, OpKind, Oversize, Plan, Region, Size, Slot,
    SlotId, Source, diagram, words,
};

/// Members of an enum that the index names at most.
const NAMED: usize = 6;

/// What the template prints.
#[derive(Serialize)]
pub(super) struct Page {
    version: &'static str,
    name: String,
    /// Of its files, without their endings.
    file: String,
    doc: String,
    alt: String,
    has_lengths: bool,
    has_conditions: bool,
    byte_order: &'static str,
    facts: Vec<Fact>,
    fields: Vec<Field>,
    lengths: Vec<String>,
    checksums: Vec<String>,
    enums: Vec<Known>,
    checks: Vec<String>,
    refusals: Vec<Refused>,
    peers: Vec<Peer>,
    examples: Vec<Example>,
}

#[derive(Serialize)]
struct Fact {
    name: &'static str,
    value: String,
}

#[derive(Default, Serialize)]
struct Field {
    offset: String,
    bytes: String,
    name: String,
    kind: String,
    value: String,
    doc: String,
}

#[derive(Serialize)]
struct Known {
    id: String,
    name: String,
    used: String,
    /// What stands between value and name.
    column: &'static str,
    members: Vec<Member>,
}

#[derive(Serialize)]
struct Member {
    value: String,
    /// The value in hex, or the text that has it.
    shown: String,
    name: String,
}

#[derive(Serialize)]
struct Refused {
    class: &'static str,
    why: String,
    at: String,
}

#[derive(Serialize)]
struct Peer {
    name: &'static str,
    text: String,
    notes: Vec<String>,
}

pub(super) fn page(plan: &Plan, examples: Vec<Example>) -> Page {
    let checks = plan.ops.iter().filter_map(|op| {
        let OpKind::Check(expr, Demand::Check) = &op.kind else { return None };
        Some(code(&words::expression(plan, expr)))
    });
    let refused = refusals(plan).into_iter();
    Page {
        version: VERSION,
        name: text(&plan.name),
        file: plan.name.clone(),
        doc: text(&plan.doc),
        alt: format!("Packet diagram of {}; the table of fields says the same", text(&plan.name)),
        has_lengths: !plan.regions.is_empty(),
        has_conditions: plan.ops.iter().any(|op| op.guard.is_some() && op.kind.has_bytes()),
        byte_order: byte_order(plan),
        facts: facts(plan),
        fields: fields(plan),
        lengths: plan.regions.iter().map(|region| equation(plan, region)).collect(),
        checksums: plan.sums.iter().map(|sum| checksum::equation(plan, sum)).collect(),
        enums: plan.enums.iter().enumerate().map(|(id, known)| enumeration(plan, EnumId(id), known)).collect(),
        checks: checks.collect(),
        refusals: refused.map(|each| Refused { class: each.class, why: each.why, at: each.at }).collect(),
        peers: peers(plan),
        examples,
    }
}

/// How the ends of frames are found.
pub(super) fn framing(plan: &Plan) -> &'static str {
    match geometry(plan) {
        Ok(Geometry::LengthField(_)) => "a length",
        Ok(Geometry::Fixed { .. }) => "its fixed size",
        Ok(Geometry::Delimiter { .. }) => "a delimiter",
        Ok(Geometry::Msgpack { .. }) => "MessagePack itself",
        Err(_) => "all of its fields",
    }
}

/// The first members of the first enum, by which kinds of frames are mostly told apart.
pub(super) fn kinds(plan: &Plan) -> String {
    let used = plan.slots.iter().filter_map(|slot| plan.enums.get(slot.names?.0));
    let Some(known) = used.max_by_key(|known| (known.members.len(), std::cmp::Reverse(&known.name))) else {
        return String::new();
    };
    let mut names: Vec<String> = known.members.iter().take(NAMED).map(|(_, name)| code(name)).collect();
    if known.members.len() > NAMED {
        names.push(format!("{} more", known.members.len() - NAMED));
    }
    format!("{}: {}", text(&known.name), names.join(", "))
}

fn facts(plan: &Plan) -> Vec<Fact> {
    let oversize = match plan.policy.oversize {
        Oversize::Close => "the stream is over",
        Oversize::Skip => "the frame is discarded and decoding goes on",
    };
    let on_reject = match plan.policy.on_reject {
        OnReject::Close => "the stream is over",
        OnReject::Skip => {
            "the frame is discarded by its size, where that was not what was refused, and decoding goes on"
        }
        OnReject::Resync => "the next occurrence of the constant at a frame's start is searched for",
    };
    let fact = |name, value: String| Fact { name, value };
    let mut facts = vec![
        fact("Smallest frame", size(plan.min_frame)),
        fact("Largest frame", size(plan.largest)),
        fact("A frame's end is found by", framing(plan).to_owned()),
        fact("A framer hands out", text(&words::emit(plan))),
        fact("After a frame that is too large", oversize.to_owned()),
        fact("After another refusal", on_reject.to_owned()),
    ];
    if plan.max_frame != plan.largest {
        facts.insert(2, fact("Too large", format!("more than {}", size(plan.max_frame))));
    }
    facts
}

/// In which order the bytes of integers stand, where there is a choice.
fn byte_order(plan: &Plan) -> &'static str {
    let groups = plan.ops.iter().filter_map(|op| if let OpKind::Bits { int, .. } = op.kind { Some(int) } else { None });
    let integers = plan.slots.iter().filter_map(|slot| if let Kind::Int(int) = slot.kind { Some(int) } else { None });
    let orders = groups.chain(integers).filter(|int| int.bytes > 1).map(|int| int.endian);
    let orders: Vec<Endian> = orders.collect();
    match (orders.contains(&Endian::Big), orders.contains(&Endian::Little)) {
        (false, false) => "",
        (true, false) => "Integers have their most significant byte first.",
        (false, true) => "Integers have their least significant byte first, which the `le` of their types says.",
        (true, true) => "Integers have their most significant byte first; those whose type ends with `le` the least.",
    }
}

/// Bytes, and in KiB or MiB where that is a whole number.
fn size(bytes: u64) -> String {
    let plain = words::bytes(bytes);
    [(20_u32, "MiB"), (10, "KiB")]
        .into_iter()
        .find(|(shift, _)| bytes > 0 && bytes.trailing_zeros() >= *shift)
        .map_or(plain.clone(), |(shift, unit)| format!("{plain} ({} {unit})", bytes >> shift))
}

/// A row a field, and one for each part of a group.
fn fields(plan: &Plan) -> Vec<Field> {
    let mut rows = Vec::new();
    let mut before = String::new();
    let mut condition = None;
    for (op, offset) in plan.ops.iter().zip(offsets(plan)) {
        let Some(bytes) = words::size(&op.kind) else { continue };
        let sure = condition.is_none() || condition == op.guard.as_ref();
        let after = || format!("after {before}{}", if sure { "" } else { ", if there" });
        let offset = offset.map_or_else(after, |offset| offset.to_string());
        condition = op.guard.as_ref();
        let kind = code(&words::kind(plan, &op.kind));
        let row = Field { offset, bytes, kind, ..Field::default() };
        if let OpKind::Bits { parts, .. } = &op.kind {
            rows.push(Field { name: "bits".to_owned(), value: only_if(plan, op), ..row });
            for part in parts {
                let (name, doc) = name_and_doc(plan, part.slot);
                let value = join(&[counted(plan, part.slot), accepted(plan, part.accept)]);
                let padding = plan.slot(part.slot).is_some_and(|slot| slot.hidden);
                let kind = code(&format!("{}b{}", if padding { "pad " } else { "" }, part.width));
                rows.push(Field { name: name.clone(), kind, value, doc, ..Field::default() });
                before = name;
            }
            continue;
        }
        let Some(slot) = op.kind.slots().first().copied() else { continue };
        let (name, doc) = name_and_doc(plan, slot);
        before.clone_from(&name);
        rows.push(Field { name, value: join(&[value(plan, &op.kind), only_if(plan, op)]), doc, ..row });
    }
    rows
}

/// A field's name; of a length in front of a field that has its own, the field's and a word.
pub(super) fn field_name(plan: &Plan, slot: SlotId) -> String {
    match plan.slot(slot) {
        Some(Slot { name, hidden: true, source: Source::Length(_), .. }) => format!("length of {}", code(name)),
        Some(Slot { name, hidden: true, source: Source::Piece(_), .. }) => format!("piece of {}", code(name)),
        Some(slot) => code(&slot.name),
        None => String::new(),
    }
}

fn name_and_doc(plan: &Plan, slot: SlotId) -> (String, String) {
    let doc = plan.slot(slot).filter(|slot| !matches!((slot.hidden, &slot.source), (true, Source::Length(_))));
    (field_name(plan, slot), doc.map(|slot| text(&slot.doc)).unwrap_or_default())
}

fn only_if(plan: &Plan, op: &Op) -> String {
    op.guard.as_ref().map(|guard| format!("only if {}", code(&words::expression(plan, guard)))).unwrap_or_default()
}

/// What an op's bytes may be, and where their number comes from.
fn value(plan: &Plan, kind: &OpKind) -> String {
    match kind {
        OpKind::Let { slot, accept, .. } => {
            join(&[text(&words::extent(plan, kind)), counted(plan, *slot), accepted(plan, *accept)])
        }
        OpKind::Peek { accept, .. } => join(&[text(&words::extent(plan, kind)), accepted(plan, *accept)]),
        OpKind::Carry { slot, accept, .. } => join(&[accepted(plan, *accept), text(&words::carried(plan, *slot))]),
        OpKind::Int { slot, accept, .. } => join(&[counted(plan, *slot), accepted(plan, *accept)]),
        OpKind::Const { slot, .. } => format!("= {}", code(&words::constant(plan, *slot))),
        OpKind::Bytes { slot, content: Content::Decimal(_), .. } => {
            let OpKind::Bytes { content, .. } = kind else { return String::new() };
            join(&[text(&words::extent(plan, kind)), counted(plan, *slot), text(&words::judged(plan, content))])
        }
        OpKind::Bytes { slot, size, content } => {
            let sum = counted(plan, *slot);
            let length = if let Size::Rest(bound) = size { bound.region.and_then(|id| plan.region(id)) } else { None };
            let extent = match length {
                Some(region) => format!("as {} says", field_name(plan, region.length)),
                None => text(&words::extent(plan, kind)),
            };
            join(&[extent, sum, text(&words::judged(plan, content)), masked(plan, *slot)])
        }
        OpKind::Frames { times, .. } => {
            let times = format!("as many as {}", code(&words::expression(plan, times)));
            join(&[text(&words::extent(plan, kind)), times])
        }
        OpKind::Msgpack { .. } | OpKind::Pad { .. } => text(&words::extent(plan, kind)),
        OpKind::Bits { .. }
        | OpKind::Open(_)
        | OpKind::Close(_)
        | OpKind::Claim(_)
        | OpKind::Fit { .. }
        | OpKind::Check(..)
        | OpKind::Mark(_)
        | OpKind::Sum(_) => String::new(),
    }
}

fn masked(plan: &Plan, slot: SlotId) -> String {
    let words = words::masked(plan, slot);
    if words.is_empty() { words } else { code(&words) }
}

fn counted(plan: &Plan, slot: SlotId) -> String {
    let Some(Source::Length(region)) = plan.slot(slot).map(|slot| &slot.source) else {
        return checksum::covered(plan, slot);
    };
    let Some(region) = plan.region(*region) else { return String::new() };
    format!("counts {} {}", code(&region.what), words::adjusted(region)).trim_end().to_owned()
}

fn accepted(plan: &Plan, accept: Accept) -> String {
    match accept {
        Accept::Any => String::new(),
        Accept::Const(value) => format!("= {value}"),
        Accept::Range(low, high) => format!("in {}", code(&format!("{low}..={high}"))),
        Accept::Enum(id) => {
            plan.enums.get(id.0).map_or_else(String::new, |known| format!("[{}](#{})", text(&known.name), anchor(id)))
        }
    }
}

/// A name for links, whatever the enum's own name is.
fn anchor(id: EnumId) -> String {
    format!("enum-{}", id.0.saturating_add(1))
}

fn join(parts: &[String]) -> String {
    parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join("; ")
}

/// A length as an equation.
fn equation(plan: &Plan, region: &Region) -> String {
    let unit = if region.unit == 1 { String::new() } else { format!(" × {}", region.unit) };
    let what = stretch(&region.what);
    let plus = match region.plus {
        0 => String::new(),
        less if less < 0 => format!(" − {}", less.unsigned_abs()),
        more => format!(" + {more}"),
    };
    format!("{}{unit} = {what}{plus}", field_name(plan, region.length))
}

/// A range of fields in the words of a spec.
pub(super) fn stretch(what: &str) -> String {
    match what.split_once("..") {
        Some((first, last)) => format!("bytes from the first of {} through the last of {}", code(first), code(last)),
        None if what == "frame" => "bytes of the whole frame".to_owned(),
        None => format!("bytes of {}", code(what)),
    }
}

fn enumeration(plan: &Plan, id: EnumId, known: &EnumDef) -> Known {
    let fields = plan.slots.iter().filter(|slot| slot.names == Some(id)).map(|slot| code(&slot.name));
    let fields: Vec<String> = fields.collect();
    let of = if fields.is_empty() { String::new() } else { format!("Values of {}. ", fields.join(", ")) };
    let others = match &known.other {
        Some(other) => format!("All others pass, as {}.", code(other)),
        None if !known.texts.is_empty() && known.members.len() > known.texts.len() => String::new(),
        None => "All others are refused.".to_owned(),
    };
    let shown = |value: i128| match usize::try_from(value) {
        Ok(index) if !known.texts.is_empty() => {
            known.texts.get(index).map_or_else(|| "all else".to_owned(), |text| code(&words::delimiter(text)))
        }
        Ok(_) => code(&format!("0x{value:02X}")),
        Err(_) => String::new(),
    };
    let member =
        |(value, name): &(i128, String)| Member { value: value.to_string(), shown: shown(*value), name: code(name) };
    Known {
        id: anchor(id),
        name: text(&known.name),
        used: format!("{of}{others}").trim_end().to_owned(),
        column: if known.texts.is_empty() { "Hex" } else { "Text" },
        members: known.members.iter().map(member).collect(),
    }
}

fn peers(plan: &Plan) -> Vec<Peer> {
    let peers = diagram::peers(plan).into_iter().map(|(name, configured)| match configured {
        Ok(Configured { settings, notes }) => {
            let language = match name {
                "Netty" => "java",
                "Swoole" => "php",
                _ => "rust",
            };
            Peer { name, text: block(language, &settings), notes: notes.iter().map(|note| prose(note)).collect() }
        }
        Err(reason) => Peer { name, text: format!("Not possible, because {}.", prose(&reason)), notes: Vec::new() },
    });
    peers.collect()
}

/// A sentence of ours that has names in backticks.
fn prose(sentence: &str) -> String {
    let parts = sentence.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { code(part) } else { inner(part) }).collect()
}

/// A part of a sentence, with the spaces around it.
fn inner(part: &str) -> String {
    let lead = if part.starts_with(' ') { " " } else { "" };
    let trail = if part.len() > 1 && part.ends_with(' ') { " " } else { "" };
    format!("{lead}{}{trail}", text(part))
}

//! What is refused, with which class and by which byte.

use std::collections::BTreeMap;

use super::checksum;
use super::markdown::code;
use super::page::field_name;
use crate::plan::{
    Accept, Ahead, Bound, Codec, Content, Demand, IntType, OpKind, PadSize, Plan, Region, RegionId, Size, SlotId, words,
};

/// Something that is refused, in Markdown.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) class: &'static str,
    pub(super) why: String,
    /// The byte that decides.
    pub(super) at: String,
}

/// Everything that can be refused, in wire order, each once.
pub(super) fn refusals(plan: &Plan) -> Vec<Refusal> {
    let mut all: Vec<Refusal> = Vec::new();
    let mut known: BTreeMap<(&'static str, String), usize> = BTreeMap::new();
    let (mut before, mut last) = (String::new(), String::new());
    for op in &plan.ops {
        let peek = matches!(op.kind, OpKind::Peek { .. });
        if op.kind.has_bytes() || peek {
            before = named(plan, &op.kind);
            last = if peek {
                format!("the last byte that {before} looks at")
            } else {
                format!("the last byte of {before}")
            };
        }
        for refusal in of_op(plan, &op.kind, &before, &last) {
            let number = *known.entry((refusal.class, refusal.why.clone())).or_insert(all.len());
            match all.get_mut(number) {
                None => all.push(refusal),
                Some(same) if same.at.split(", or ").any(|at| at == refusal.at) => {}
                Some(same) => same.at += &format!(", or {}", refusal.at),
            }
        }
    }
    all
}

/// The names of an op's fields.
fn named(plan: &Plan, kind: &OpKind) -> String {
    let names: Vec<String> = kind.slots().iter().map(|slot| field_name(plan, *slot)).collect();
    names.join(", ")
}

fn of_op(plan: &Plan, kind: &OpKind, before: &str, last: &str) -> Vec<Refusal> {
    let last = || last.to_owned();
    match kind {
        OpKind::Carry { .. } => Vec::new(),
        OpKind::Int { slot, accept, .. } | OpKind::Let { slot, accept, .. } => {
            accepted(plan, *slot, *accept, &last()).into_iter().collect()
        }
        OpKind::Bits { parts, .. } => {
            parts.iter().filter_map(|part| accepted(plan, part.slot, part.accept, &last())).collect()
        }
        OpKind::Const { slot, .. } => {
            let why = format!("{before} is not {}", code(&words::constant(plan, *slot)));
            vec![Refusal { class: "bad-const", why, at: "its first wrong byte".to_owned() }]
        }
        OpKind::Bytes { slot, size, content: Content::Decimal(decimal) } => {
            let why = format!("{before} is no decimal integer");
            let mut all = vec![Refusal { class: "bad-body", why, at: last() }];
            if decimal.minimal {
                let why = format!("{before} has more digits than it needs");
                all.push(Refusal { class: "non-minimal", why, at: last() });
            }
            all.into_iter()
                .chain(accepted(plan, *slot, decimal.accept, &last()))
                .chain(endless(plan, size, before))
                .collect()
        }
        OpKind::Bytes { size, content, .. } => {
            judged(plan, content, before).into_iter().chain(endless(plan, size, before)).collect()
        }
        OpKind::Frames { deep, .. } => {
            let refusal = |class, why, at: &str| Refusal { class, why, at: at.to_owned() };
            let too_deep = format!("a frame in {before} that is {deep} deep has frames inside");
            let too_many = format!("there are to be more frames in {before} than the largest frame has room for");
            let first = "the last byte in front of those frames";
            vec![refusal("bad-body", too_deep, first), refusal("frame-too-large", too_many, first)]
        }
        OpKind::Msgpack { room, .. } => {
            let why = format!("{before} is no MessagePack object: it has the byte 0xc1 where one begins");
            let mut all = vec![Refusal { class: "bad-body", why, at: "that byte".to_owned() }];
            all.extend(room.iter().map(|bound| {
                let why = format!("{before} claims more than {} leaves", around(plan, bound));
                Refusal { class: too_little(bound), why, at: "the byte that claims it".to_owned() }
            }));
            all
        }
        OpKind::Pad { room, size: PadSize::Fixed(_) | PadSize::Align(_), .. } => {
            let refused = |bound: &Bound| {
                let why = format!("there is no room for the padding in what {} leaves", around(plan, bound));
                Refusal { class: too_little(bound), why, at: "the byte before the padding".to_owned() }
            };
            room.iter().map(refused).collect()
        }
        OpKind::Peek { ahead: Ahead::Next, others: true, .. } => Vec::new(),
        OpKind::Peek { ahead: Ahead::Next, .. } => {
            let why = format!("what comes next is none of the texts of {before}");
            vec![Refusal { class: "bad-enum", why, at: "the first byte that none of them has".to_owned() }]
        }
        OpKind::Peek { ahead: Ahead::First { max }, texts, room, .. } => {
            let (delimiters, room) = (texts.clone(), vec![room.clone()]);
            endless(plan, &Size::Until { delimiters, kept: false, max: *max, room }, before).into_iter().collect()
        }
        OpKind::Claim(region) => claimed(plan, *region, &last()).into_iter().collect(),
        OpKind::Fit { bound, exact } => fitting(plan, bound, *exact, &last()),
        OpKind::Check(expr, Demand::Check) => {
            let why = format!("not {}", code(&words::expression(plan, expr)));
            vec![Refusal { class: "bad-check", why, at: last() }]
        }
        OpKind::Check(_, Demand::Minimal) => {
            let why = format!("{before} makes the integer longer than it must be");
            vec![Refusal { class: "non-minimal", why, at: last() }]
        }
        OpKind::Sum(sum) => plan
            .sum(*sum)
            .map(|sum| {
                let why = format!("{} is not {}", field_name(plan, sum.slot), checksum::brief(sum));
                Refusal { class: "bad-checksum", why, at: last() }
            })
            .into_iter()
            .collect(),
        OpKind::Open(_) | OpKind::Close(_) | OpKind::Mark(_) => Vec::new(),
    }
}

fn accepted(plan: &Plan, slot: SlotId, accept: Accept, at: &str) -> Option<Refusal> {
    let name = field_name(plan, slot);
    let (class, why) = match accept {
        Accept::Any => return None,
        Accept::Const(value) => ("bad-const", format!("{name} is not {value}")),
        Accept::Range(low, high) => ("out-of-range", format!("{name} is not in {}", code(&format!("{low}..={high}")))),
        Accept::Enum(id) => {
            let known = plan.enums.get(id.0).filter(|known| known.other.is_none())?;
            ("bad-enum", format!("{name} is none of {}", code(&known.name)))
        }
    };
    Some(Refusal { class, why, at: at.to_owned() })
}

fn judged(plan: &Plan, content: &Content, name: &str) -> Option<Refusal> {
    let why = match content {
        Content::Always(Codec::Raw) | Content::Decimal(_) => return None,
        Content::Always(Codec::Utf8) => format!("{name} is not UTF-8"),
        Content::Always(Codec::Json) => format!("{name} is no JSON text, or one nested deeper than 128"),
        Content::Always(Codec::Msgpack) => format!("{name} is not exactly one MessagePack object"),
        Content::By(_, rows) if rows.iter().all(|(_, codec)| *codec == Codec::Raw) => return None,
        Content::By(slot, _) => format!("{name} is not what {} says", field_name(plan, *slot)),
    };
    let at = format!("the last byte of {name}; where it is empty, the byte before it");
    Some(Refusal { class: "bad-body", why, at })
}

fn endless(plan: &Plan, size: &Size, name: &str) -> Option<Refusal> {
    let Size::Until { max, room, .. } = size else { return None };
    let max = max.iter().map(|max| format!("within {} of content", words::bytes(*max)));
    let within = room.iter().map(|bound| format!("within what {} leaves", around(plan, bound)));
    let within: Vec<String> = max.chain(within).collect();
    let why = format!("{name} has no delimiter {}", within.join(" and "));
    let at = "the last byte that could have ended it".to_owned();
    Some(Refusal { class: "delimiter-too-far", why, at })
}

fn claimed(plan: &Plan, id: RegionId, at: &str) -> Option<Refusal> {
    let region = plan.region(id)?;
    let (least, _) = claims(plan, region);
    let why = format!("{} says less than nothing", field_name(plan, region.length));
    (least < 0).then(|| Refusal { class: "length-too-small", why, at: at.to_owned() })
}

/// The smallest and the largest value of a length that are not refused as such.
fn values(plan: &Plan, slot: SlotId) -> (i128, i128) {
    let integers = plan.ops.iter().flat_map(|op| op.kind.integers());
    let found = integers.into_iter().find(|integer| integer.slot == slot);
    match found.map(|integer| (integer.accept, integer.bounds)) {
        Some((Accept::Range(low, high), _)) => (low, high),
        Some((Accept::Const(value), _)) => (value, value),
        Some((Accept::Any | Accept::Enum(_), bounds)) => bounds,
        None => IntType { bytes: 8, signed: false, endian: crate::plan::Endian::Big }.bounds(),
    }
}

fn fitting(plan: &Plan, bound: &Bound, exact: bool, at: &str) -> Vec<Refusal> {
    let refusal = |class, why| Refusal { class, why, at: at.to_owned() };
    let Some(region) = bound.region.and_then(|id| plan.region(id)) else {
        let why = format!("the frame would have more than {}", words::bytes(plan.max_frame));
        let can_be = most(plan).is_none_or(|most| most > plan.max_frame.into());
        return can_be.then(|| refusal("frame-too-large", why)).into_iter().collect();
    };
    let length = field_name(plan, region.length);
    let what = code(&region.what);
    let mut all = Vec::new();
    if bound.region.is_some_and(|id| can_be_short(plan, id)) {
        all.push(refusal("length-too-small", format!("{length} leaves too little for what is in {what}")));
    }
    if exact {
        all.push(refusal("out-of-range", format!("{length} says more than there is in {what}")));
    }
    all
}

/// The largest frame that the types allow, where there is one.
fn most(plan: &Plan) -> Option<i128> {
    let mut total = 0_i128;
    let mut inside = None;
    for op in &plan.ops {
        if inside.is_some_and(|region| op.kind == OpKind::Close(region)) {
            inside = None;
        }
        if inside.is_some() {
            continue;
        }
        let size = match &op.kind {
            OpKind::Bytes { size: Size::Until { delimiters, max: Some(max), .. }, .. } => {
                let longest = delimiters.iter().map(Vec::len).max().unwrap_or(0);
                i128::try_from(longest).ok()?.saturating_add((*max).into())
            }
            OpKind::Pad { size: PadSize::Align(multiple), .. } => i128::from(*multiple).saturating_sub(1),
            OpKind::Open(region) => {
                inside = Some(*region);
                // A length that does not say just that is refused for that, whatever the frame's size would be.
                content(plan, *region, fixed).or_else(|| Some(claims(plan, plan.region(*region)?).1.max(0)))?
            }
            kind => fixed(kind)?,
        };
        total = total.saturating_add(size);
    }
    Some(total)
}

/// Whether a length can say less than what it counts takes, where it says no less than nothing.
fn can_be_short(plan: &Plan, id: RegionId) -> bool {
    let own = |kind: &OpKind| match kind {
        OpKind::Bytes { size: Size::Rest(bound), .. } if bound.region == Some(id) => Some(0),
        kind => fixed(kind),
    };
    content(plan, id, own).zip(plan.region(id)).is_none_or(|(taken, region)| claims(plan, region).0 < taken)
}

/// The bytes of what a length counts, where each op's are known and it has no condition.
fn content(plan: &Plan, id: RegionId, size: impl Fn(&OpKind) -> Option<i128>) -> Option<i128> {
    let from_here = plan.ops.iter().skip_while(|op| op.kind != OpKind::Open(id));
    let inside = from_here.take_while(|op| op.kind != OpKind::Close(id)).filter(|op| op.kind.has_bytes());
    inside.map(|op| if op.guard.is_none() { size(&op.kind) } else { None }).sum()
}

/// The bytes of an op, where the spec alone tells them.
fn fixed(kind: &OpKind) -> Option<i128> {
    match kind {
        OpKind::Int { int, .. } | OpKind::Bits { int, .. } => Some(int.bytes.into()),
        OpKind::Const { bytes, .. } => i128::try_from(bytes.len()).ok(),
        OpKind::Bytes { size: Size::Fixed(size), .. } | OpKind::Pad { size: PadSize::Fixed(size), .. } => {
            Some((*size).into())
        }
        OpKind::Bytes { size: Size::Until { .. } | Size::Rest(_), .. }
        | OpKind::Msgpack { .. }
        | OpKind::Frames { .. }
        | OpKind::Pad { size: PadSize::Align(_), .. } => None,
        OpKind::Carry { .. }
        | OpKind::Open(_)
        | OpKind::Close(_)
        | OpKind::Claim(_)
        | OpKind::Fit { .. }
        | OpKind::Let { .. }
        | OpKind::Peek { .. }
        | OpKind::Check(..)
        | OpKind::Mark(_)
        | OpKind::Sum(_) => Some(0),
    }
}

/// The least and the most that a length can say.
fn claims(plan: &Plan, region: &Region) -> (i128, i128) {
    let (low, high) = values(plan, region.length);
    let counted = |value: i128| value.saturating_mul(region.unit.into()).saturating_sub(region.plus.into());
    (counted(low), counted(high))
}

fn around(plan: &Plan, bound: &Bound) -> String {
    match bound.region.and_then(|id| plan.region(id)) {
        Some(region) => field_name(plan, region.length),
        None => format!("the largest frame ({})", words::bytes(plan.max_frame)),
    }
}

fn too_little(bound: &Bound) -> &'static str {
    if bound.region.is_some() { "length-too-small" } else { "frame-too-large" }
}

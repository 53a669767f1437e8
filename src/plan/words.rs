//! A plan's parts in words.

use super::{
    Accept, Ahead, Binary, Codec, Content, Emit, Endian, Expr, IntType, Kind, OpKind, PadSize, Plan, Region, Size,
    SlotId, Source, Sum, SumPart, Unary,
};

/// The name of a slot; of a length prefix, that of its field.
pub(crate) fn name(plan: &Plan, slot: SlotId) -> String {
    match plan.slot(slot) {
        Some(slot) if slot.hidden && matches!(slot.source, Source::Length(_)) => format!("{} length", slot.name),
        Some(slot) if matches!(slot.source, Source::Piece(_)) => format!("{} piece", slot.name),
        Some(slot) if slot.hidden => String::new(),
        Some(slot) => slot.name.clone(),
        None => String::new(),
    }
}

/// The name of a part of a bit group, padding included.
pub(crate) fn part_name(plan: &Plan, slot: SlotId) -> String {
    let name = name(plan, slot);
    if name.is_empty() { "padding".to_owned() } else { name }
}

/// The constant of a slot.
pub(crate) fn constant(plan: &Plan, slot: SlotId) -> String {
    match plan.slot(slot).map(|slot| &slot.source) {
        Some(Source::Const(value)) if *value <= 9 => value.to_string(),
        Some(Source::Const(value)) => format!("0x{value:X}"),
        Some(Source::Bytes(bytes)) => literal(bytes),
        Some(Source::Input | Source::Length(_) | Source::Zero | Source::Piece(_) | Source::Sum(_)) | None => {
            String::new()
        }
    }
}

/// Bytes as text where they are, else as hex.
fn literal(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.chars().all(|c| c.is_ascii_graphic() && c != '"' && c != '\\') => format!("\"{text}\""),
        Ok(_) | Err(_) => format!("0x{}", crate::value::to_hex(bytes)),
    }
}

/// A delimiter in the escapes of the language.
pub(crate) fn delimiter(bytes: &[u8]) -> String {
    format!("\"{}\"", super::import::quoted(bytes))
}

/// How many bytes an op has on the wire; nothing for one without any.
pub(crate) fn size(kind: &OpKind) -> Option<String> {
    match kind {
        OpKind::Int { int, .. } | OpKind::Bits { int, .. } => Some(int.bytes.to_string()),
        OpKind::Const { bytes, .. } => Some(bytes.len().to_string()),
        OpKind::Bytes { size: Size::Fixed(size), .. } | OpKind::Pad { size: PadSize::Fixed(size), .. } => {
            Some(size.to_string())
        }
        OpKind::Bytes { .. } | OpKind::Msgpack { .. } | OpKind::Frames { .. } | OpKind::Pad { .. } => {
            Some("…".to_owned())
        }
        OpKind::Carry { .. } | OpKind::Let { .. } | OpKind::Peek { .. } => Some(String::new()),
        OpKind::Open(_)
        | OpKind::Close(_)
        | OpKind::Claim(_)
        | OpKind::Fit { .. }
        | OpKind::Check(..)
        | OpKind::Mark(_)
        | OpKind::Sum(_) => None,
    }
}

/// Where the size of a field comes from that is not fixed.
pub(crate) fn extent(plan: &Plan, kind: &OpKind) -> String {
    match kind {
        OpKind::Bytes { size: Size::Rest(bound), .. } => {
            let length = bound.region.and_then(|region| plan.region(region)).map(|region| name(plan, region.length));
            length.map_or_else(String::new, |length| format!("as {length} says"))
        }
        OpKind::Bytes { size: Size::Until { delimiters, kept, max, .. }, .. } => {
            let all: Vec<String> = delimiters.iter().map(|bytes| delimiter(bytes)).collect();
            let kept = if *kept { ", kept" } else { "" };
            let max = max.map_or_else(String::new, |max| format!(", at most {max} bytes"));
            format!("until {}{kept}{max}", all.join(" or "))
        }
        OpKind::Msgpack { .. } => "one MessagePack object".to_owned(),
        OpKind::Frames { deep, .. } => format!("frames of this protocol, at most {deep} deep"),
        OpKind::Pad { size: PadSize::Align(multiple), .. } => format!("to a multiple of {multiple}"),
        OpKind::Let { .. } => "what its pieces say".to_owned(),
        OpKind::Peek { ahead: Ahead::Next, .. } => "what comes next".to_owned(),
        OpKind::Peek { ahead: Ahead::First { max }, .. } => {
            format!("what comes first{}", max.map_or_else(String::new, |max| format!(", behind {max} bytes at most")))
        }
        OpKind::Carry { .. }
        | OpKind::Int { .. }
        | OpKind::Const { .. }
        | OpKind::Bits { .. }
        | OpKind::Bytes { .. }
        | OpKind::Pad { .. }
        | OpKind::Open(_)
        | OpKind::Close(_)
        | OpKind::Claim(_)
        | OpKind::Fit { .. }
        | OpKind::Check(..)
        | OpKind::Mark(_)
        | OpKind::Sum(_) => String::new(),
    }
}

/// The name of an op's field, and what it means.
pub(crate) fn field(plan: &Plan, kind: &OpKind) -> (String, String) {
    match kind {
        OpKind::Carry { slot, accept, .. } => {
            (name(plan, *slot), join(&[accepted(plan, *accept), carried(plan, *slot)]))
        }
        OpKind::Int { slot, int, accept } => {
            let sign = if int.signed { "signed" } else { "" };
            let order = match (int.bytes, int.endian) {
                (1, _) | (_, Endian::Big) => "",
                (_, Endian::Little) => "little-endian",
            };
            let words =
                [sign.to_owned(), order.to_owned(), counts(plan, *slot), summed(plan, *slot), accepted(plan, *accept)];
            (name(plan, *slot), join(&words))
        }
        OpKind::Const { slot, .. } => (name(plan, *slot), format!("= {}", constant(plan, *slot))),
        OpKind::Bytes { slot, content, .. } => {
            let words = [
                extent(plan, kind),
                counts(plan, *slot),
                summed(plan, *slot),
                judged(plan, content),
                masked(plan, *slot),
            ];
            (name(plan, *slot), join(&words))
        }
        OpKind::Let { slot, accept, .. } | OpKind::Peek { slot, accept, .. } => {
            let words = [extent(plan, kind), counts(plan, *slot), accepted(plan, *accept)];
            (name(plan, *slot), join(&words))
        }
        OpKind::Msgpack { slot, .. } => (name(plan, *slot), extent(plan, kind)),
        OpKind::Frames { slot, times, .. } => {
            let times = format!("as many as {}", expression(plan, times));
            (name(plan, *slot), join(&[extent(plan, kind), times]))
        }
        OpKind::Pad { .. } => ("padding".to_owned(), extent(plan, kind)),
        OpKind::Bits { .. }
        | OpKind::Open(_)
        | OpKind::Close(_)
        | OpKind::Claim(_)
        | OpKind::Fit { .. }
        | OpKind::Check(..)
        | OpKind::Mark(_)
        | OpKind::Sum(_) => (String::new(), String::new()),
    }
}

/// What a value of the session is for the first frame, and behind a frame; nothing of any other slot.
pub(crate) fn carried(plan: &Plan, slot: SlotId) -> String {
    let Some(carried) = plan.session.iter().find(|carried| carried.slot == slot) else { return String::new() };
    let from = member(plan, &Expr::Slot(slot), carried.from).unwrap_or_else(|| carried.from.to_string());
    let then =
        carried.then.as_ref().map_or_else(|| "stays".to_owned(), |then| format!("then {}", expression(plan, then)));
    format!("lives from frame to frame, from {from}, {then}")
}

/// What a length counts; nothing for any other slot.
pub(crate) fn counts(plan: &Plan, slot: SlotId) -> String {
    let Some(Source::Length(region)) = plan.slot(slot).map(|slot| &slot.source) else { return String::new() };
    let Some(region) = plan.region(*region) else { return String::new() };
    let adjusted = adjusted(region);
    let space = if adjusted.is_empty() { "" } else { " " };
    format!("counts {}{space}{adjusted}", region.what)
}

/// What a checksum is computed from, and how; nothing for any other slot.
fn summed(plan: &Plan, slot: SlotId) -> String {
    match plan.slot(slot).map(|slot| &slot.source) {
        Some(Source::Sum(sum)) => plan.sum(*sum).map(|sum| computed(plan, sum)).unwrap_or_default(),
        _ => String::new(),
    }
}

/// A checksum in the words of the spec.
fn computed(plan: &Plan, sum: &Sum) -> String {
    let mut words = format!("checks {}", sum.what);
    for part in &sum.parts {
        match part {
            SumPart::Bytes(..) => {}
            SumPart::Zeros(_) => words += " zeroed",
            SumPart::Byte(_) => {}
        }
    }
    words += &format!(" with {}", sum.algorithm.name());
    for part in &sum.parts {
        if let SumPart::Byte(value) = part {
            words += &format!(" then {}", expression(plan, value));
        }
    }
    words
}

/// How a length's value differs from the bytes that it counts.
pub(crate) fn adjusted(region: &Region) -> String {
    let plus = if region.plus == 0 { String::new() } else { format!("plus {}", region.plus) };
    let unit = if region.unit == 1 { String::new() } else { format!("unit {}", region.unit) };
    let sentinel = region.sentinel.map_or_else(String::new, |sentinel| format!("sentinel {}", sentinel.value));
    let words = [plus, unit, sentinel];
    words.iter().filter(|word| !word.is_empty()).cloned().collect::<Vec<String>>().join(" ")
}

/// Which integers pass.
pub(crate) fn accepted(plan: &Plan, accept: Accept) -> String {
    match accept {
        Accept::Any => String::new(),
        Accept::Const(value) => format!("= {value}"),
        Accept::Range(low, high) => format!("in {low}..={high}"),
        Accept::Enum(id) => plan.enums.get(id.0).map_or_else(String::new, |names| {
            let text = |value: i128| names.texts.get(usize::try_from(value).ok()?).map(|text| delimiter(text));
            let shown = |value: i128| match text(value) {
                Some(text) => text,
                None if names.texts.is_empty() => value.to_string(),
                None => "else".to_owned(),
            };
            let mut members: Vec<String> =
                names.members.iter().map(|(value, member)| format!("{}\u{a0}{member}", shown(*value))).collect();
            members.extend(names.other.iter().map(|other| format!("else\u{a0}{other}")));
            format!("{}: {}", names.name, members.join(" · "))
        }),
    }
}

/// Which contents pass.
pub(crate) fn judged(plan: &Plan, content: &Content) -> String {
    match content {
        Content::Always(Codec::Raw) => String::new(),
        Content::Always(Codec::Utf8) => "UTF-8".to_owned(),
        Content::Always(Codec::Json) => "JSON".to_owned(),
        Content::Always(Codec::Msgpack) => "MessagePack".to_owned(),
        Content::Decimal(decimal) => {
            let digits = format!("{} digits", decimal.digits);
            join(&["decimal".to_owned(), digits, accepted(plan, decimal.accept)])
        }
        Content::By(slot, _) => format!("encoded as {} says", name(plan, *slot)),
    }
}

/// What a field's bytes are masked with; nothing of any other.
pub(crate) fn masked(plan: &Plan, slot: SlotId) -> String {
    let key = plan.slot(slot).and_then(|slot| slot.mask);
    key.map_or_else(String::new, |key| format!("xor {}", name(plan, key)))
}

/// What a frame-level user is handed.
pub(crate) fn emit(plan: &Plan) -> String {
    match plan.emit {
        Emit::Frame | Emit::Strip(0) => "the whole frame".to_owned(),
        Emit::Value(slot) => name(plan, slot),
        Emit::Span(first, last) => format!("{}..{}", name(plan, first), name(plan, last)),
        Emit::Strip(count) => format!("all but the first {}", bytes(count)),
    }
}

/// An expression as the language writes it, with parentheses around every operand that has an operator.
pub(crate) fn expression(plan: &Plan, expr: &Expr) -> String {
    let operand = |expr: &Expr, beside: &Expr| match expr {
        Expr::Int(value) => member(plan, beside, *value).unwrap_or_else(|| value.to_string()),
        Expr::Slot(_) => expression(plan, expr),
        Expr::Unary(_, _) | Expr::Binary(_, _, _) => format!("({})", expression(plan, expr)),
    };
    match expr {
        Expr::Int(value) => value.to_string(),
        Expr::Slot(slot) => name(plan, *slot),
        Expr::Unary(unary, of) => format!("{}{}", sign(*unary), operand(of, of)),
        Expr::Binary(binary, left, right) => {
            format!("{} {} {}", operand(left, right), symbol(*binary), operand(right, left))
        }
    }
}

/// The enum's name for a number that stands beside a field with names.
fn member(plan: &Plan, beside: &Expr, value: i128) -> Option<String> {
    let Expr::Slot(slot) = beside else { return None };
    let names = plan.enums.get(plan.slot(*slot)?.names?.0)?;
    let (_, member) = names.members.iter().find(|(known, _)| *known == value)?;
    Some(format!("{}.{member}", names.name))
}

fn sign(unary: Unary) -> char {
    match unary {
        Unary::Neg => '-',
        Unary::Not => '!',
        Unary::Invert => '~',
    }
}

/// The operator, as the language and those of C have it.
pub(crate) fn symbol(binary: Binary) -> &'static str {
    match binary {
        Binary::Mul => "*",
        Binary::Div => "/",
        Binary::Rem => "%",
        Binary::Add => "+",
        Binary::Sub => "-",
        Binary::Shl => "<<",
        Binary::Shr => ">>",
        Binary::And => "&",
        Binary::Xor => "^",
        Binary::Or => "|",
        Binary::Eq => "==",
        Binary::Ne => "!=",
        Binary::Lt => "<",
        Binary::Le => "<=",
        Binary::Gt => ">",
        Binary::Ge => ">=",
        Binary::AndAlso => "&&",
        Binary::OrElse => "||",
    }
}

/// A count of bytes.
pub(crate) fn bytes(count: u64) -> String {
    if count == 1 { "1 byte".to_owned() } else { format!("{count} bytes") }
}

/// A count of bits.
pub(crate) fn bits(count: u64) -> String {
    if count == 1 { "1 bit".to_owned() } else { format!("{count} bits") }
}

/// What there is of these, with commas.
pub(crate) fn join(parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

/// The type of an op's bytes in the language's words, with the byte order where it is little.
pub(crate) fn kind(plan: &Plan, kind: &OpKind) -> String {
    let of = |slot: SlotId| match plan.slot(slot).map(|slot| slot.kind) {
        Some(Kind::Int(int)) => integer(int),
        Some(Kind::Bits(width)) => format!("b{width}"),
        Some(Kind::Bytes) | None => "bytes".to_owned(),
        Some(Kind::Text) => "str".to_owned(),
    };
    match kind {
        OpKind::Carry { int, .. } => integer(IntType { endian: Endian::Big, ..*int }),
        OpKind::Int { int, .. } | OpKind::Bits { int, .. } => integer(*int),
        OpKind::Bytes { content: Content::Decimal(_), .. } => "ascii".to_owned(),
        OpKind::Const { slot, .. } | OpKind::Bytes { slot, .. } => of(*slot),
        OpKind::Msgpack { .. } => "msgpack".to_owned(),
        OpKind::Frames { .. } => "frames".to_owned(),
        OpKind::Let { slot, .. } => of(*slot),
        OpKind::Peek { .. } => "peek".to_owned(),
        OpKind::Pad { .. } => "pad".to_owned(),
        OpKind::Open(_)
        | OpKind::Close(_)
        | OpKind::Claim(_)
        | OpKind::Fit { .. }
        | OpKind::Check(..)
        | OpKind::Mark(_)
        | OpKind::Sum(_) => String::new(),
    }
}

fn integer(int: IntType) -> String {
    let sign = if int.signed { 'i' } else { 'u' };
    let order = match (int.bytes, int.endian) {
        (1, _) | (_, Endian::Big) => "",
        (_, Endian::Little) => "le",
    };
    format!("{sign}{}{order}", u32::from(int.bytes).saturating_mul(8))
}

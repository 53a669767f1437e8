//! What a person wants to see of a protocol: a packet diagram, its fields, its sizes, and the settings of each peer.

mod grid;
mod words;

use std::fmt::{Display, Write as _};

use super::geometry::offsets;
use super::peers::{Configured, netty, swoole, tokio};
use super::{BitPart, Endian, Op, OpKind, PadSize, Plan, Size};
use grid::Grid;

/// Larger fixed fields are drawn as open boxes.
const MOST_ROWS_BYTES: u64 = 16;
/// Characters of a line of text.
const LINE: usize = 100;

/// The packet diagram, the fields, the sizes and each peer's settings or the reason why it has none.
#[must_use]
pub fn show(plan: &Plan) -> String {
    let mut out = String::new();
    line(&mut out, &plan.name);
    if !plan.doc.is_empty() {
        wrapped(&mut out, &plan.doc, LINE);
    }
    line(&mut out, "");
    out.push_str(&diagram(plan));
    line(&mut out, "");
    out.push_str(&fields(plan));
    line(&mut out, "");
    line(&mut out, &format!("smallest frame  {}", bytes(plan.min_frame)));
    line(&mut out, &format!("largest frame   {}", bytes(plan.largest)));
    line(&mut out, &format!("handed out      {}", words::emit(plan)));
    peer(&mut out, "Netty", netty::settings(plan));
    peer(&mut out, "tokio-util", tokio::settings(plan));
    peer(&mut out, "Swoole", swoole::settings(plan));
    out
}

/// The packet diagram alone: rows of 32 bits, the first bit on the left.
#[must_use]
pub fn diagram(plan: &Plan) -> String {
    let mut grid = Grid::default();
    for op in &plan.ops {
        draw(plan, op, &mut grid);
    }
    grid.finish()
}

fn draw(plan: &Plan, op: &Op, grid: &mut Grid) {
    let name = |slot: super::SlotId| words::name(plan, slot);
    let bits = |bytes: u64| bytes.saturating_mul(8);
    let (label, short, size) = match &op.kind {
        OpKind::Int { slot, int, .. } => (name(*slot), name(*slot), Some(u64::from(int.bytes))),
        OpKind::Const { slot, bytes } => {
            let label = format!("{} = {}", name(*slot), words::constant(plan, *slot));
            (label, name(*slot), u64::try_from(bytes.len()).ok())
        }
        OpKind::Bits { int, parts } if op.guard.is_none() && (int.endian == Endian::Big || int.bytes == 1) => {
            for part in in_wire_order(parts) {
                grid.cell(&part_label(plan, part), &name(part.slot), part.width.into());
            }
            return;
        }
        OpKind::Bits { int, parts } => {
            let names: Vec<String> = in_wire_order(parts).iter().map(|part| part_label(plan, part)).collect();
            (names.join(" | "), "bits".to_owned(), Some(u64::from(int.bytes)))
        }
        OpKind::Bytes { slot, size: Size::Fixed(size), .. } => (name(*slot), name(*slot), Some(*size)),
        OpKind::Bytes { slot, .. } | OpKind::Msgpack { slot, .. } => (name(*slot), name(*slot), None),
        OpKind::Pad { size: PadSize::Fixed(size), .. } => ("padding".to_owned(), "pad".to_owned(), Some(*size)),
        OpKind::Pad { size: PadSize::Align(_), .. } => ("padding".to_owned(), "pad".to_owned(), None),
        // The pieces of an integer are drawn as one.
        OpKind::Let { slot, .. } => (name(*slot), name(*slot), None),
        OpKind::Open(_) | OpKind::Close(_) | OpKind::Claim(_) | OpKind::Fit { .. } | OpKind::Check(..) => return,
    };
    match (size, &op.guard) {
        (Some(size), None) if size <= MOST_ROWS_BYTES => grid.cell(&label, &short, bits(size)),
        (Some(0), _) => {}
        (_, guard) => {
            let mut label = label;
            push(&mut label, format_args!(" ({})", size.map_or_else(|| words::extent(plan, &op.kind), bytes)));
            if let Some(guard) = guard {
                push(&mut label, format_args!(" if {}", words::expression(plan, guard)));
            }
            grid.open(&label);
        }
    }
}

/// The parts of a bit group from its most significant bit on.
fn in_wire_order(parts: &[BitPart]) -> Vec<&BitPart> {
    let mut sorted: Vec<&BitPart> = parts.iter().collect();
    sorted.sort_by_key(|part| std::cmp::Reverse(part.shift));
    sorted
}

fn part_label(plan: &Plan, part: &BitPart) -> String {
    match part.accept {
        super::Accept::Const(value) => format!("{} = {value}", words::name(plan, part.slot)),
        super::Accept::Any | super::Accept::Range(_, _) | super::Accept::Enum(_) => words::name(plan, part.slot),
    }
}

/// One line a field: its offset, its bytes, its name, what it means.
fn fields(plan: &Plan) -> String {
    let mut rows = vec![["offset".to_owned(), "bytes".to_owned(), "field".to_owned(), String::new()]];
    for (op, offset) in plan.ops.iter().zip(offsets(plan)) {
        let Some(size) = words::size(&op.kind) else { continue };
        let offset = offset.map_or_else(|| "…".to_owned(), |offset| offset.to_string());
        let condition =
            op.guard.as_ref().map(|guard| format!("if {}", words::expression(plan, guard))).unwrap_or_default();
        if let OpKind::Bits { parts, .. } = &op.kind {
            rows.push([offset, size, "bits".to_owned(), condition]);
            for part in parts {
                let bits = if part.width == 1 { "1 bit".to_owned() } else { format!("{} bits", part.width) };
                let meaning = join(&[bits, words::accepted(plan, part.accept), words::counts(plan, part.slot)]);
                rows.push([String::new(), String::new(), format!("  {}", words::part_name(plan, part.slot)), meaning]);
            }
        } else {
            let (name, meaning) = words::field(plan, &op.kind);
            rows.push([offset, size, name, join(&[meaning, condition])]);
        }
    }
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|text| text.chars().count()).max().unwrap_or(0)
    };
    let (offset, size, name) = (width(0), width(1), width(2));
    let mut out = String::new();
    let indent = offset.saturating_add(size).saturating_add(name).saturating_add(6);
    for [at, bytes, field, meaning] in &rows {
        let mut meanings = String::new();
        wrapped(&mut meanings, meaning, LINE.saturating_sub(indent));
        let mut meanings = meanings.lines();
        let first = meanings.next().unwrap_or_default();
        line(&mut out, format!("{at:>offset$}  {bytes:>size$}  {field:<name$}  {first}").trim_end());
        for more in meanings {
            line(&mut out, &format!("{:indent$}{more}", ""));
        }
    }
    out
}

fn join(parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

fn peer<S: Display>(out: &mut String, name: &str, configured: Result<Configured<S>, String>) {
    line(out, "");
    match configured {
        Ok(Configured { settings, notes }) => {
            line(out, name);
            for text in settings.to_string().lines() {
                line(out, &format!("    {text}"));
            }
            for note in notes {
                line(out, &format!("  - {note}"));
            }
        }
        Err(reason) => line(out, &format!("{name}: not possible, because {reason}.")),
    }
}

fn bytes(count: u64) -> String {
    if count == 1 { "1 byte".to_owned() } else { format!("{count} bytes") }
}

/// Text in lines of at most so many characters, where its words allow it. A no-break space holds words together.
fn wrapped(out: &mut String, text: &str, width: usize) {
    let mut row = String::new();
    for word in text.split_ascii_whitespace() {
        if !row.is_empty() && row.chars().count().saturating_add(word.chars().count()) >= width {
            line(out, &row);
            row.clear();
        }
        if !row.is_empty() {
            row.push(' ');
        }
        row.push_str(&word.replace('\u{a0}', " "));
    }
    line(out, &row);
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn push(text: &mut String, words: std::fmt::Arguments<'_>) {
    let written = text.write_fmt(words);
    debug_assert!(written.is_ok(), "a String takes every text");
}

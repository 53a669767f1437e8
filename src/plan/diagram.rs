//! What a person wants to see of a protocol: a packet diagram, its fields, its sizes, and the settings of each peer.

mod cells;
mod grid;

use std::fmt::{Display, Write as _};

use super::geometry::offsets;
use super::peers::{Configured, netty, swoole, tokio};
use super::{OpKind, Plan, words};
pub(crate) use cells::{Cell, cells};
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
    line(&mut out, &format!("smallest frame  {}", words::bytes(plan.min_frame)));
    line(&mut out, &format!("largest frame   {}", words::bytes(plan.largest)));
    line(&mut out, &format!("handed out      {}", words::emit(plan)));
    for (name, configured) in peers(plan) {
        line(&mut out, "");
        match configured {
            Ok(Configured { settings, notes }) => {
                line(&mut out, name);
                for text in settings.lines() {
                    line(&mut out, &format!("    {text}"));
                }
                for note in notes {
                    line(&mut out, &format!("  - {note}"));
                }
            }
            Err(reason) => line(&mut out, &format!("{name}: not possible, because {reason}.")),
        }
    }
    out
}

/// The packet diagram alone: rows of 32 bits, the first bit on the left.
#[must_use]
pub fn diagram(plan: &Plan) -> String {
    let mut grid = Grid::default();
    for cell in cells(plan) {
        draw(&cell, &mut grid);
    }
    grid.finish()
}

fn draw(cell: &Cell, grid: &mut Grid) {
    if cell.guard.is_none() && !cell.parts.is_empty() {
        for part in &cell.parts {
            grid.cell(&part.label(), &part.name, part.bits.unwrap_or(0));
        }
        return;
    }
    // The names of a group's parts stand for it.
    let mut label = if cell.slot.is_none() { cell.value.clone() } else { cell.label() };
    match (cell.bits, &cell.guard) {
        (Some(bits), None) if bits <= MOST_ROWS_BYTES.saturating_mul(8) => grid.cell(&label, short(cell), bits),
        (size, guard) => {
            let size = size.map_or_else(|| cell.extent.clone(), |bits| words::bytes(bits / 8));
            push(&mut label, format_args!(" ({size})"));
            if let Some(guard) = guard {
                push(&mut label, format_args!(" if {guard}"));
            }
            grid.open(&label);
        }
    }
}

/// The name; of padding a shorter word.
fn short(cell: &Cell) -> &str {
    if cell.name == "padding" { "pad" } else { &cell.name }
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
                let bits = words::bits(part.width.into());
                let meaning = words::join(&[bits, words::accepted(plan, part.accept), words::counts(plan, part.slot)]);
                rows.push([String::new(), String::new(), format!("  {}", words::part_name(plan, part.slot)), meaning]);
            }
        } else {
            let (name, meaning) = words::field(plan, &op.kind);
            rows.push([offset, size, name, words::join(&[meaning, condition])]);
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

/// A peer that finds frames by settings: its name, and its settings or why it has none.
pub(crate) type Peer = (&'static str, Result<Configured<String>, String>);

/// What every peer is told.
pub(crate) fn peers(plan: &Plan) -> [Peer; 3] {
    fn text<S: Display>(found: Result<Configured<S>, String>) -> Result<Configured<String>, String> {
        found.map(|Configured { settings, notes }| Configured { settings: settings.to_string(), notes })
    }
    [
        ("Netty", text(netty::settings(plan))),
        ("tokio-util", text(tokio::settings(plan))),
        ("Swoole", text(swoole::settings(plan))),
    ]
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

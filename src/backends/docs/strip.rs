//! The bytes of an example as a picture: sixteen a row, in boxes by field, what a length counts underlined in its colour.

use std::fmt::Write as _;

use super::svg::{HUES, Legend, Picture, SMALL, escaped, width};
use crate::plan::{OpKind, Plan, RegionId, Source, words};
use crate::value::to_hex;
use crate::vector::{Example, Piece};

const COLUMNS: usize = 16;
/// Rows at most; the table has the rest.
const ROWS: usize = 8;
const BYTE: i64 = 34;
const LEFT: i64 = 48;
const MARGIN: i64 = 16;
const LABEL: i64 = 16;
const BOX: i64 = 26;
/// Between lines under the bytes.
const LINE: i64 = 5;

/// The file.
pub(super) fn svg(plan: &Plan, example: &Example<'_>) -> String {
    let mut picture = Picture::default();
    let mut legend = Legend::default();
    let counted = counted(plan, example);
    let height = LABEL + BOX + LINE * pixels(counted.iter().map(|line| line.depth + 1).max().unwrap_or(0)) + 10;
    let shown = example.vector.stream.len().min(COLUMNS * ROWS);
    let rows = shown.div_ceil(COLUMNS);
    let place = |at: usize| (LEFT + pixels(at % COLUMNS) * BYTE, MARGIN + pixels(at / COLUMNS) * height);
    for row in 0..rows {
        let (_, y) = place(row * COLUMNS);
        picture.text("s e", (LEFT - 10, y + LABEL + 18), &format!("{:04x}", row * COLUMNS));
    }
    for piece in example.frames.iter().flatten() {
        let name = name(plan, piece);
        picture.push(&format!("<g class=\"piece\"><title>{}</title>", escaped(&name)));
        let parts = parts(piece.offset, piece.offset + piece.bytes.len(), shown);
        let widest = parts.iter().map(|(from, to)| to - from).max().unwrap_or(0);
        let labelled = parts.iter().position(|(from, to)| to - from == widest);
        for (number, (from, to)) in parts.into_iter().enumerate() {
            let ((x, y), wide) = (place(from), pixels(to - from) * BYTE);
            let class = class(plan, piece);
            let (x, wide) = (x + 2, wide - 4);
            let top = y + LABEL;
            picture.push(&format!(
                "<rect class=\"{class}\" x=\"{x}\" y=\"{top}\" width=\"{wide}\" height=\"{BOX}\" rx=\"3\"/>\n\
                 <rect class=\"edge\" x=\"{x}\" y=\"{top}\" width=\"{wide}\" height=\"{BOX}\" rx=\"3\"/>"
            ));
            if labelled == Some(number) {
                let fits = |words: &str| width(words) * SMALL <= wide;
                let bits = matches!(plan.ops.get(piece.op).map(|op| &op.kind), Some(OpKind::Bits { .. }));
                let label = match name.as_str() {
                    name if fits(name) => name.to_owned(),
                    _ if bits && fits("bits") => "bits".to_owned(),
                    name => legend.mark(name),
                };
                picture.text("s m", (x + wide / 2, y + LABEL - 4), &label);
            }
            for at in from..to {
                let byte = piece.bytes.get(at - piece.offset).map(|byte| to_hex(&[*byte])).unwrap_or_default();
                let (x, y) = place(at);
                picture.text("n m", (x + BYTE / 2, y + LABEL + 18), &byte);
            }
        }
        picture.push("</g>");
    }
    for line in counted {
        let mut markup = String::new();
        for (from, to) in parts(line.from, line.to, shown) {
            let (x, y) = place(from);
            let y = y + LABEL + BOX + LINE * pixels(line.depth + 1) - 1;
            let hue = line.region.0 % HUES;
            let wide = pixels(to - from) * BYTE;
            let _ = writeln!(markup, "<path class=\"bracket h{hue}\" d=\"M{} {y}h{}\"/>", x + 2, wide - 4);
        }
        picture.push(markup.trim_end());
    }
    let mut bottom = MARGIN + pixels(rows) * height;
    if let Some(more) = example.vector.stream.len().checked_sub(shown).filter(|more| *more > 0) {
        picture.text("s", (LEFT, bottom + 12), &format!("and {more} more bytes"));
        bottom += 18;
    }
    let right = LEFT + BYTE * pixels(COLUMNS.min(shown.max(8))) + MARGIN;
    bottom = legend.draw(&mut picture, (LEFT, bottom), right - LEFT - MARGIN);
    let title = format!("{}: {}", plan.name, example.vector.name);
    let pieces = example.frames.iter().flatten();
    let pieces: Vec<String> = pieces.map(|piece| format!("{} {}", name(plan, piece), to_hex(&piece.bytes))).collect();
    picture.finish(right, bottom + 10, &title, &format!("The bytes: {}.", pieces.join("; ")))
}

/// The name of a piece's field, and what it is of it.
pub(super) fn name(plan: &Plan, piece: &Piece) -> String {
    let Some(op) = plan.ops.get(piece.op) else { return String::new() };
    let names: Vec<String> = op.kind.slots().into_iter().map(|slot| words::part_name(plan, slot)).collect();
    let names = names.join(", ");
    if piece.delimiter { format!("delimiter of {names}") } else { names }
}

fn class(plan: &Plan, piece: &Piece) -> String {
    let slots = plan.ops.get(piece.op).map(|op| op.kind.slots()).unwrap_or_default();
    let sources = slots.iter().filter_map(|slot| plan.slot(*slot)).map(|slot| &slot.source);
    let length = sources.clone().find_map(|source| match source {
        Source::Length(region) => Some(region.0),
        Source::Input | Source::Const(_) | Source::Bytes(_) | Source::Zero | Source::Piece(_) | Source::Sum(_) => None,
    });
    match length {
        Some(region) => format!("h{}", region % HUES),
        None if piece.delimiter => "const".to_owned(),
        None if sources.clone().all(|source| *source == Source::Zero) => "pad".to_owned(),
        None if sources.clone().any(|source| matches!(source, Source::Input | Source::Piece(_))) => "field".to_owned(),
        None => "const".to_owned(),
    }
}

/// A line under what a length counts.
struct Line {
    region: RegionId,
    from: usize,
    to: usize,
    /// How many such lines are nearer to the bytes.
    depth: usize,
}

fn counted(plan: &Plan, example: &Example<'_>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for frame in &example.frames {
        let mut of_frame: Vec<Line> = Vec::new();
        for number in 0..plan.regions.len() {
            let find = |wanted: OpKind| plan.ops.iter().position(|op| op.kind == wanted);
            let region = RegionId(number);
            let (Some(open), Some(close)) = (find(OpKind::Open(region)), find(OpKind::Close(region))) else {
                continue;
            };
            let mut inside = frame.iter().filter(|piece| (open..close).contains(&piece.op));
            let Some(first) = inside.next() else { continue };
            let last = inside.next_back().unwrap_or(first);
            let said = |piece: &&Piece| {
                let length = plan.region(region).map(|region| region.length);
                piece.integers.iter().any(|(slot, _)| Some(*slot) == length)
            };
            if frame.iter().any(|piece| said(&piece)) {
                of_frame.push(Line { region, from: first.offset, to: last.offset + last.bytes.len(), depth: 0 });
            }
        }
        of_frame.sort_by_key(|line| line.to - line.from);
        for mut line in of_frame {
            let beside = lines.iter().filter(|other| other.from < line.to && line.from < other.to);
            line.depth = beside.map(|other| other.depth + 1).max().unwrap_or(0);
            lines.push(line);
        }
    }
    lines
}

/// A range of bytes, row by row.
fn parts(from: usize, to: usize, shown: usize) -> Vec<(usize, usize)> {
    let (mut at, to) = (from, to.min(shown));
    let mut parts = Vec::new();
    while at < to {
        let end = to.min((at / COLUMNS + 1) * COLUMNS);
        parts.push((at, end));
        at = end;
    }
    parts
}

fn pixels(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(0)
}

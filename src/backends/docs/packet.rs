//! The packet diagram as a picture: rows of 32 bits to scale, variable parts with broken edges, a bracket for what a length counts.

use std::fmt::Write as _;

use super::svg::{HUES, Legend, NAME, Picture, SMALL, escaped, width};
use crate::plan::diagram::{Cell, cells};
use crate::plan::geometry::offsets;
use crate::plan::{Accept, OpKind, Plan, RegionId, Source, words};

const BITS: u64 = 32;
/// Larger fixed fields are drawn with broken edges.
const MOST_BITS: u64 = 4 * BITS;
/// Of one bit.
const BIT: i64 = 18;
const ROW: i64 = 40;
const OPEN: i64 = 52;
/// Over a row: when its fields are there.
const CAPTION: i64 = 20;
/// Behind rows with a condition, in front of one without.
const GAP: i64 = 8;
/// What is left of the rows: their offsets.
const LEFT: i64 = 48;
const RIGHT: i64 = LEFT + BIT * 32;
const MARGIN: i64 = 16;

/// A cell, or what of it stands in one row.
struct Piece {
    cell: usize,
    row: usize,
    /// From the row's left.
    bit: u64,
    bits: u64,
}

struct Row {
    y: i64,
    height: i64,
    /// Of its first byte, where it is fixed.
    offset: Option<u64>,
    bits: u64,
}

struct Packet<'a> {
    plan: &'a Plan,
    /// With the parts of groups in their groups' places.
    cells: Vec<Cell>,
    rows: Vec<Row>,
    pieces: Vec<Piece>,
    /// Where the next row begins.
    y: i64,
    picture: Picture,
    legend: Legend,
}

/// The file.
pub(super) fn svg(plan: &Plan) -> String {
    let ungrouped = |cell: Cell| if cell.parts.is_empty() { vec![cell] } else { cell.parts };
    let cells: Vec<Cell> = cells(plan).into_iter().flat_map(ungrouped).collect();
    let mut packet = Packet {
        plan,
        cells,
        rows: Vec::new(),
        pieces: Vec::new(),
        y: MARGIN,
        picture: Picture::default(),
        legend: Legend::default(),
    };
    packet.ruler();
    packet.place();
    for at in 0..packet.cells.len() {
        packet.cell(at);
    }
    packet.offsets();
    let right = packet.brackets();
    let room = right - LEFT - MARGIN;
    let bottom = packet.legend.draw(&mut packet.picture, (LEFT, packet.y + 12), room);
    let title = format!("Packet diagram of {}", plan.name);
    let described: Vec<String> = packet.cells.iter().map(described).collect();
    let description = format!("The fields in wire order: {}.", described.join("; "));
    packet.picture.finish(right, bottom + MARGIN, &title, &description)
}

/// A cell in words.
fn described(cell: &Cell) -> String {
    let size = match cell.bits {
        Some(bits) if bits % 8 == 0 => words::bytes(bits / 8),
        Some(bits) => words::bits(bits),
        None => cell.extent.clone(),
    };
    let guard = cell.guard.as_ref().map(|guard| format!("only if {guard}")).unwrap_or_default();
    let name = if cell.name.is_empty() { "padding".to_owned() } else { cell.label() };
    words::join(&[name, size, guard])
}

fn pixels(bits: u64) -> i64 {
    i64::try_from(bits).unwrap_or(0) * BIT
}

impl Packet<'_> {
    /// The numbers of the bits at both ends of each byte.
    fn ruler(&mut self) {
        if self.cells.iter().all(is_open) {
            return;
        }
        for bit in (0..BITS).filter(|bit| matches!(bit % 8, 0 | 7)) {
            self.picture.text("s m", (LEFT + pixels(bit) + BIT / 2, self.y + 10), &bit.to_string());
        }
        self.y += 18;
    }

    /// Gives every cell its place; fields with a condition of their own begin a row, and those behind them too.
    fn place(&mut self) {
        let offsets = offsets(self.plan);
        let mut guard: Option<&String> = None;
        let mut captions = Vec::new();
        let (mut op, mut inside) = (usize::MAX, 0);
        let mut fresh = true;
        for (at, cell) in self.cells.iter().enumerate() {
            inside = if cell.op == op { inside } else { 0 };
            op = cell.op;
            let offset = |inside: u64| offsets.get(op).copied().flatten().map(|offset| offset + inside / 8);
            if cell.guard.as_ref() != guard {
                guard = cell.guard.as_ref();
                fresh = true;
                match guard {
                    Some(guard) => {
                        captions.push((self.y, guard.clone()));
                        self.y += CAPTION;
                    }
                    None => self.y += GAP,
                }
            }
            if is_open(cell) {
                self.pieces.push(Piece { cell: at, row: self.rows.len(), bit: 0, bits: BITS });
                self.rows.push(Row { y: self.y, height: OPEN, offset: offset(0), bits: BITS });
                self.y += OPEN;
                fresh = true;
                continue;
            }
            let mut left = cell.bits.unwrap_or(0);
            while left > 0 {
                if fresh || self.rows.last().is_none_or(|row| row.bits == BITS) {
                    self.rows.push(Row { y: self.y, height: ROW, offset: offset(inside), bits: 0 });
                    self.y += ROW;
                    fresh = false;
                }
                let number = self.rows.len() - 1;
                let Some(row) = self.rows.last_mut() else { return };
                let take = left.min(BITS - row.bits);
                self.pieces.push(Piece { cell: at, row: number, bit: row.bits, bits: take });
                row.bits += take;
                left -= take;
                inside += take;
            }
        }
        for (y, guard) in captions {
            let caption = format!("if {guard}:");
            let fits = width(&caption) * SMALL <= RIGHT - LEFT;
            let caption = if fits { caption } else { format!("if {}:", self.legend.mark(&guard)) };
            self.picture.text("s", (LEFT, y + 14), &caption);
        }
    }

    /// In the order of the rows.
    fn pieces_of(&self, cell: usize) -> &[Piece] {
        let from = self.pieces.partition_point(|piece| piece.cell < cell);
        let to = self.pieces.partition_point(|piece| piece.cell <= cell);
        self.pieces.get(from..to).unwrap_or_default()
    }

    /// A cell with its edges and its words.
    fn cell(&mut self, at: usize) {
        let pieces = self.pieces_of(at);
        let Some(cell) = self.cells.get(at) else { return };
        let mut markup = format!("<g class=\"cell\"><title>{}</title>\n", escaped(&described(cell)));
        let dashed = if cell.guard.is_some() { " dashed" } else { "" };
        for piece in pieces {
            let Some(row) = self.rows.get(piece.row) else { continue };
            let (x, w) = (LEFT + pixels(piece.bit), pixels(piece.bits));
            let class = self.class(cell);
            let (y, h) = (row.y, row.height);
            if is_open(cell) {
                let outline = broken(x, y, w, h);
                let _ = writeln!(markup, "<path class=\"{class}\" d=\"{outline}\"/>");
                let _ = writeln!(markup, "<path class=\"edge{dashed}\" d=\"{outline}\"/>");
                continue;
            }
            let _ = writeln!(markup, "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/>");
            let mut edges = format!("M{x} {y}v{h}M{} {y}v{h}", x + w);
            for (y, other) in [(y, piece.row.checked_sub(1)), (y + h, Some(piece.row + 1))] {
                let same = pieces.iter().find(|near| Some(near.row) == other);
                let (from, to) = same.map_or((x, x), |near| {
                    let (start, end) = (piece.bit.max(near.bit), (piece.bit + piece.bits).min(near.bit + near.bits));
                    if start < end { (LEFT + pixels(start), LEFT + pixels(end)) } else { (x, x) }
                });
                for (from, to) in [(x, from), (to, x + w)].into_iter().filter(|(from, to)| from < to) {
                    let _ = write!(edges, "M{from} {y}H{to}");
                }
            }
            let _ = writeln!(markup, "<path class=\"edge{dashed}\" d=\"{edges}\"/>");
        }
        self.picture.push(markup.trim_end());
        self.words(at);
        self.picture.push("</g>");
    }

    fn class(&self, cell: &Cell) -> String {
        match cell.slot.and_then(|slot| self.plan.slot(slot)).map(|slot| &slot.source) {
            Some(Source::Length(region)) => format!("h{}", region.0 % HUES),
            Some(Source::Const(_) | Source::Bytes(_) | Source::Sum(_)) => "const".to_owned(),
            Some(Source::Zero) => "pad".to_owned(),
            Some(Source::Input | Source::Piece(_)) | None => "field".to_owned(),
        }
    }

    /// The name of a cell, and what there is room for besides it.
    fn words(&mut self, at: usize) {
        let pieces = self.pieces_of(at);
        let Some(cell) = self.cells.get(at).cloned() else { return };
        // Rows that it has to itself are one area; else the widest piece is where the words stand.
        let widest = pieces.iter().map(|piece| piece.bits).max().unwrap_or(0);
        let Some(first) = pieces.iter().find(|piece| piece.bits == widest) else { return };
        let last = pieces.iter().rfind(|piece| piece.bits == widest && piece.bit == first.bit).unwrap_or(first);
        let (Some(top), Some(bottom)) = (self.rows.get(first.row), self.rows.get(last.row)) else { return };
        let (x, y) = (LEFT + pixels(first.bit) + pixels(widest) / 2, (top.y + bottom.y + bottom.height) / 2);
        let room = pixels(widest) - 6;
        let apart = match pieces {
            [a, b] if a.bit >= b.bit + b.bits => Some(if a.bits == widest { b } else { a }),
            _ => None,
        };
        let apart = apart.map(|piece| (piece.row, piece.bits)).zip(apart.map(|piece| {
            let middle = self.rows.get(piece.row).map_or(0, |row| row.y + row.height / 2 + 5);
            (LEFT + pixels(piece.bit) + pixels(piece.bits) / 2, middle)
        }));
        let above = first.row;
        if cell.name.is_empty() {
            return;
        }
        if width(&cell.name) * NAME > room {
            let label = if cell.slot.is_none() { cell.value.clone() } else { cell.label() };
            let label = if is_open(&cell) { words::join(&[label, described_size(&cell)]) } else { label };
            let mark = self.legend.mark(&label);
            self.picture.text("n m", (x, y + 5), &mark);
        } else {
            let kind = self.kind(&cell);
            let own = [format!("{kind} {}", self.passes(&cell)).trim_end().to_owned(), cell.value.clone(), kind];
            let below = if is_open(&cell) { vec![described_size(&cell)] } else { own.to_vec() };
            let below = below.iter().find(|words| !words.is_empty() && width(words) * SMALL <= room);
            self.picture.text("n m", (x, y + if below.is_some() { -2 } else { 5 }), &cell.name);
            if let Some(words) = below {
                self.picture.text("s m", (x, y + 13), words);
            } else if is_open(&cell) {
                let mark = self.legend.mark(&described_size(&cell));
                self.picture.text("s m", (x, y + 13), &mark);
            }
        }
        if let Some(((row, bits), place)) = apart {
            let words = if row > above { format!("… {}", cell.name) } else { format!("{} …", cell.name) };
            let fits = width(&words) * SMALL <= pixels(bits) - 6;
            self.picture.text("s m", place, if fits { &words } else { "…" });
        }
    }

    /// The type of a cell in the language's words.
    fn kind(&self, cell: &Cell) -> String {
        let Some(op) = self.plan.ops.get(cell.op) else { return String::new() };
        match (&op.kind, cell.bits) {
            (OpKind::Bits { .. }, Some(bits)) if cell.slot.is_some() => format!("b{bits}"),
            (kind, _) => words::kind(self.plan, kind),
        }
    }

    /// Which values pass, in the language's words.
    fn passes(&self, cell: &Cell) -> String {
        let integers = self.plan.ops.get(cell.op).map(|op| op.kind.integers()).unwrap_or_default();
        let accept = integers.iter().find(|integer| Some(integer.slot) == cell.slot).map(|integer| integer.accept);
        match accept {
            Some(Accept::Range(low, high)) => format!("in {low}..={high}"),
            Some(Accept::Enum(id)) => {
                self.plan.enums.get(id.0).map(|known| format!("as {}", known.name)).unwrap_or_default()
            }
            Some(Accept::Any | Accept::Const(_)) | None => cell.value.clone(),
        }
    }

    fn offsets(&mut self) {
        for row in &self.rows {
            let offset = row.offset.map_or_else(|| "…".to_owned(), |offset| offset.to_string());
            self.picture.text("s e", (LEFT - 12, row.y + row.height / 2 + 4), &offset);
        }
    }

    /// A bracket for each length, the narrower ones nearer to the rows. Gives the picture's width.
    fn brackets(&mut self) -> i64 {
        const LANE: i64 = 12;
        let labels: Vec<[String; 2]> =
            (0..self.plan.regions.len()).map(|number| self.length_label(RegionId(number))).collect();
        let mut counted: Vec<(RegionId, &Piece, &Piece)> = Vec::new();
        for number in 0..self.plan.regions.len() {
            let id = RegionId(number);
            let find = |wanted: OpKind| self.plan.ops.iter().position(|op| op.kind == wanted);
            let (Some(open), Some(close)) = (find(OpKind::Open(id)), find(OpKind::Close(id))) else { continue };
            let op = |piece: &&Piece| self.cells.get(piece.cell).map_or(0, |cell| cell.op);
            let mut inside = self.pieces.iter().filter(|piece| (open..close).contains(&op(piece)));
            if let Some(first) = inside.next() {
                counted.push((id, first, inside.next_back().unwrap_or(first)));
            }
        }
        counted.sort_by_key(|(id, first, last)| (last.row - first.row, first.row, std::cmp::Reverse(id.0)));
        // Of each bracket its lane; of each lane the width of its widest label.
        let mut lanes: Vec<usize> = Vec::new();
        let mut widths: Vec<i64> = Vec::new();
        for (id, first, last) in &counted {
            let beside = |(other, lane): (usize, &usize)| {
                let (_, from, to) = counted.get(other)?;
                (from.row <= last.row && first.row <= to.row).then_some(lane + 1)
            };
            let lane = lanes.iter().enumerate().filter_map(beside).max().unwrap_or(0);
            lanes.push(lane);
            let label = labels.get(id.0).into_iter().flatten();
            let wide = label.map(|line| width(line)).max().unwrap_or(0) * SMALL + 8;
            widths.resize(widths.len().max(lane + 1), 0);
            if let Some(known) = widths.get_mut(lane) {
                *known = wide.max(*known);
            }
        }
        let deepest = lanes.iter().max().copied().unwrap_or(0);
        let mut markup = String::new();
        let mut texts = Vec::new();
        for ((id, first, last), lane) in counted.iter().zip(&lanes) {
            let (Some(top), Some(bottom)) = (self.rows.get(first.row), self.rows.get(last.row)) else { continue };
            let x = RIGHT + LANE + widths.iter().take(*lane).map(|width| width + LANE).sum::<i64>();
            let inset = 3 + 3 * i64::try_from(deepest - lane).unwrap_or(0).min(3);
            let (from, to) = (top.y + inset, bottom.y + bottom.height - inset);
            let end = last.bit + last.bits;
            // Where it begins or ends inside a row, the line goes there; else the row's end will do.
            let start = match first.bit {
                0 => format!("M{} {from}", LEFT + pixels(top.bits) + 2),
                bit => format!("M{} {}v-6", LEFT + pixels(bit) + 3, from + 6),
            };
            let stop = if end == bottom.bits { LEFT + pixels(bottom.bits) + 2 } else { LEFT + pixels(end) - 3 };
            let tick = if end == bottom.bits { "" } else { "v-6" };
            let hue = id.0 % HUES;
            let _ = writeln!(markup, "<path class=\"bracket h{hue}\" d=\"{start}H{x}V{to}H{stop}{tick}\"/>");
            let middle = (from + to) / 2 + 4;
            let [name, more] = labels.get(id.0).cloned().unwrap_or_default();
            let up = if more.is_empty() { 0 } else { 7 };
            texts.push((hue, (x + 6, middle - up), name));
            texts.push((hue, (x + 6, middle + 7), more));
        }
        self.picture.push(markup.trim_end());
        for (hue, place, words) in texts.into_iter().filter(|(_, _, words)| !words.is_empty()) {
            self.picture.text(&format!("h{hue}"), place, &words);
        }
        RIGHT + widths.iter().map(|width| width + LANE).sum::<i64>() + MARGIN
    }

    /// The name of a length, and how its value differs from the bytes counted.
    fn length_label(&mut self, id: RegionId) -> [String; 2] {
        const LONGEST: i64 = 18;
        let Some(region) = self.plan.region(id) else { return Default::default() };
        let name = words::name(self.plan, region.length);
        let name = if width(&name) <= LONGEST { name } else { self.legend.mark(&name) };
        [name, words::adjusted(region)]
    }
}

/// It is drawn over a whole row, with broken edges.
fn is_open(cell: &Cell) -> bool {
    cell.bits.is_none_or(|bits| bits > MOST_BITS)
}

fn described_size(cell: &Cell) -> String {
    cell.bits.map_or_else(|| cell.extent.clone(), |bits| words::bytes(bits / 8))
}

/// An outline whose left and right edges are broken.
fn broken(x: i64, y: i64, w: i64, h: i64) -> String {
    let (quarter, half) = (h / 4, h / 2);
    format!(
        "M{x} {y}h{w}v{quarter}l-6 {step}l12 {back}l-6 {step}v{rest}h-{w}v-{rest}l-6 -{step}l12 -{back}l-6 -{step}z",
        step = half / 4,
        back = half - 2 * (half / 4),
        rest = h - quarter - half
    )
}

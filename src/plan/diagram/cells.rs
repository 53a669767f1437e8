//! What a packet diagram is made of: cells in wire order, each of as many bits as its field.

use crate::plan::{Accept, BitPart, Endian, Op, OpKind, PadSize, Plan, Size, SlotId, words};

/// The part of a diagram that stands for one field, one part of a bit group or one group.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    /// Index of the op.
    pub(crate) op: usize,
    /// What it fills; nothing of a group that is one cell.
    pub(crate) slot: Option<SlotId>,
    /// The field's name.
    pub(crate) name: String,
    /// What it is besides its name: `= 0xCAFE`, or nothing.
    pub(crate) value: String,
    /// Its bits where the spec alone tells them.
    pub(crate) bits: Option<u64>,
    /// Where its size comes from, in words, otherwise.
    pub(crate) extent: String,
    /// Its condition, in words.
    pub(crate) guard: Option<String>,
    /// The parts of a group whose bits stand on the wire in one row, the first one first.
    pub(crate) parts: Vec<Cell>,
}

impl Cell {
    /// The name, and the value behind it.
    pub(crate) fn label(&self) -> String {
        if self.value.is_empty() { self.name.clone() } else { format!("{} {}", self.name, self.value) }
    }
}

/// The cells of all fields that have bytes.
pub(crate) fn cells(plan: &Plan) -> Vec<Cell> {
    let cells = plan.ops.iter().enumerate().filter_map(|(index, op)| cell(plan, index, op));
    cells.filter(|cell| cell.bits != Some(0)).collect()
}

fn cell(plan: &Plan, index: usize, op: &Op) -> Option<Cell> {
    let bits = |bytes: u64| Some(bytes.saturating_mul(8));
    let guard = op.guard.as_ref().map(|guard| words::expression(plan, guard));
    let extent = words::extent(plan, &op.kind);
    let cell = Cell { op: index, extent, guard, ..Cell::default() };
    let of = |slot: SlotId| Cell { slot: Some(slot), name: words::name(plan, slot), ..cell.clone() };
    Some(match &op.kind {
        OpKind::Int { slot, int, .. } => Cell { bits: bits(int.bytes.into()), ..of(*slot) },
        OpKind::Const { slot, bytes: constant } => {
            let value = format!("= {}", words::constant(plan, *slot));
            Cell { value, bits: u64::try_from(constant.len()).ok().and_then(bits), ..of(*slot) }
        }
        OpKind::Bits { int, parts } => {
            let mut sorted: Vec<&BitPart> = parts.iter().collect();
            sorted.sort_by_key(|part| std::cmp::Reverse(part.shift));
            let each = |part: &BitPart| {
                let value = match part.accept {
                    Accept::Const(value) => format!("= {value}"),
                    Accept::Any | Accept::Range(_, _) | Accept::Enum(_) => String::new(),
                };
                Cell { value, bits: Some(part.width.into()), ..of(part.slot) }
            };
            let parts: Vec<Cell> = sorted.into_iter().map(each).collect();
            let labels: Vec<String> = parts.iter().map(Cell::label).collect();
            let in_a_row = int.endian == Endian::Big || int.bytes == 1;
            Cell {
                name: "bits".to_owned(),
                value: labels.join(" | "),
                bits: bits(int.bytes.into()),
                parts: if in_a_row { parts } else { Vec::new() },
                ..cell
            }
        }
        OpKind::Bytes { slot, size: Size::Fixed(size), .. } => Cell { bits: bits(*size), ..of(*slot) },
        OpKind::Bytes { slot, .. } | OpKind::Msgpack { slot, .. } | OpKind::Frames { slot, .. } => of(*slot),
        OpKind::Pad { slot, size, .. } => {
            let bits = match size {
                PadSize::Fixed(size) => bits(*size),
                PadSize::Align(_) => None,
            };
            Cell { name: "padding".to_owned(), bits, ..of(*slot) }
        }
        // Its pieces have the bytes.
        OpKind::Let { .. } => return None,
        OpKind::Carry { .. }
        | OpKind::Peek { .. }
        | OpKind::Open(_)
        | OpKind::Close(_)
        | OpKind::Claim(_)
        | OpKind::Fit { .. }
        | OpKind::Check(..)
        | OpKind::Mark(_)
        | OpKind::Sum(_) => return None,
    })
}

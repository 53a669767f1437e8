//! From ops to what the encoder writes.

use super::*;

/// The parts that have bytes, with the ranges that begin and end at them.
pub(super) fn parts(plan: &Plan, term: &impl Fn(&Expr) -> Term) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut opens = Vec::new();
    for op in &plan.ops {
        let kind = match &op.kind {
            // Zeros, until it is computed.
            OpKind::Int { slot, int, .. } if plan.is_sum(*slot) => PartKind::Pad(PadSize::Fixed(u64::from(int.bytes))),
            OpKind::Bytes { slot, size: Size::Fixed(size), .. } if plan.is_sum(*slot) => {
                PartKind::Pad(PadSize::Fixed(*size))
            }
            OpKind::Mark(mark) => {
                let opens = Vec::new();
                parts.push(Part { guard: None, opens, kind: PartKind::Mark(*mark), closes: Vec::new() });
                continue;
            }
            OpKind::Carry { slot, .. } | OpKind::Peek { slot, .. } => PartKind::Let { slot: *slot },
            OpKind::Int { slot, int, accept: _ } => PartKind::Int { slot: *slot, int: *int },
            OpKind::Let { slot, pieces, .. } => {
                let part = Part {
                    guard: op.guard.as_ref().map(term),
                    opens: Vec::new(),
                    kind: PartKind::Let { slot: *slot },
                    closes: Vec::new(),
                };
                let of = |part: &Part| matches!(part.kind, PartKind::Int { slot, .. } if pieces.contains(&slot));
                let first = parts.iter().position(of).unwrap_or(parts.len());
                // A range that begins with the pieces begins with it.
                let opens = parts.get_mut(first).map(|part| std::mem::take(&mut part.opens)).unwrap_or_default();
                parts.insert(first, Part { opens, ..part });
                continue;
            }
            OpKind::Const { slot, bytes } => PartKind::Const { slot: *slot, bytes: bytes.clone() },
            OpKind::Bits { int, parts } => PartKind::Bits { int: *int, parts: parts.clone() },
            OpKind::Bytes { slot, size, content: Content::Decimal(decimal) } => match size {
                Size::Until { delimiters, .. } => PartKind::Decimal {
                    slot: *slot,
                    width: None,
                    delimiter: delimiters.first().cloned().unwrap_or_default(),
                },
                Size::Fixed(_) | Size::Rest(_) => {
                    PartKind::Decimal { slot: *slot, width: Some(decimal.digits), delimiter: Vec::new() }
                }
            },
            OpKind::Bytes { slot, size, content: _ } => match size {
                Size::Fixed(size) => PartKind::Fixed { slot: *slot, size: *size },
                Size::Rest(_) => PartKind::Rest { slot: *slot },
                Size::Until { delimiters, kept, max, room: _ } => {
                    PartKind::Until { slot: *slot, delimiters: delimiters.clone(), kept: *kept, max: *max }
                }
            },
            OpKind::Frames { slot, .. } => PartKind::Frames { slot: *slot },
            OpKind::Msgpack { slot, room: _ } => PartKind::Msgpack { slot: *slot },
            OpKind::Pad { size, .. } => PartKind::Pad(*size),
            OpKind::Open(region) => {
                opens.push(*region);
                continue;
            }
            OpKind::Close(region) => {
                let bytes = |part: &&mut Part| !matches!(part.kind, PartKind::Mark(_));
                if let Some(part) = parts.iter_mut().rev().find(bytes) {
                    part.closes.push(*region);
                }
                continue;
            }
            OpKind::Claim(_) | OpKind::Fit { .. } | OpKind::Check(..) | OpKind::Sum(_) => continue,
        };
        let guard = op.guard.as_ref().map(term);
        parts.push(Part { guard, opens: std::mem::take(&mut opens), kind, closes: Vec::new() });
    }
    parts
}

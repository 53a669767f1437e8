//! Checksums: what each is computed from.

use super::markdown::code;
use super::page::{field_name, stretch};
use crate::plan::{OpKind, Plan, Size, SlotId, Source, Sum, SumPart, words};

/// What a checksum covers, in the words of the spec; nothing for any other slot.
pub(super) fn covered(plan: &Plan, slot: SlotId) -> String {
    let Some(Source::Sum(sum)) = plan.slot(slot).map(|slot| &slot.source) else { return String::new() };
    plan.sum(*sum).map(|sum| format!("checks {} with {}", code(&sum.what), sum.algorithm.name())).unwrap_or_default()
}

/// What a checksum has to be, in short.
pub(super) fn brief(sum: &Sum) -> String {
    format!("{} of {}", sum.algorithm.name(), code(&sum.what))
}

/// A checksum as an equation.
pub(super) fn equation(plan: &Plan, sum: &Sum) -> String {
    let field = field_name(plan, sum.slot);
    let beside = sum.parts.iter().map(|part| match part {
        SumPart::Bytes(..) => String::new(),
        SumPart::Zeros(_) => format!(", those of {field} taken as zeros"),
        SumPart::Byte(value) => format!(", and of the low 8 bits of {}", code(&words::expression(plan, value))),
    });
    let beside: String = beside.collect();
    format!("{field} = {}{} of the {}{beside}", first_bytes(plan, sum), sum.algorithm.name(), stretch(&sum.what))
}

/// Of a digest, a field may have the first bytes only.
fn first_bytes(plan: &Plan, sum: &Sum) -> String {
    let own = plan.ops.iter().find(|op| op.kind.slots().contains(&sum.slot)).map(|op| &op.kind);
    match own {
        Some(OpKind::Bytes { size: Size::Fixed(size), .. })
            if sum.algorithm.is_digest() && size.saturating_mul(8) < u64::from(sum.algorithm.bits()) =>
        {
            format!("the first {} of ", words::bytes(*size))
        }
        _ => String::new(),
    }
}

//! What the encoder writes, part by part.

use super::*;

impl Writer<'_> {
    pub(super) fn part(&self, part: &Part) -> PartView {
        let plan = self.plan();
        let ids = |regions: &[RegionId]| regions.iter().map(|region| region.0).collect();
        let mut view = PartView {
            guard: part.guard.as_ref().map(|guard| self.condition(guard).local),
            opens: ids(&part.opens),
            closes: ids(&part.closes),
            kind: "int",
            mark: None,
            slot: None,
            late: false,
            width: None,
            size: 0,
            little: false,
            signed: false,
            bits: 0,
            bytes: None,
            octets: Vec::new(),
            delimiters: Vec::new(),
            kept: false,
            max: None,
            parts: Vec::new(),
        };
        let mut word = |int: &IntType| {
            view.size = u64::from(int.bytes);
            view.little = int.endian == Endian::Little;
            view.signed = int.signed;
            view.bits = held_bits(int.bytes.saturating_mul(8));
        };
        match &part.kind {
            PartKind::Int { slot, int } => {
                word(int);
                view.slot = Some(slot.0);
                let bounds: Vec<(i128, i128)> = plan.slots.iter().map(crate::plan::Slot::bounds).collect();
                let whole = plan.slot(*slot).and_then(|slot| match &slot.source {
                    Source::Piece(value) => Some(Term::new(value, &bounds)),
                    _ => None,
                });
                let reads = |length: usize| whole.as_ref().is_some_and(|whole| whole.reads(SlotId(length)));
                view.late = (0..plan.slots.len()).any(|length| self.is_length(SlotId(length)) && reads(length));
            }
            PartKind::Let { slot } => {
                view.kind = "let";
                view.slot = Some(slot.0);
            }
            PartKind::Const { slot, bytes } => {
                view.kind = "const";
                view.slot = Some(slot.0);
                view.size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                view.bytes = Some(self.syntax.bytes_literal(bytes));
                view.octets.clone_from(bytes);
            }
            PartKind::Bits { int, parts } => {
                word(int);
                view.kind = "bits";
                let visible = parts.iter().filter(|part| plan.slot(part.slot).is_some_and(is_named));
                view.parts = visible.map(|part| bit_view((part.slot, part.shift, part.width))).collect();
            }
            PartKind::Fixed { slot, size } => {
                view.kind = "fixed";
                view.slot = Some(slot.0);
                view.size = *size;
            }
            PartKind::Rest { slot } => {
                view.kind = "rest";
                view.slot = Some(slot.0);
            }
            PartKind::Until { slot, delimiters, kept, max } => {
                view.kind = "until";
                view.slot = Some(slot.0);
                view.delimiters = self.delimiters(delimiters);
                view.kept = *kept;
                view.max = *max;
            }
            PartKind::Decimal { slot, width, delimiter } => {
                view.kind = "decimal";
                view.slot = Some(slot.0);
                view.width = *width;
                view.size = width.map_or(0, u64::from);
                view.delimiters = self.delimiters(std::slice::from_ref(delimiter));
                view.late = width.is_none() && self.is_length(*slot);
            }
            PartKind::Msgpack { slot } => {
                view.kind = "msgpack";
                view.slot = Some(slot.0);
            }
            PartKind::Frames { slot } => {
                view.kind = "frames";
                view.slot = Some(slot.0);
            }
            PartKind::Pad(PadSize::Fixed(size)) => {
                view.kind = "pad";
                view.size = *size;
            }
            PartKind::Pad(PadSize::Align(to)) => {
                view.kind = "align";
                view.size = *to;
            }
            PartKind::Mark(mark) => {
                view.kind = "mark";
                view.mark = Some(mark.0);
            }
        }
        view
    }
}

pub(super) fn runs(parts: &[PartView]) -> Vec<RunView> {
    let mut runs: Vec<RunView> = Vec::new();
    for (index, part) in parts.iter().enumerate().filter(|(_, part)| part.kind != "let") {
        let fixed = part.guard.is_none() && matches!(part.kind, "int" | "const" | "bits");
        match runs.last_mut() {
            Some(RunView { size: Some(size), parts }) if fixed => {
                parts.push(PlacedView { part: index, offset: *size });
                *size = size.saturating_add(part.size);
            }
            Some(_) | None => runs
                .push(RunView { size: fixed.then_some(part.size), parts: vec![PlacedView { part: index, offset: 0 }] }),
        }
    }
    runs
}

//! Checksums: their places, parts and algorithms.

use super::*;

impl Writer<'_> {
    pub(super) fn mark(&self, index: usize) -> Option<MarkView> {
        let kept = |action: &Action| matches!(action.kind, ActionKind::Mark(MarkId(id)) if id == index);
        let mut actions = self.machine.stages.iter().flat_map(|stage| &stage.actions);
        Some(MarkView { name: self.names.marks.get(index)?.clone(), kept: actions.any(kept) })
    }

    pub(super) fn sum(&self, index: usize) -> Option<SumView> {
        let (sum, placed) = (self.plan().sums.get(index)?, self.machine.sums.get(index)?);
        let op = self.plan().ops.iter().find(|op| op.kind.slots().contains(&sum.slot))?;
        let (kind, size, little) = match &op.kind {
            OpKind::Int { int, .. } => ("int", u64::from(int.bytes), int.endian == Endian::Little),
            OpKind::Bytes { size: Size::Fixed(size), content: Content::Decimal(_), .. } => ("decimal", *size, false),
            OpKind::Bytes { size: Size::Fixed(size), .. } => ("bytes", *size, false),
            _ => return None,
        };
        let part = |(part, placed): (&SumPart, &SummedPart)| {
            let mut view =
                SumPartView { kind: "zeros", from: None, to: None, from_mark: 0, to_mark: 0, count: 0, value: None };
            match part {
                SumPart::Bytes(from, to) => (view.kind, view.from_mark, view.to_mark) = ("bytes", from.0, to.0),
                SumPart::Zeros(count) => view.count = *count,
                SumPart::Byte(_) => view.kind = "byte",
            }
            match placed {
                SummedPart::Bytes(from, to) => {
                    (view.from, view.to) = (Some(self.amount(from)), Some(self.amount(to)));
                }
                SummedPart::Zeros => {}
                SummedPart::Byte(value) => {
                    let write = |scope| {
                        let own = self.syntax.own_low_byte(&self.names, value, scope);
                        own.unwrap_or_else(|| syntax::number(self.syntax, &self.names, value, scope, value.num()))
                    };
                    view.value = Some(Rendered { held: write(Scope::Held), local: write(Scope::Local) });
                }
            }
            view
        };
        Some(SumView {
            slot: sum.slot.0,
            algorithm: self.algorithms.iter().position(|(algorithm, ..)| *algorithm == sum.algorithm)?,
            kind,
            size,
            little,
            at: self.amount(&placed.at),
            at_mark: sum.at.0,
            parts: sum.parts.iter().zip(&placed.parts).map(part).collect(),
        })
    }
}

pub(super) fn reads_in_sum(sum: &Summed, slot: SlotId) -> bool {
    sum.parts.iter().any(|part| matches!(part, SummedPart::Byte(value) if value.reads(slot)))
}

pub(super) fn algorithm_view((algorithm, name, constant): &(Algorithm, String, String)) -> AlgorithmView {
    let (kind, crc) = match algorithm {
        Algorithm::Crc(crc) => ("crc", Some(*crc)),
        Algorithm::Sum8 => ("sum8", None),
        Algorithm::Xor8 => ("xor8", None),
        Algorithm::Sha256 => ("sha256", None),
        Algorithm::Sha256d => ("sha256d", None),
    };
    AlgorithmView {
        raw: algorithm.name(),
        name: name.clone(),
        constant: constant.clone(),
        kind,
        bits: algorithm.bits(),
        reflected: crc.is_some_and(|crc| crc.reflected),
        table: crc.map(Crc::table).unwrap_or_default(),
        start: crc.map_or(0, Crc::start),
        xorout: crc.map_or(0, |crc| crc.xorout),
        spare: crc.map_or(0, Crc::spare),
    }
}

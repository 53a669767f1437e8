//! What peeks tell of frames that are laid out.

use super::draft::{Laid, first_delimiter};
use crate::plan::{Ahead, OpKind, Plan};

impl Laid {
    /// What the peek at this op tells of bytes that begin as the frame does, and the end of what it looks at; nothing where they are too few,
    /// or tell nothing.
    pub(super) fn peeked(&self, plan: &Plan, index: usize, bytes: &[u8]) -> Option<(i128, usize)> {
        let OpKind::Peek { texts, ahead, others, room, .. } = &plan.ops.get(index)?.kind else { return None };
        let start = self.piece(index)?.start;
        let claimed = room.region.and_then(|id| self.regions.get(id.0));
        let left = claimed.map_or(usize::MAX, |(begin, size)| (begin + size).saturating_sub(start));
        let next = bytes.get(start..)?;
        let next = next.get(..left).unwrap_or(next);
        let value = |index: usize| i128::try_from(index).unwrap_or(0);
        if let Ahead::First { max } = ahead {
            let (content, end) = first_delimiter(texts, next)?;
            let near = max.is_none_or(|max| usize::try_from(max).map_or(true, |max| content <= max));
            let found = texts.iter().position(|text| next.get(content..end) == Some(text.as_slice()))?;
            return near.then_some((value(found), start + end));
        }
        for seen in 0..=next.len() {
            let come = next.get(..seen)?;
            if let Some(found) = texts.iter().position(|text| text == come) {
                return Some((value(found), start + seen));
            }
            if !texts.iter().any(|text| text.len() <= left && text.starts_with(come)) {
                return others.then(|| (value(texts.len()), start + seen));
            }
        }
        None
    }

    /// Whether up to this byte of others all peeks tell what they tell of the frame.
    pub(super) fn told_alike(&self, plan: &Plan, bytes: &[u8], at: usize) -> bool {
        self.pieces.iter().filter(|piece| piece.start <= at).all(|piece| {
            match plan.ops.get(piece.op).map(|op| &op.kind) {
                Some(OpKind::Peek { slot, .. }) => {
                    let told = self.peeked(plan, piece.op, bytes);
                    told.is_some_and(|(value, end)| self.ints.get(slot.0) == Some(&value) && end <= at + 1)
                }
                _ => true,
            }
        })
    }
}

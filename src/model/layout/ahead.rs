//! What a peek looks at is part of the frame.

use super::{Given, Layout, is_there};
use crate::model::types::{Ahead, SlotId};
use crate::model::{Body, Extent};

impl Layout<'_> {
    /// A value of a peek for which it can look at what is no part of the frame, and at how many bytes. `sessions` has what peeks and values of
    /// the session can be together.
    pub(crate) fn looks_beyond(
        &self,
        at: usize,
        sessions: &[(Vec<(SlotId, i128)>, u64)],
        max_frame: u64,
    ) -> Option<(i128, usize)> {
        let peek = self.items.get(at)?;
        let Body::Peek { slot, texts, ahead, others, .. } = &peek.body else { return None };
        if *ahead == Ahead::Next && self.innermost(at).is_some() {
            return None;
        }
        let next = at.saturating_add(1);
        let longest = texts.iter().map(Vec::len).max().unwrap_or(0);
        let each = texts.iter().map(|text| (std::slice::from_ref(text), text.len()));
        let values: Vec<_> = (0_i128..).zip(each.chain(others.then_some((texts.as_slice(), longest)))).collect();
        sessions.iter().find_map(|(session, _)| {
            let known = self.known_with(session);
            if is_there(peek, (&known).into()) == Some(false) {
                return None;
            }
            let given = Given { values: &known, holds: peek.guard.as_ref() };
            let delimiters = self.delimited(next, given);
            let least = match ahead {
                Ahead::Next => self.least_bytes(next, self.items.len(), None, false, given),
                Ahead::First { .. } => 0,
            };
            let within = |looked_for: &[Vec<u8>], bytes: usize| match (delimiters, ahead) {
                (Some(delimiters), Ahead::First { .. }) => delimiters.iter().all(|each| texts.contains(each)),
                (None, Ahead::First { .. }) => false,
                (delimiters, Ahead::Next) => {
                    let size = u64::try_from(bytes).unwrap_or(u64::MAX);
                    let ended = delimiters.is_some_and(|all| !looked_for.iter().any(|text| ends_inside(all, text)));
                    least >= size || ended && size <= max_frame
                }
            };
            let own = session.iter().find(|(each, _)| each == slot).map(|(_, value)| *value);
            let mut possible = values.iter().filter(|(value, _)| own.is_none_or(|own| own == *value));
            let beyond = possible.find(|(_, (looked_for, bytes))| !within(looked_for, *bytes));
            beyond.map(|(value, (_, bytes))| (*value, *bytes))
        })
    }

    /// The delimiters of the next item that has bytes, if that is a field up to one.
    fn delimited(&self, from: usize, given: Given<'_>) -> Option<&[Vec<u8>]> {
        for item in self.items.get(from..)? {
            match (&item.body, is_there(item, given)) {
                (Body::Carry { .. } | Body::Let { .. } | Body::Peek { .. } | Body::Check(..), _) | (_, Some(false)) => {
                }
                (Body::Bytes { extent: Extent::Until { delimiters, .. }, .. }, Some(true)) => return Some(delimiters),
                _ => return None,
            }
        }
        None
    }
}

/// Whether one of the delimiters ends in front of the text's last byte.
fn ends_inside(delimiters: &[Vec<u8>], text: &[u8]) -> bool {
    let front = text.split_last().map_or(&[][..], |(_, front)| front);
    delimiters.iter().any(|delimiter| memchr::memmem::find(front, delimiter).is_some())
}

//! What a peek looks at is part of the frame.

use super::{Given, Layout, is_there};
use crate::model::types::{Ahead, EnumDef, SlotId};
use crate::model::{Body, Extent};

impl Layout<'_> {
    /// The first value of a peek for which it can look at what is no part of the frame, and at how many bytes.
    pub(crate) fn looks_beyond(&self, at: usize, enums: &[EnumDef], max_frame: u64) -> Option<(i128, usize)> {
        let peek = self.items.get(at)?;
        let Body::Peek { slot, texts, ahead, others, .. } = &peek.body else { return None };
        if *ahead == Ahead::Next && self.innermost(at).is_some() {
            return None;
        }
        let sessions = self.sessions(enums);
        let longest = texts.iter().map(Vec::len).max().unwrap_or(0);
        let values = texts.iter().map(|text| (std::slice::from_ref(text), text.len()));
        let values = (0_i128..).zip(values.chain(others.then_some((texts.as_slice(), longest))));
        values.into_iter().find_map(|(value, (looked_for, bytes))| {
            let size = u64::try_from(bytes).unwrap_or(u64::MAX);
            let within = |session: &Vec<(SlotId, i128)>| {
                let known = self.known_with(&[session.as_slice(), &[(*slot, value)]].concat());
                if is_there(peek, (&known).into()) == Some(false) {
                    return true;
                }
                let given = Given { values: &known, holds: peek.guard.as_ref() };
                let next = at.saturating_add(1);
                match (self.delimited(next, given), ahead) {
                    (Some(delimiters), Ahead::First { .. }) => delimiters.iter().all(|each| texts.contains(each)),
                    (None, Ahead::First { .. }) => false,
                    (Some(delimiters), Ahead::Next) if looked_for.iter().all(|text| !ends_inside(delimiters, text)) => {
                        size <= max_frame
                    }
                    (_, Ahead::Next) => self.least_bytes(next, self.items.len(), None, false, given) >= size,
                }
            };
            let possible =
                |session: &&Vec<(SlotId, i128)>| !session.iter().any(|(each, is)| each == slot && *is != value);
            (!sessions.iter().filter(possible).all(within)).then_some((value, bytes))
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

//! The search for a constant, chunk by chunk (Knuth, Morris and Pratt): linear in the bytes, whatever they are and however they
//! are cut.

use std::sync::Arc;

use memchr::memchr;

/// What the search for a constant knows beforehand.
#[derive(Clone, Debug, Default)]
pub(super) struct Search {
    /// For the constant's first byte, first two, …: how many of its first bytes those end with, themselves left aside.
    borders: Arc<[usize]>,
}

/// What came of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Searched {
    /// The constant's last byte is at this index.
    Found(usize),
    /// The bytes so far end with so many of the constant's first, and with no more.
    Begun(usize),
}

impl Search {
    pub(super) fn new(constant: &[u8]) -> Self {
        let mut borders = Vec::with_capacity(constant.len());
        let mut border = 0;
        for (index, byte) in constant.iter().enumerate() {
            if index > 0 {
                border = extended(constant, &borders, border, *byte);
            }
            borders.push(border);
        }
        Self { borders: borders.into() }
    }

    /// Goes on behind bytes that end with `matched` of the constant's first, fewer than all.
    pub(super) fn advance(&self, constant: &[u8], matched: usize, chunk: &[u8]) -> Searched {
        let (mut matched, mut at) = (matched, 0_usize);
        let Some(first) = constant.first() else { return Searched::Begun(0) };
        while let Some(rest) = chunk.get(at..).filter(|rest| !rest.is_empty()) {
            let skipped = if matched == 0 { memchr(*first, rest) } else { Some(0) };
            let Some((skipped, byte)) = skipped.and_then(|skipped| Some((skipped, rest.get(skipped)?))) else {
                return Searched::Begun(0);
            };
            at = at.saturating_add(skipped);
            matched = extended(constant, &self.borders, matched, *byte);
            if matched == constant.len() {
                return Searched::Found(at);
            }
            at = at.saturating_add(1);
        }
        Searched::Begun(matched)
    }
}

/// How many of the constant's first bytes stand at the end, once a byte has come behind `matched` of them.
fn extended(constant: &[u8], borders: &[usize], matched: usize, byte: u8) -> usize {
    let mut matched = matched;
    while constant.get(matched) != Some(&byte) {
        let Some(border) = matched.checked_sub(1).and_then(|last| borders.get(last)) else { return 0 };
        matched = *border;
    }
    matched.saturating_add(1)
}

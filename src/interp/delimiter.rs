//! The search for delimiters.

use memchr::{memchr, memchr2, memchr3};

/// The occurrence of a delimiter in `field` that ends first, of two that end on the same byte the longer: one past its last byte,
/// and its length. No occurrence that ends at or before `from` is looked for, so that a caller who remembers how far he looked
/// examines no byte twice.
pub(super) fn find(delimiters: &[Vec<u8>], field: &[u8], from: usize) -> Option<(usize, usize)> {
    let mut from = from;
    loop {
        let rest = field.get(from..)?;
        let found = match delimiters {
            [] => None,
            [a] => memchr(last(a)?, rest),
            [a, b] => memchr2(last(a)?, last(b)?, rest),
            [a, b, c] => memchr3(last(a)?, last(b)?, last(c)?, rest),
            many => rest.iter().position(|byte| many.iter().any(|delimiter| delimiter.last() == Some(byte))),
        };
        let end = from.saturating_add(found?).saturating_add(1);
        if let Some(length) = ending(delimiters, field.get(..end)?) {
            return Some((end, length));
        }
        from = end;
    }
}

/// The length of the longest delimiter that these bytes end with.
pub(super) fn ending(delimiters: &[Vec<u8>], bytes: &[u8]) -> Option<usize> {
    delimiters.iter().filter(|delimiter| bytes.ends_with(delimiter)).map(Vec::len).max()
}

/// The length of the longest delimiter.
pub(super) fn longest(delimiters: &[Vec<u8>]) -> usize {
    delimiters.iter().map(Vec::len).max().unwrap_or(0)
}

fn last(delimiter: &[u8]) -> Option<u8> {
    delimiter.last().copied()
}

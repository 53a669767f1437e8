//! Integers, offsets and padding as bytes.

use crate::plan::{BitPart, Endian, IntType};

/// Bytes up to the next multiple of `to`.
pub(super) fn padding(pos: u64, to: u64) -> u64 {
    match pos.checked_rem(to) {
        None | Some(0) => 0,
        Some(over) => to.saturating_sub(over),
    }
}

/// The bytes of `frame` from one offset to another; none where they are not all there.
pub(super) fn part(frame: &[u8], start: u64, end: u64) -> &[u8] {
    match (usize::try_from(start), usize::try_from(end)) {
        (Ok(start), Ok(end)) => frame.get(start..end).unwrap_or_default(),
        _ => &[],
    }
}

/// The bytes of a frame that are at hand: all so far, but for the first ones where a refused frame is passed over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window<'a> {
    /// Offset in the frame of the first byte at hand.
    pub(super) start: u64,
    pub(super) bytes: &'a [u8],
}

impl<'a> Window<'a> {
    /// All bytes of a frame so far.
    pub(super) fn whole(bytes: &'a [u8]) -> Self {
        Self { start: 0, bytes }
    }

    /// Bytes of the frame that have come.
    pub(super) fn have(self) -> u64 {
        self.start.saturating_add(length(self.bytes))
    }

    /// A frame inside, from this offset on.
    pub(super) fn behind(self, at: u64) -> Self {
        Self::whole(self.part(at, self.have()))
    }

    /// The bytes from one offset in the frame to another; none where they are not all at hand.
    pub(super) fn part(self, start: u64, end: u64) -> &'a [u8] {
        match (start.checked_sub(self.start), end.checked_sub(self.start)) {
            (Some(start), Some(end)) => part(self.bytes, start, end),
            _ => &[],
        }
    }
}

pub(super) fn length(bytes: &[u8]) -> u64 {
    count(bytes.len())
}

pub(super) fn count(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

pub(super) fn unsigned(bytes: &[u8], endian: Endian) -> u64 {
    let push = |value: u64, byte: &u8| (value << 8_u32) | u64::from(*byte);
    match endian {
        Endian::Big => bytes.iter().fold(0, push),
        Endian::Little => bytes.iter().rev().fold(0, push),
    }
}

pub(super) fn signed(int: IntType, raw: u64) -> i128 {
    let (min, max) = int.bounds();
    let raw = i128::from(raw);
    if raw > max { raw.saturating_sub(max).saturating_sub(1).saturating_add(min) } else { raw }
}

pub(super) fn extract(group: u64, part: &BitPart) -> i128 {
    let mask = 1_u64.checked_shl(u32::from(part.width)).map_or(u64::MAX, |above| above.wrapping_sub(1));
    i128::from(group.checked_shr(u32::from(part.shift)).unwrap_or(0) & mask)
}

/// The wire bytes of an integer that its type can hold.
pub(super) fn write(int: IntType, value: i128, out: &mut Vec<u8>) {
    let bytes = value.to_be_bytes();
    let from = bytes.len().saturating_sub(usize::from(int.bytes));
    let bytes = bytes.get(from..).unwrap_or_default();
    match int.endian {
        Endian::Big => out.extend_from_slice(bytes),
        Endian::Little => out.extend(bytes.iter().rev()),
    }
}

//! Where a MessagePack object ends. No recursion: a nested object only adds to the count of those that are still to come.

/// What the first byte of an object says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// Bytes of the size that follows the first byte; 0, 1, 2 or 4.
    pub(super) size_bytes: u64,
    /// Bytes after those, whatever the size says.
    pub(super) fixed: u64,
    /// Objects inside for each unit of the size.
    per_unit: u64,
    /// The size, where the first byte holds it.
    size: u64,
}

/// Reads a first byte; nothing for 0xc1, which begins no object.
pub(super) fn head(byte: u8) -> Option<Head> {
    let payload = |size_bytes, fixed| Head { size_bytes, fixed, per_unit: 0, size: 0 };
    let inside = |size_bytes, per_unit, size| Head { size_bytes, fixed: 0, per_unit, size };
    Some(match byte {
        0x00..=0x7f | 0xc0 | 0xc2 | 0xc3 | 0xe0..=0xff => payload(0, 0),
        0x80..=0x8f => inside(0, 2, u64::from(byte & 0x0f)),
        0x90..=0x9f => inside(0, 1, u64::from(byte & 0x0f)),
        0xa0..=0xbf => payload(0, u64::from(byte & 0x1f)),
        0xc1 => return None,
        0xc4 | 0xd9 => payload(1, 0),
        0xc5 | 0xda => payload(2, 0),
        0xc6 | 0xdb => payload(4, 0),
        0xc7 => payload(1, 1),
        0xc8 => payload(2, 1),
        0xc9 => payload(4, 1),
        0xcc | 0xd0 => payload(0, 1),
        0xcd | 0xd1 | 0xd4 => payload(0, 2),
        0xd5 => payload(0, 3),
        0xca | 0xce | 0xd2 => payload(0, 4),
        0xd6 => payload(0, 5),
        0xcb | 0xcf | 0xd3 => payload(0, 8),
        0xd7 => payload(0, 9),
        0xd8 => payload(0, 17),
        0xdc => inside(2, 1, 0),
        0xdd => inside(4, 1, 0),
        0xde => inside(2, 2, 0),
        0xdf => inside(4, 2, 0),
    })
}

impl Head {
    /// The bytes that follow the header and the objects inside, given the bytes of the size (big-endian).
    pub(super) fn claims(self, size: &[u8]) -> (u64, u64) {
        let size = size.iter().fold(self.size, |sum, byte| (sum << 8_u32) | u64::from(*byte));
        if self.per_unit == 0 {
            (self.fixed.saturating_add(size), 0)
        } else {
            (self.fixed, size.saturating_mul(self.per_unit))
        }
    }
}

/// Whether the bytes are exactly one object.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    let (mut rest, mut pending) = (bytes, 1_u64);
    while pending > 0 {
        let Some((first, tail)) = rest.split_first() else { return false };
        let Some(head) = head(*first) else { return false };
        let Some((size, tail)) = split(tail, head.size_bytes) else { return false };
        let (payload, inside) = head.claims(size);
        let Some((_, tail)) = split(tail, payload) else { return false };
        pending = pending.saturating_sub(1).saturating_add(inside);
        rest = tail;
    }
    rest.is_empty()
}

fn split(bytes: &[u8], at: u64) -> Option<(&[u8], &[u8])> {
    bytes.split_at_checked(usize::try_from(at).ok()?)
}

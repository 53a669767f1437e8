//! Delimiters and self-delimiting objects.

/// The delimiter that ends first, of two that end at the same byte the longer: where it begins and ends.
pub(crate) fn first_delimiter(bytes: &[u8], delimiters: &[Vec<u8>]) -> Option<(usize, usize)> {
    (0..=bytes.len()).find_map(|end| {
        let ending = delimiters.iter().filter(|each| bytes[..end].ends_with(each));
        ending.map(Vec::len).max().map(|longest| (end - longest, end))
    })
}

/// What the beginning of a MessagePack object says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Object {
    /// It has so many bytes, which are all here.
    Done(usize),
    /// It will have at least so many.
    AtLeast(i128),
    /// The byte at this offset cannot be.
    Bad(usize),
}

/// Reads one object by recursion over its elements.
pub(crate) fn object(bytes: &[u8]) -> Object {
    let Some(marker) = bytes.first() else { return Object::AtLeast(1) };
    // Bytes of the length or number behind the marker; then whether it is a length, of how many bytes or objects each.
    let (header, fixed, bytes_each, objects_each) = match marker {
        0x00..=0x7f | 0xc0 | 0xc2 | 0xc3 | 0xe0..=0xff => return Object::Done(1),
        0xc1 => return Object::Bad(0),
        0x80..=0x8f => (0, u64::from(marker & 15), 0, 2),
        0x90..=0x9f => (0, u64::from(marker & 15), 0, 1),
        0xa0..=0xbf => (0, u64::from(marker & 31), 1, 0),
        0xc4 | 0xd9 => (1, 0, 1, 0),
        0xc5 | 0xda => (2, 0, 1, 0),
        0xc6 | 0xdb => (4, 0, 1, 0),
        0xc7 => (1, 1, 1, 0),
        0xc8 => (2, 1, 1, 0),
        0xc9 => (4, 1, 1, 0),
        0xcc | 0xd0 => (0, 1, 1, 0),
        0xcd | 0xd1 => (0, 2, 1, 0),
        0xca | 0xce | 0xd2 => (0, 4, 1, 0),
        0xcb | 0xcf | 0xd3 => (0, 8, 1, 0),
        0xd4..=0xd8 => (0, 1 + (1 << (marker - 0xd4)), 1, 0),
        0xdc => (2, 0, 0, 1),
        0xdd => (4, 0, 0, 1),
        0xde => (2, 0, 0, 2),
        0xdf => (4, 0, 0, 2),
    };
    if bytes.len() < 1 + header {
        return Object::AtLeast(1 + header as i128 + i128::from(fixed) * i128::from(bytes_each));
    }
    let count = bytes[1..1 + header].iter().fold(0_i128, |count, byte| count * 256 + i128::from(*byte));
    let count = count + i128::from(fixed);
    let mut end = (1 + header) as i128 + count * i128::from(bytes_each);
    if end > bytes.len() as i128 {
        return Object::AtLeast(end);
    }
    let objects = count * i128::from(objects_each);
    for read in 0..objects {
        match object(&bytes[end as usize..]) {
            Object::Done(size) => end += size as i128,
            Object::AtLeast(least) => return Object::AtLeast(end + least + (objects - read - 1)),
            Object::Bad(at) => return Object::Bad(end as usize + at),
        }
    }
    Object::Done(end as usize)
}

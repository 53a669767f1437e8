//! Bytes as the testee protocol writes them: lower-case hex, `_` for none.

/// Appends the hex of some bytes; `_` is for the caller to write.
pub(crate) fn write_hex(bytes: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'0');
    for byte in bytes {
        out.extend([digit(byte >> 4), digit(byte & 15)]);
    }
}

/// The hex of some bytes; of none the empty text.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len().saturating_mul(2));
    write_hex(bytes, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// Appends the bytes as a word of a line: hex, or `_`.
pub(crate) fn write_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    if bytes.is_empty() {
        out.push(b'_');
    }
    write_hex(bytes, out);
}

/// The bytes of a word of a line.
pub(crate) fn bytes(word: &str) -> Option<Vec<u8>> {
    if word == "_" {
        return Some(Vec::new());
    }
    if word.is_empty() {
        return None;
    }
    let nibble = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some(nibble(*high)? << 4 | nibble(*low)?),
        _ => None,
    };
    word.as_bytes().chunks(2).map(pair).collect()
}

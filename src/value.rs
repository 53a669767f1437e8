//! Field values.

/// The value of one field of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// An unsigned integer of any width.
    UInt(u64),
    /// A signed integer of any width.
    Int(i64),
    /// Bytes as they stand on the wire, without prefix or delimiter.
    Bytes(Vec<u8>),
    /// Text of a `str` field or of bytes `via utf8`.
    Text(String),
}

/// The fields of a frame by name, in wire order.
pub type Fields = Vec<(String, Value)>;

/// Lower-case hex, two digits a byte.
#[must_use]
pub fn to_hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4_u32), digit(byte & 0x0f)]).collect()
}

/// The bytes of hex in either case; nothing where it is none or half a byte is missing.
#[must_use]
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |text: &u8| char::from(*text).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some((digit(high)? << 4_u32) | digit(low)?)).collect()
}

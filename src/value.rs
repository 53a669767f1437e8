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

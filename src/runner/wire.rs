//! Bytes as the testee protocol writes them: lower-case hex, `_` for none.

use crate::value::{from_hex, to_hex};

/// The bytes as a word of a line.
pub(crate) fn word(bytes: &[u8]) -> String {
    if bytes.is_empty() { "_".to_owned() } else { to_hex(bytes) }
}

/// The bytes of a word of a line.
pub(crate) fn bytes(word: &str) -> Option<Vec<u8>> {
    match word {
        "_" => Some(Vec::new()),
        "" => None,
        hex => from_hex(hex),
    }
}

//! The settings of framing decoders that others wrote, from a plan's geometry and back.
//!
//! Each peer has its `Settings`, whose `Display` is the call in the peer's own language; `settings` finds them for a plan or says
//! why the peer cannot express it; `geometry` is the way back.

pub mod netty;
pub mod swoole;
pub mod tokio;

use super::Plan;
use super::geometry::{self, LengthField};

/// A peer's settings for a protocol, and in what the peer still differs from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configured<S> {
    /// The settings.
    pub settings: S,
    /// Sentences about what the peer does otherwise.
    pub notes: Vec<String>,
}

/// What a framer does not check: one sentence, or none.
fn unchecked(plan: &Plan, peer: &str) -> Option<String> {
    let names = geometry::unchecked(plan);
    (!names.is_empty()).then(|| format!("{peer} finds frames only and does not check {}.", names.join(", ")))
}

/// That a framer, which refuses frames below some size, hands out what the protocol refuses as too short.
fn short_frames(plan: &Plan, field: &LengthField, peer: &str, refused_below: u64) -> Option<String> {
    let from = u64::try_from(field.base()).unwrap_or(0).max(refused_below);
    (from < plan.min_frame).then(|| {
        let bytes = if from == 1 { "byte" } else { "bytes" };
        format!("{peer} hands out frames from {from} {bytes} on; the protocol refuses those below {}.", plan.min_frame)
    })
}

/// A delimiter in the escapes that Rust and PHP share: `\r`, `\n`, `\t`, `\\`, `\"`, `\xNN`.
fn escaped(bytes: &[u8], also: &[u8]) -> String {
    let mut text = String::new();
    for &byte in bytes {
        match byte {
            b'\r' => text.push_str("\\r"),
            b'\n' => text.push_str("\\n"),
            b'\t' => text.push_str("\\t"),
            b'"' | b'\\' => text.extend(['\\', char::from(byte)]),
            _ if also.contains(&byte) => text.extend(['\\', char::from(byte)]),
            b' '..=b'~' => text.push(char::from(byte)),
            _ => text.push_str(&format!("\\x{byte:02x}")),
        }
    }
    text
}

//! Checksums, computed as their definitions say: a CRC bit by bit.

use sha2::{Digest, Sha256};

use crate::plan::{Algorithm, Crc, MarkId, SlotId, Sum, SumPart};

/// What an algorithm gives of these bytes: a digest, or a number's bytes, the most significant first.
///
/// ```
/// use framewright::interp::checksum;
/// use framewright::plan::Algorithm;
/// let crc = Algorithm::named("crc-16/modbus").unwrap();
/// assert_eq!(checksum(crc, b"123456789"), [0x4b, 0x37]);
/// ```
#[must_use]
pub fn checksum(algorithm: Algorithm, bytes: &[u8]) -> Vec<u8> {
    match algorithm {
        Algorithm::Crc(crc) => {
            let bytes = remainder(crc, bytes).to_be_bytes();
            bytes.iter().skip(usize::from(4_u8.saturating_sub(crc.width / 8))).copied().collect()
        }
        Algorithm::Sum8 => vec![bytes.iter().fold(0, |sum: u8, byte| sum.wrapping_add(*byte))],
        Algorithm::Xor8 => vec![bytes.iter().fold(0, |sum, byte| sum ^ byte)],
        Algorithm::Sha256 => Sha256::digest(bytes).to_vec(),
        Algorithm::Sha256d => Sha256::digest(Sha256::digest(bytes)).to_vec(),
    }
}

/// What a checksum of a frame should be; `bytes` gives the frame's bytes from mark to mark, `value` that of a slot.
pub(crate) fn of<'a>(
    sum: &Sum,
    bytes: impl Fn(MarkId, MarkId) -> &'a [u8],
    value: &impl Fn(SlotId) -> i128,
) -> Vec<u8> {
    let mut covered = Vec::new();
    for part in &sum.parts {
        match part {
            SumPart::Bytes(from, to) => covered.extend_from_slice(bytes(*from, *to)),
            SumPart::Zeros(count) => {
                covered.resize(covered.len().saturating_add(usize::try_from(*count).unwrap_or(0)), 0);
            }
            SumPart::Byte(low) => covered.extend(low.eval(value).to_le_bytes().first()),
        }
    }
    checksum(sum.algorithm, &covered)
}

/// The register is shifted out bit by bit, and takes the polynomial where a 1 leaves it.
fn remainder(crc: Crc, bytes: &[u8]) -> u32 {
    let top = 1_u32.wrapping_shl(u32::from(crc.width).saturating_sub(1));
    let mask = top.wrapping_sub(1) | top;
    let ordered = |byte: u8| if crc.reflected { byte.reverse_bits() } else { byte };
    let register = bytes.iter().fold(crc.init, |register, byte| {
        let byte = u32::from(ordered(*byte)).wrapping_shl(u32::from(crc.width).saturating_sub(8));
        (0..8).fold(register ^ byte, |register, _| {
            let shifted = register.wrapping_shl(1);
            if register & top == 0 { shifted } else { shifted ^ crc.poly }
        }) & mask
    });
    let register = if crc.reflected { register.reverse_bits().wrapping_shr(crc.spare()) } else { register };
    register ^ crc.xorout
}

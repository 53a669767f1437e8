//! The algorithms of checksums, in the ways in which they are computed.

use framewright::interp::checksum;
use framewright::plan::{ALGORITHMS, Algorithm, Crc};

/// What the catalogue's check values are of.
const CHECK: &[u8] = b"123456789";

/// As generated codecs do it.
fn by_table(crc: Crc) -> u32 {
    let table = crc.table();
    let register = CHECK.iter().fold(crc.start(), |register, byte| {
        if crc.reflected {
            (register >> 8) ^ table[usize::from(register as u8 ^ byte)]
        } else {
            (register << 8) ^ table[usize::from((register >> 24) as u8 ^ byte)]
        }
    });
    let register = if crc.reflected { register } else { register >> crc.spare() };
    register ^ crc.xorout
}

#[test]
fn every_crc_is_the_same_bit_by_bit_and_by_its_table() {
    for (name, algorithm) in ALGORITHMS {
        let Algorithm::Crc(crc) = algorithm else { continue };
        let number = checksum(*algorithm, CHECK).iter().fold(0, |number, byte| (number << 8) | u32::from(*byte));
        assert_eq!(by_table(*crc), number, "{name}");
    }
}

#[test]
fn check_values_are_those_of_the_catalogue() {
    let check = |name| checksum(Algorithm::named(name).unwrap(), CHECK);
    assert_eq!(check("crc-8/smbus"), [crc::CRC_8_SMBUS.check]);
    assert_eq!(check("crc-16/mcrf4xx"), crc::CRC_16_MCRF4XX.check.to_be_bytes());
    assert_eq!(check("crc-24/openpgp"), crc::CRC_24_OPENPGP.check.to_be_bytes()[1..]);
    assert_eq!(check("crc32"), crc::CRC_32_ISO_HDLC.check.to_be_bytes());
    assert_eq!(check("crc32c"), crc::CRC_32_ISCSI.check.to_be_bytes());
}

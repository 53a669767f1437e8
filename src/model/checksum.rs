//! The algorithms of checksums, by name.

/// How a checksum is computed from bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// A cyclic redundancy check.
    Crc(Crc),
    /// The low 8 bits of the sum of all bytes.
    Sum8,
    /// All bytes, joined by exclusive or.
    Xor8,
    /// SHA-256 (FIPS 180-4); of a shorter field its first bytes.
    Sha256,
    /// SHA-256 of the SHA-256; of a shorter field its first bytes.
    Sha256d,
}

/// The parameters of a cyclic redundancy check, as the catalogue of parametrised CRC algorithms names them (Ross Williams' model).
///
/// Bits go in and come out in one order: of all algorithms here `refin` is `refout`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crc {
    /// Bits: 8, 16, 24 or 32.
    pub width: u8,
    /// Without its highest term.
    pub poly: u32,
    /// The register before the first byte.
    pub init: u32,
    /// The lowest bit of each byte goes first.
    pub reflected: bool,
    /// Joined to the register at the end by exclusive or.
    pub xorout: u32,
}

impl Crc {
    /// The register as generated codecs hold it, and what it becomes byte by byte.
    ///
    /// Reflected: the lowest bits of 32; a byte `b` makes `r` to `(r >> 8) ^ table[(r ^ b) & 255]`. Otherwise: the highest bits of 32; `b` makes `r` to
    /// `(r << 8) ^ table[(r >> 24) ^ b]`, and the checksum is `r >> (32 - width)`.
    #[must_use]
    pub fn table(self) -> Vec<u32> {
        let step = |byte: u32| {
            (0..8).fold(if self.reflected { byte } else { byte.wrapping_shl(24) }, |register: u32, _| {
                if self.reflected {
                    let poly = self.poly.reverse_bits().wrapping_shr(self.spare());
                    register.wrapping_shr(1) ^ if register & 1 == 1 { poly } else { 0 }
                } else {
                    let poly = self.poly.wrapping_shl(self.spare());
                    register.wrapping_shl(1) ^ if register.leading_zeros() == 0 { poly } else { 0 }
                }
            })
        };
        (0..256).map(step).collect()
    }

    /// The register of [`table`](Self::table) before the first byte.
    #[must_use]
    pub fn start(self) -> u32 {
        if self.reflected {
            self.init.reverse_bits().wrapping_shr(self.spare())
        } else {
            self.init.wrapping_shl(self.spare())
        }
    }

    /// Bits of 32 that the checksum does not have.
    #[must_use]
    pub fn spare(self) -> u32 {
        32_u32.saturating_sub(u32::from(self.width))
    }
}

impl Algorithm {
    /// The algorithm of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        ALGORITHMS.iter().find(|(each, _)| *each == name).map(|(_, algorithm)| *algorithm)
    }

    /// Its name: of several the first.
    #[must_use]
    pub fn name(self) -> &'static str {
        ALGORITHMS.iter().find(|(_, each)| *each == self).map_or("", |(name, _)| name)
    }

    /// Bits of what it gives.
    #[must_use]
    pub fn bits(self) -> u32 {
        match self {
            Self::Crc(crc) => u32::from(crc.width),
            Self::Sum8 | Self::Xor8 => 8,
            Self::Sha256 | Self::Sha256d => 256,
        }
    }

    /// It gives bytes, and no number.
    #[must_use]
    pub fn is_digest(self) -> bool {
        matches!(self, Self::Sha256 | Self::Sha256d)
    }
}

const fn wide8(of: &crc_catalog::Algorithm<u8>) -> Algorithm {
    crc(of.width, of.poly as u32, of.init as u32, of.refin, of.xorout as u32)
}

const fn wide16(of: &crc_catalog::Algorithm<u16>) -> Algorithm {
    crc(of.width, of.poly as u32, of.init as u32, of.refin, of.xorout as u32)
}

const fn wide32(of: &crc_catalog::Algorithm<u32>) -> Algorithm {
    crc(of.width, of.poly, of.init, of.refin, of.xorout)
}

const fn crc(width: u8, poly: u32, init: u32, reflected: bool, xorout: u32) -> Algorithm {
    Algorithm::Crc(Crc { width, poly, init, reflected, xorout })
}

/// Name and algorithm. The names of CRCs are those of the catalogue, in lower case; an older name for one of them stands behind it.
pub const ALGORITHMS: &[(&str, Algorithm)] = &[
    ("sum8", Algorithm::Sum8),
    ("xor8", Algorithm::Xor8),
    ("sha256", Algorithm::Sha256),
    ("sha256d", Algorithm::Sha256d),
    ("crc-8/autosar", wide8(&crc_catalog::CRC_8_AUTOSAR)),
    ("crc-8/bluetooth", wide8(&crc_catalog::CRC_8_BLUETOOTH)),
    ("crc-8/cdma2000", wide8(&crc_catalog::CRC_8_CDMA2000)),
    ("crc-8/darc", wide8(&crc_catalog::CRC_8_DARC)),
    ("crc-8/dvb-s2", wide8(&crc_catalog::CRC_8_DVB_S2)),
    ("crc-8/gsm-a", wide8(&crc_catalog::CRC_8_GSM_A)),
    ("crc-8/gsm-b", wide8(&crc_catalog::CRC_8_GSM_B)),
    ("crc-8/hitag", wide8(&crc_catalog::CRC_8_HITAG)),
    ("crc-8/i-432-1", wide8(&crc_catalog::CRC_8_I_432_1)),
    ("crc-8/i-code", wide8(&crc_catalog::CRC_8_I_CODE)),
    ("crc-8/lte", wide8(&crc_catalog::CRC_8_LTE)),
    ("crc-8/maxim-dow", wide8(&crc_catalog::CRC_8_MAXIM_DOW)),
    ("crc-8/mifare-mad", wide8(&crc_catalog::CRC_8_MIFARE_MAD)),
    ("crc-8/nrsc-5", wide8(&crc_catalog::CRC_8_NRSC_5)),
    ("crc-8/opensafety", wide8(&crc_catalog::CRC_8_OPENSAFETY)),
    ("crc-8/rohc", wide8(&crc_catalog::CRC_8_ROHC)),
    ("crc-8/sae-j1850", wide8(&crc_catalog::CRC_8_SAE_J1850)),
    ("crc-8/smbus", wide8(&crc_catalog::CRC_8_SMBUS)),
    ("crc-8/tech-3250", wide8(&crc_catalog::CRC_8_TECH_3250)),
    ("crc-8/wcdma", wide8(&crc_catalog::CRC_8_WCDMA)),
    ("crc-16/arc", wide16(&crc_catalog::CRC_16_ARC)),
    ("crc-16/cdma2000", wide16(&crc_catalog::CRC_16_CDMA2000)),
    ("crc-16/cms", wide16(&crc_catalog::CRC_16_CMS)),
    ("crc-16/dds-110", wide16(&crc_catalog::CRC_16_DDS_110)),
    ("crc-16/dect-r", wide16(&crc_catalog::CRC_16_DECT_R)),
    ("crc-16/dect-x", wide16(&crc_catalog::CRC_16_DECT_X)),
    ("crc-16/dnp", wide16(&crc_catalog::CRC_16_DNP)),
    ("crc-16/en-13757", wide16(&crc_catalog::CRC_16_EN_13757)),
    ("crc-16/genibus", wide16(&crc_catalog::CRC_16_GENIBUS)),
    ("crc-16/gsm", wide16(&crc_catalog::CRC_16_GSM)),
    ("crc-16/ibm-3740", wide16(&crc_catalog::CRC_16_IBM_3740)),
    ("crc-16/ibm-sdlc", wide16(&crc_catalog::CRC_16_IBM_SDLC)),
    ("crc-16/iso-iec-14443-3-a", wide16(&crc_catalog::CRC_16_ISO_IEC_14443_3_A)),
    ("crc-16/kermit", wide16(&crc_catalog::CRC_16_KERMIT)),
    ("crc-16/lj1200", wide16(&crc_catalog::CRC_16_LJ1200)),
    ("crc-16/m17", wide16(&crc_catalog::CRC_16_M17)),
    ("crc-16/maxim-dow", wide16(&crc_catalog::CRC_16_MAXIM_DOW)),
    ("crc-16/mcrf4xx", wide16(&crc_catalog::CRC_16_MCRF4XX)),
    ("crc-16/modbus", wide16(&crc_catalog::CRC_16_MODBUS)),
    ("crc-16/nrsc-5", wide16(&crc_catalog::CRC_16_NRSC_5)),
    ("crc-16/opensafety-a", wide16(&crc_catalog::CRC_16_OPENSAFETY_A)),
    ("crc-16/opensafety-b", wide16(&crc_catalog::CRC_16_OPENSAFETY_B)),
    ("crc-16/profibus", wide16(&crc_catalog::CRC_16_PROFIBUS)),
    ("crc-16/riello", wide16(&crc_catalog::CRC_16_RIELLO)),
    ("crc-16/spi-fujitsu", wide16(&crc_catalog::CRC_16_SPI_FUJITSU)),
    ("crc-16/t10-dif", wide16(&crc_catalog::CRC_16_T10_DIF)),
    ("crc-16/teledisk", wide16(&crc_catalog::CRC_16_TELEDISK)),
    ("crc-16/tms37157", wide16(&crc_catalog::CRC_16_TMS37157)),
    ("crc-16/umts", wide16(&crc_catalog::CRC_16_UMTS)),
    ("crc-16/usb", wide16(&crc_catalog::CRC_16_USB)),
    ("crc-16/xmodem", wide16(&crc_catalog::CRC_16_XMODEM)),
    ("crc-24/ble", wide32(&crc_catalog::CRC_24_BLE)),
    ("crc-24/flexray-a", wide32(&crc_catalog::CRC_24_FLEXRAY_A)),
    ("crc-24/flexray-b", wide32(&crc_catalog::CRC_24_FLEXRAY_B)),
    ("crc-24/interlaken", wide32(&crc_catalog::CRC_24_INTERLAKEN)),
    ("crc-24/lte-a", wide32(&crc_catalog::CRC_24_LTE_A)),
    ("crc-24/lte-b", wide32(&crc_catalog::CRC_24_LTE_B)),
    ("crc-24/openpgp", wide32(&crc_catalog::CRC_24_OPENPGP)),
    ("crc-24/os-9", wide32(&crc_catalog::CRC_24_OS_9)),
    ("crc-32/aixm", wide32(&crc_catalog::CRC_32_AIXM)),
    ("crc-32/autosar", wide32(&crc_catalog::CRC_32_AUTOSAR)),
    ("crc-32/base91-d", wide32(&crc_catalog::CRC_32_BASE91_D)),
    ("crc-32/bzip2", wide32(&crc_catalog::CRC_32_BZIP2)),
    ("crc-32/cd-rom-edc", wide32(&crc_catalog::CRC_32_CD_ROM_EDC)),
    ("crc-32/cksum", wide32(&crc_catalog::CRC_32_CKSUM)),
    ("crc-32/iscsi", wide32(&crc_catalog::CRC_32_ISCSI)),
    ("crc-32/iso-hdlc", wide32(&crc_catalog::CRC_32_ISO_HDLC)),
    ("crc-32/jamcrc", wide32(&crc_catalog::CRC_32_JAMCRC)),
    ("crc-32/mef", wide32(&crc_catalog::CRC_32_MEF)),
    ("crc-32/mpeg-2", wide32(&crc_catalog::CRC_32_MPEG_2)),
    ("crc-32/xfer", wide32(&crc_catalog::CRC_32_XFER)),
    ("crc32", wide32(&crc_catalog::CRC_32_ISO_HDLC)),
    ("crc32c", wide32(&crc_catalog::CRC_32_ISCSI)),
    // Apache Cassandra, src/java/org/apache/cassandra/net/Crc.java: in no catalogue. The second is CRC-32/ISO-HDLC of fa2d55ca and the bytes.
    ("crc-24/cassandra", crc(24, 0x97_4f0b, 0x87_5060, false, 0)),
    ("crc-32/cassandra", crc(32, 0x04c1_1db7, 0x3481_11dd, true, 0xffff_ffff)),
];

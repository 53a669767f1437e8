//! Checksums as other people's crates compute them.

use std::sync::LazyLock;

use framewright::model::{ALGORITHMS, Algorithm};
use sha2::{Digest, Sha256};

static CRCS: LazyLock<Vec<(Algorithm, crc::Crc<u32>)>> = LazyLock::new(|| {
    let known = ALGORITHMS.iter().filter_map(|(_, algorithm)| match algorithm {
        Algorithm::Crc(own) => {
            let of: &'static crc::Algorithm<u32> = Box::leak(Box::new(crc::Algorithm {
                width: own.width,
                poly: own.poly,
                init: own.init,
                refin: own.reflected,
                refout: own.reflected,
                xorout: own.xorout,
                check: 0,
                residue: 0,
            }));
            Some((*algorithm, crc::Crc::<u32>::new(of)))
        }
        Algorithm::Sum8 | Algorithm::Xor8 | Algorithm::Sha256 | Algorithm::Sha256d => None,
    });
    known.collect()
});

/// A number or a digest.
pub(super) enum Computed {
    Number(i128),
    Digest(Vec<u8>),
}

pub(super) fn computed(algorithm: Algorithm, bytes: &[u8]) -> Computed {
    match algorithm {
        Algorithm::Crc(_) => {
            let (_, crc) = CRCS.iter().find(|(known, _)| *known == algorithm).unwrap();
            Computed::Number(crc.checksum(bytes).into())
        }
        Algorithm::Sum8 => Computed::Number(bytes.iter().map(|byte| i128::from(*byte)).sum::<i128>() % 256),
        Algorithm::Xor8 => Computed::Number(bytes.iter().map(|byte| i128::from(*byte)).fold(0, |sum, byte| sum ^ byte)),
        Algorithm::Sha256 => Computed::Digest(Sha256::digest(bytes).to_vec()),
        Algorithm::Sha256d => Computed::Digest(Sha256::digest(Sha256::digest(bytes)).to_vec()),
    }
}

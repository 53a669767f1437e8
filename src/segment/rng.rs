//! A small generator of numbers, the same on every machine.

/// SplitMix64, seeded with a number and a name, so that what is drawn for one vector does not depend on the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rng(u64);

impl Rng {
    /// The generator for `name` under `seed`.
    #[must_use]
    pub fn new(seed: u64, name: &str) -> Self {
        let hash =
            name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
        Self(seed ^ hash)
    }

    /// 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 where `bound` is 0. Biased by less than 2⁻³² for bounds below 2³².
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        self.bits().checked_rem(bound).and_then(|rest| usize::try_from(rest).ok()).unwrap_or(0)
    }

    /// The generator for one of many cases.
    #[must_use]
    pub fn for_case(&self, index: usize) -> Self {
        let index = u64::try_from(index).unwrap_or(u64::MAX);
        let mut rng = Self(self.0 ^ index.wrapping_mul(0xd1b5_4a32_d192_ed03));
        rng.bits();
        rng
    }
}

//! Random choices read off a tape of bytes: a shorter tape of smaller bytes makes simpler things, so shrinking needs no more.

#[derive(Debug)]
pub(crate) struct Tape<'t> {
    bytes: &'t [u8],
}

impl<'t> Tape<'t> {
    pub(crate) fn new(bytes: &'t [u8]) -> Self {
        Self { bytes }
    }

    pub(crate) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        *first
    }

    /// 0 up to below `count`; 0 at the tape's end.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        let wide = if count > 256 { usize::from(self.byte()) * 256 } else { 0 };
        (wide + usize::from(self.byte())) % count
    }

    /// Once in so many; never at the tape's end.
    pub(crate) fn once_in(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    pub(crate) fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    /// An integer of any size within bounds, often at an edge.
    pub(crate) fn within(&mut self, low: i128, high: i128) -> i128 {
        let span = high - low + 1;
        let any = |tape: &mut Self, bytes| (0..bytes).fold(0_i128, |value, _| value * 256 + i128::from(tape.byte()));
        match self.below(4) {
            0 => low + any(self, 1) % span,
            1 => high - any(self, 1) % span,
            2 => 0_i128.clamp(low, high),
            _ => low + any(self, 8) % span,
        }
    }
}

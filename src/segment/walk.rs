//! Every segmentation one by one, sharing the work of common beginnings.

use super::{Judge, Observed, Testee};

/// Runs all 2^(n−1) segmentations of a stream without empty feeds; `visit` is told the cuts of each and its deviations.
///
/// Unlike [`prove`](super::prove) it compares no states, so that it checks the proof. It shares a beginning that several
/// segmentations have in common by cloning the decoder. The time doubles with every byte: up to 24 bytes are sensible.
pub fn walk<T: Testee + Clone, J: Judge>(
    testee: &T,
    judge: &J,
    stream: &[u8],
    visit: &mut impl FnMut(&[usize], &[J::Deviation]),
) {
    let mut walk = Walk { stream, cuts: Vec::new(), seen: Vec::new(), found: Vec::new(), visit };
    walk.from(0, testee.clone(), judge.clone());
}

struct Walk<'a, D, F> {
    stream: &'a [u8],
    cuts: Vec<usize>,
    seen: Vec<Observed>,
    found: Vec<D>,
    visit: &'a mut F,
}

impl<D, F: FnMut(&[usize], &[D])> Walk<'_, D, F> {
    fn from<T: Testee + Clone, J: Judge<Deviation = D>>(&mut self, from: usize, testee: T, judge: J) {
        let n = self.stream.len();
        let deviations = self.found.len();
        for to in from.saturating_add(1)..n {
            let (mut testee, mut judge) = (testee.clone(), judge.clone());
            self.feed(from, to, &mut testee, &mut judge);
            self.cuts.push(to);
            self.from(to, testee, judge);
            self.cuts.pop();
            self.found.truncate(deviations);
        }
        self.last(from, testee, judge);
        self.found.truncate(deviations);
    }

    fn feed<T: Testee, J: Judge<Deviation = D>>(&mut self, from: usize, to: usize, testee: &mut T, judge: &mut J) {
        self.seen.clear();
        testee.feed(self.stream.get(from..to).unwrap_or_default(), &mut self.seen);
        if !judge.over() {
            judge.step(to, &self.seen, &mut self.found);
        }
    }

    /// The rest of the stream in one chunk, then its end.
    fn last<T: Testee, J: Judge<Deviation = D>>(&mut self, from: usize, mut testee: T, mut judge: J) {
        let n = self.stream.len();
        self.feed(from, n, &mut testee, &mut judge);
        self.seen.clear();
        let end = testee.finish(&[], &mut self.seen);
        if !judge.over() {
            judge.step(n, &self.seen, &mut self.found);
        }
        if !judge.over() {
            judge.conclude(Some(end), &mut self.found);
        }
        (self.visit)(&self.cuts, &self.found);
    }
}

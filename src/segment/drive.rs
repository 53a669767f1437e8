//! One segmentation of a stream through one decoder.

use super::{Observed, ObservedEnd, Segmentation, Testee};

/// Follows what a decoder does, step by step.
///
/// A clone goes on from where the original is; two are equal if they would judge every continuation alike. The proof merges
/// equal ones.
pub trait Judge: Clone + PartialEq {
    /// What is found wrong.
    type Deviation: Clone;

    /// What was seen in the feed that brought the bytes to `fed` in all. Appends each deviation.
    fn step(&mut self, fed: usize, seen: &[Observed], found: &mut Vec<Self::Deviation>);
    /// What was said at the end of the stream; nothing where an error came first. Appends each deviation.
    fn conclude(&mut self, end: Option<ObservedEnd>, found: &mut Vec<Self::Deviation>);
    /// Nothing that follows can be judged.
    fn over(&self) -> bool;
    /// One of the two is enough in a report.
    fn alike(a: &Self::Deviation, b: &Self::Deviation) -> bool;
}

/// Feeds a stream, cut as told, and appends the deviations. `seen` is scratch space.
///
/// A segmentation that is none of this stream feeds what part of it exists.
pub fn drive<T: Testee, J: Judge>(
    mut testee: T,
    stream: &[u8],
    cuts: &Segmentation,
    mut judge: J,
    seen: &mut Vec<Observed>,
    found: &mut Vec<J::Deviation>,
) {
    let mut from = 0;
    for &cut in &cuts.cuts {
        seen.clear();
        testee.feed(stream.get(from..cut).unwrap_or_default(), seen);
        judge.step(cut, seen, found);
        if judge.over() {
            return;
        }
        from = cut;
    }
    let mut last = stream.get(from..).unwrap_or_default();
    if !cuts.glued {
        seen.clear();
        testee.feed(last, seen);
        judge.step(stream.len(), seen, found);
        if judge.over() {
            return;
        }
        last = &[];
    }
    seen.clear();
    let end = testee.finish(last, seen);
    judge.step(stream.len(), seen, found);
    if !judge.over() {
        judge.conclude(Some(end), found);
    }
}

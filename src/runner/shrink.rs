//! From a failing case to the smallest stream and the fewest cuts that still fail.

use crate::segment::Segmentation;

/// Cuts are moved on streams of at most so many bytes.
const MOVES: usize = 512;

/// A stream and its cuts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) stream: Vec<u8>,
    pub(crate) cuts: Segmentation,
}

/// The fewest cuts of the same stream for which `fails` says yes, in at most so many tries.
pub(crate) fn fewest_cuts(case: Case, tries: usize, fails: &mut dyn FnMut(&Case) -> bool) -> Case {
    let mut shrinker = Shrinker { case, tries, fails };
    shrinker.remove_cuts();
    shrinker.one_cut();
    shrinker.move_cuts();
    shrinker.case
}

/// The same without whole frames at either end, for as long as `fails` says yes. `frames` are the ends of the stream's frames.
pub(crate) fn fewest_frames(case: Case, frames: &[usize], tries: usize, fails: &mut dyn FnMut(&Case) -> bool) -> Case {
    let mut shrinker = Shrinker { case, tries, fails };
    shrinker.frames(frames);
    shrinker.case
}

/// The same without bytes that are not needed, and with zeros in place of those whose value does not matter, for as long as `fails` says
/// yes. The stream need not be one of frames any more.
pub(crate) fn fewest_bytes(case: Case, tries: usize, fails: &mut dyn FnMut(&Case) -> bool) -> Case {
    let mut shrinker = Shrinker { case, tries, fails };
    loop {
        let before = shrinker.case.clone();
        shrinker.remove_bytes();
        shrinker.truncate();
        shrinker.zero_bytes();
        if shrinker.case == before {
            break;
        }
    }
    shrinker.case
}

struct Shrinker<'a> {
    case: Case,
    tries: usize,
    fails: &'a mut dyn FnMut(&Case) -> bool,
}

impl Shrinker<'_> {
    fn try_case(&mut self, case: Case) -> bool {
        if self.tries == 0 || case == self.case {
            return false;
        }
        self.tries -= 1;
        let fails = (self.fails)(&case);
        if fails {
            self.case = case;
        }
        fails
    }

    fn try_cuts(&mut self, cuts: Vec<usize>) -> bool {
        let cuts = Segmentation { cuts, glued: self.case.cuts.glued };
        self.try_case(Case { stream: self.case.stream.clone(), cuts })
    }

    /// Leaves out whole frames at either end.
    fn frames(&mut self, frames: &[usize]) {
        let whole = self.case.stream.len();
        let inner = || frames.iter().copied().filter(|&end| end > 0 && end < whole);
        let mut dropped = 0;
        for start in inner().collect::<Vec<_>>().into_iter().rev() {
            let stream = self.case.stream.get(start..).unwrap_or_default().to_vec();
            let mut cuts = self.case.cuts.clone();
            cuts.cuts.retain(|&cut| cut > start);
            cuts.cuts.iter_mut().for_each(|cut| *cut -= start);
            if self.try_case(Case { stream, cuts }) {
                dropped = start;
                break;
            }
        }
        for end in inner().filter(|&end| end > dropped).map(|end| end - dropped) {
            let stream = self.case.stream.get(..end).unwrap_or_default().to_vec();
            let mut cuts = self.case.cuts.clone();
            cuts.cuts.retain(|&cut| cut < end);
            if self.try_case(Case { stream, cuts }) {
                break;
            }
        }
    }

    /// Halves first, as for cuts. A cut inside of what is left out stands where it was.
    fn remove_bytes(&mut self) {
        let mut size = self.case.stream.len() / 2;
        while size > 0 {
            let mut from = 0;
            while from < self.case.stream.len() {
                let mut case = self.case.clone();
                let end = from.saturating_add(size).min(case.stream.len());
                case.stream.drain(from..end);
                for cut in &mut case.cuts.cuts {
                    *cut = if *cut >= end { *cut - (end - from) } else { (*cut).min(from) };
                }
                if !self.try_case(case) {
                    from = end;
                }
            }
            size /= 2;
        }
    }

    /// What halves do not find: the shortest beginning that does it alone.
    fn truncate(&mut self) {
        let n = self.case.stream.len();
        let _found = (0..n.min(MOVES)).any(|len| {
            let mut case = self.case.clone();
            case.stream.truncate(len);
            case.cuts.cuts.iter_mut().for_each(|cut| *cut = (*cut).min(len));
            self.try_case(case)
        });
    }

    fn zero_bytes(&mut self) {
        for at in 0..self.case.stream.len() {
            let mut case = self.case.clone();
            if let Some(byte) = case.stream.get_mut(at) {
                *byte = 0;
            }
            self.try_case(case);
        }
    }

    fn remove_cuts(&mut self) {
        if self.case.cuts.glued {
            let cuts = Segmentation { cuts: self.case.cuts.cuts.clone(), glued: false };
            self.try_case(Case { stream: self.case.stream.clone(), cuts });
        }
        // Halves first, so that a case of a thousand cuts does not take a thousand tries.
        let mut size = self.case.cuts.cuts.len();
        while size > 0 {
            let mut from = 0;
            while from < self.case.cuts.cuts.len() {
                let mut cuts = self.case.cuts.cuts.clone();
                cuts.drain(from..from.saturating_add(size).min(cuts.len()));
                if !self.try_cuts(cuts) {
                    from += size;
                }
            }
            size /= 2;
        }
    }

    /// What no removal finds: another cut that does it alone.
    fn one_cut(&mut self) {
        let n = self.case.stream.len();
        if self.case.cuts.cuts.len() > 1 && n <= MOVES {
            let _found = (1..n).any(|cut| self.try_cuts(vec![cut]));
        }
    }

    /// Each cut as far to the front as it fails.
    fn move_cuts(&mut self) {
        if self.case.stream.len() > MOVES {
            return;
        }
        for index in 0..self.case.cuts.cuts.len() {
            let before = index.checked_sub(1).and_then(|index| self.case.cuts.cuts.get(index)).copied().unwrap_or(0);
            let at = self.case.cuts.cuts.get(index).copied().unwrap_or(0);
            let _found = (before.saturating_add(1)..at).any(|place| {
                let mut cuts = self.case.cuts.cuts.clone();
                if let Some(cut) = cuts.get_mut(index) {
                    *cut = place;
                }
                self.try_cuts(cuts)
            });
        }
    }
}

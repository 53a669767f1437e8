//! The shapes that the families are made of. Each shape is a numbered list of segmentations, found by their number.

use super::{Rng, Segmentation};

/// Cutting to bytes cuts at most at so many places at either end of what is cut.
const DRIP: usize = 256;

/// A numbered list of segmentations without empty feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One chunk.
    Whole,
    /// Chunks of one byte.
    Bytes,
    /// One cut at each of these.
    OneCut(Vec<usize>),
    /// Two cuts, at any two places.
    TwoCuts,
    /// Chunks of every size, the first of every smaller size.
    Uniform,
    /// Chunks of these sizes, the first smaller by so much.
    Sizes(Vec<(usize, usize)>),
    /// All subsets of these places: at most 20.
    Subsets(Vec<usize>),
    /// Subsets drawn at random from these places.
    Drawn(Vec<usize>, usize),
    /// For each two of these places i < j: [i, j) between a whole head and tail; with a tail of single bytes; with a head of
    /// single bytes; itself cut to bytes.
    Square(Vec<usize>),
}

impl Shape {
    /// How many there are for a stream of `n` bytes.
    pub(super) fn count(&self, n: usize) -> usize {
        match self {
            Self::Whole | Self::Bytes => 1,
            Self::OneCut(places) => places.len(),
            Self::TwoCuts => pairs(n.saturating_sub(1)),
            Self::Uniform => pairs(n),
            Self::Sizes(sizes) => sizes.len(),
            Self::Subsets(places) => {
                u32::try_from(places.len()).ok().and_then(|m| 1_usize.checked_shl(m)).unwrap_or(usize::MAX)
            }
            Self::Drawn(_, count) => *count,
            Self::Square(places) => pairs(places.len()).saturating_mul(4),
        }
    }

    /// Appends the cuts of one of them.
    pub(super) fn cut(&self, index: usize, n: usize, rng: &Rng, cuts: &mut Vec<usize>) {
        match self {
            Self::Whole => {}
            Self::Bytes => cuts.extend(1..n),
            Self::OneCut(places) => cuts.extend(places.get(index)),
            Self::TwoCuts => {
                let (i, j) = pair(index);
                cuts.extend([i.saturating_add(1), j.saturating_add(1)]);
            }
            Self::Uniform => {
                let (phase, size) = pair(index);
                chunks(size, phase, n, cuts);
            }
            Self::Sizes(sizes) => {
                if let Some(&(size, phase)) = sizes.get(index) {
                    chunks(size, phase, n, cuts);
                }
            }
            Self::Subsets(places) => {
                cuts.extend(
                    places.iter().enumerate().filter(|(bit, _)| (index >> bit) & 1 == 1).map(|(_, place)| place),
                );
            }
            Self::Drawn(places, _) => draw(places, &mut rng.for_case(index), cuts),
            Self::Square(places) => {
                let (i, j) = pair(index / 4);
                if let (Some(&i), Some(&j)) = (places.get(i), places.get(j)) {
                    square(index % 4, i, j, n, cuts);
                }
            }
        }
    }
}

/// How many pairs i < j < m there are.
fn pairs(m: usize) -> usize {
    m.saturating_mul(m.saturating_sub(1)) / 2
}

/// The pair i < j of a number: (0,1) (0,2) (1,2) (0,3) …
fn pair(index: usize) -> (usize, usize) {
    let j = index.saturating_mul(8).saturating_add(1).isqrt().saturating_add(1) / 2;
    (index.saturating_sub(pairs(j)), j)
}

/// Chunks of one size, with a smaller one in front unless `phase` is 0.
fn chunks(size: usize, phase: usize, n: usize, cuts: &mut Vec<usize>) {
    let first = if phase == 0 { size } else { phase };
    cuts.extend((first..n).step_by(size.max(1)));
}

fn square(shape: usize, i: usize, j: usize, n: usize, cuts: &mut Vec<usize>) {
    match shape {
        0 => cuts.extend([i, j]),
        1 => {
            cuts.push(i);
            drip(j, n, cuts);
        }
        2 => {
            drip(0, i, cuts);
            cuts.push(j);
        }
        _ => drip(i, j, cuts),
    }
    cuts.retain(|&cut| cut > 0 && cut < n);
}

/// Cuts at `from`, `to` and between them: everywhere, or near both where that would be very many.
fn drip(from: usize, to: usize, cuts: &mut Vec<usize>) {
    let near = from.saturating_add(DRIP);
    let far = to.saturating_sub(DRIP);
    if near < far {
        cuts.extend(from..near);
        cuts.extend(far..=to);
    } else {
        cuts.extend(from..=to);
    }
}

/// A random number of random places: few about as often as many.
fn draw(places: &[usize], rng: &mut Rng, cuts: &mut Vec<usize>) {
    let most = places.len().min(DRIP);
    let wanted = match rng.below(3) {
        0 => rng.below(4),
        1 => rng.below(most.min(16).saturating_add(1)),
        _ => rng.below(most.saturating_add(1)),
    };
    for _ in 0..wanted {
        cuts.extend(places.get(rng.below(places.len())));
    }
    cuts.sort_unstable();
    cuts.dedup();
}

/// What is done to a segmentation, so that empty feeds and a glued end are part of every family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dress {
    /// Nothing.
    Plain,
    /// The end comes with the last chunk.
    Glued,
    /// Either of the two, by lot.
    Lot,
    /// An empty feed first.
    EmptyFirst,
    /// An empty feed last.
    EmptyLast,
    /// An empty feed at every cut.
    EmptyBetween,
    /// An empty feed comes with the end.
    GluedEmpty,
}

impl Dress {
    pub(super) fn put_on(self, index: usize, n: usize, rng: &Rng, to: &mut Segmentation) {
        match self {
            Self::Plain => {}
            Self::Glued => to.glued = true,
            Self::Lot => to.glued = rng.for_case(index).bits() & 1 == 1,
            Self::EmptyFirst => to.cuts.insert(0, 0),
            Self::EmptyLast => to.cuts.push(n),
            Self::EmptyBetween => to.cuts = to.cuts.iter().flat_map(|&cut| [cut, cut]).collect(),
            Self::GluedEmpty => {
                to.cuts.push(n);
                to.glued = true;
            }
        }
    }
}

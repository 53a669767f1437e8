//! Families of segmentations.

use std::fmt;
use std::str::FromStr;

use super::shape::{Dress, Shape};
use super::{Rng, Segmentation};

/// Streams up to this length are cut by `square` at every two places.
const SQUARE_ALL: usize = 48;
/// On longer streams `square` takes at most so many places.
const SQUARE_PLACES: usize = 36;
/// `exhaustive` ends here: 2^19 segmentations.
const EXHAUSTIVE: usize = 20;
/// `seams` takes all subsets of at most so many places.
const SEAMS_ALL: usize = 12;

/// A set of segmentations of any stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// One chunk.
    Whole,
    /// Chunks of one byte.
    EveryByte,
    /// One cut anywhere.
    OneCut,
    /// Two cuts anywhere: n²/2.
    TwoCuts,
    /// Every size of chunk at every phase: n²/2.
    Uniform,
    /// All subsets of the field and frame boundaries and their neighbours; where these are many, pairs and a sample.
    Seams,
    /// 200 at random.
    Random,
    /// Few, mostly at seams: what a fuzzer takes for each of very many streams.
    Sample,
    /// All, of streams of at most 20 bytes.
    Exhaustive,
    /// The default for a black box: about 2n² cases.
    Square,
    /// All at once, where the decoder can be cloned and compared; else `square`.
    Proof,
}

/// What was done to a stream: the weight of a verdict, the greatest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are those of the families")]
pub enum Tier {
    Whole,
    EveryByte,
    Sample,
    Random,
    Seams,
    Uniform,
    OneCut,
    TwoCuts,
    SquareSeams,
    Square,
    Exhaustive,
    Proved,
}

/// `exhaustive` was asked for a stream of so many bytes, more than 20.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong(pub usize);

/// No family has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFamily(pub String);

impl Family {
    /// Every family.
    pub const ALL: [Self; 11] = [
        Self::Whole,
        Self::EveryByte,
        Self::OneCut,
        Self::TwoCuts,
        Self::Uniform,
        Self::Seams,
        Self::Random,
        Self::Sample,
        Self::Exhaustive,
        Self::Square,
        Self::Proof,
    ];

    /// As it is written on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::EveryByte => "every-byte",
            Self::OneCut => "one-cut",
            Self::TwoCuts => "two-cuts",
            Self::Uniform => "uniform",
            Self::Seams => "seams",
            Self::Random => "random",
            Self::Sample => "sample",
            Self::Exhaustive => "exhaustive",
            Self::Square => "square",
            Self::Proof => "proof",
        }
    }

    /// The segmentations of a stream of `n` bytes whose fields and frames meet at `seams`; `rng` decides what is drawn.
    ///
    /// The first case is the uncut stream. [`Family::Proof`] gives those of `square`.
    ///
    /// # Errors
    /// [`TooLong`] from [`Family::Exhaustive`].
    pub fn cases(self, n: usize, seams: &[usize], rng: Rng) -> Result<Cases, TooLong> {
        let mut cases = Cases::whole(n, self.tier(), rng);
        let inner: Vec<usize> = (1..n).collect();
        match self {
            Self::Whole => {}
            Self::EveryByte => cases.add_bytes(),
            Self::OneCut => cases.add_cuts(inner),
            Self::TwoCuts => {
                cases.add_cuts(inner);
                cases.add(Shape::TwoCuts, &[Dress::Plain, Dress::Glued, Dress::EmptyBetween]);
            }
            Self::Uniform => cases.add(Shape::Uniform, &[Dress::Plain, Dress::Glued, Dress::EmptyBetween]),
            Self::Seams => {
                let places = around(seams, n);
                cases.add_cuts(places.clone());
                if places.len() <= SEAMS_ALL {
                    cases.add(Shape::Subsets(places), &[Dress::Plain, Dress::Glued]);
                } else {
                    cases.add(Shape::Square(places.clone()), &[Dress::Lot]);
                    cases.add(Shape::Drawn(places, 2048), &[Dress::Lot]);
                }
            }
            Self::Random => cases.add_random(inner),
            Self::Sample if inner.is_empty() => {}
            Self::Sample => {
                let places = around(seams, n);
                let near = if places.is_empty() { inner.clone() } else { places };
                cases.add(Shape::Bytes, &[Dress::Plain, Dress::Glued]);
                cases.add(Shape::Drawn(near.clone(), 12), &[Dress::Lot]);
                cases.add(Shape::Drawn(inner, 8), &[Dress::Lot]);
                cases.add(Shape::Drawn(near, 2), &[Dress::EmptyBetween]);
            }
            Self::Exhaustive if n > EXHAUSTIVE => return Err(TooLong(n)),
            Self::Exhaustive => {
                cases.add(Shape::Subsets(inner.clone()), &[Dress::Plain]);
                cases.add_bytes();
                cases.add_cuts(inner);
                cases.add_random((1..n).collect());
            }
            Self::Square | Self::Proof => cases.add_square(inner, seams),
        }
        Ok(cases)
    }

    /// Those of [`Family::Square`].
    #[must_use]
    pub fn square(n: usize, seams: &[usize], rng: Rng) -> Cases {
        let mut cases = Cases::whole(n, Tier::Square, rng);
        cases.add_square((1..n).collect(), seams);
        cases
    }

    /// What a verdict over its cases is worth.
    #[must_use]
    pub fn tier(self) -> Tier {
        match self {
            Self::Whole => Tier::Whole,
            Self::EveryByte => Tier::EveryByte,
            Self::OneCut => Tier::OneCut,
            Self::TwoCuts => Tier::TwoCuts,
            Self::Uniform => Tier::Uniform,
            Self::Seams => Tier::Seams,
            Self::Random => Tier::Random,
            Self::Sample => Tier::Sample,
            Self::Exhaustive => Tier::Exhaustive,
            Self::Square | Self::Proof => Tier::Square,
        }
    }
}

/// The segmentations of one family for one stream, numbered from 0. Nothing is stored for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cases {
    n: usize,
    parts: Vec<(Shape, Dress, usize)>,
    len: usize,
    tier: Tier,
    rng: Rng,
}

impl Cases {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// There is always the uncut stream.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What a verdict over all of them is worth.
    #[must_use]
    pub fn tier(&self) -> Tier {
        self.tier
    }

    /// Writes the segmentation of a number over `into`; `false` where there is none.
    pub fn get(&self, mut index: usize, into: &mut Segmentation) -> bool {
        into.cuts.clear();
        into.glued = false;
        for (shape, dress, count) in &self.parts {
            if index < *count {
                shape.cut(index, self.n, &self.rng, &mut into.cuts);
                dress.put_on(index, self.n, &self.rng, into);
                return true;
            }
            index -= count;
        }
        false
    }

    /// All of them in order.
    pub fn iter(&self) -> impl Iterator<Item = Segmentation> + '_ {
        (0..self.len).map(|index| {
            let mut segmentation = Segmentation::default();
            self.get(index, &mut segmentation);
            segmentation
        })
    }

    /// The uncut stream.
    fn whole(n: usize, tier: Tier, rng: Rng) -> Self {
        let mut cases = Self { n, parts: Vec::new(), len: 0, tier, rng };
        cases.add(Shape::Whole, &[Dress::Plain, Dress::Glued, Dress::EmptyFirst, Dress::EmptyLast, Dress::GluedEmpty]);
        cases
    }

    fn add(&mut self, shape: Shape, dresses: &[Dress]) {
        let count = shape.count(self.n);
        for &dress in dresses {
            self.len = self.len.saturating_add(count);
            self.parts.push((shape.clone(), dress, count));
        }
    }

    fn add_bytes(&mut self) {
        let dresses = [Dress::Plain, Dress::Glued, Dress::EmptyFirst, Dress::EmptyLast, Dress::EmptyBetween];
        self.add(Shape::Bytes, if self.n > 1 { &dresses } else { &[] });
    }

    fn add_cuts(&mut self, places: Vec<usize>) {
        self.add(
            Shape::OneCut(places),
            &[Dress::Plain, Dress::Glued, Dress::EmptyFirst, Dress::EmptyLast, Dress::EmptyBetween],
        );
    }

    fn add_random(&mut self, inner: Vec<usize>) {
        if !inner.is_empty() {
            self.add(Shape::Drawn(inner.clone(), 200), &[Dress::Lot]);
            self.add(Shape::Drawn(inner, 20), &[Dress::EmptyBetween]);
        }
    }

    fn add_square(&mut self, inner: Vec<usize>, seams: &[usize]) {
        let n = self.n;
        self.add_bytes();
        if n <= SQUARE_ALL {
            self.add_cuts(inner.clone());
            self.add(Shape::Square((0..=n).collect()), &[Dress::Lot]);
            self.add(Shape::Uniform, &[Dress::Lot]);
        } else {
            self.tier = Tier::SquareSeams;
            let places = self.places(seams);
            self.add_cuts(places.clone());
            let square = std::iter::once(0).chain(places).chain(std::iter::once(n)).collect();
            self.add(Shape::Square(square), &[Dress::Lot]);
            let sizes = sizes(n);
            self.add(Shape::Sizes(sizes), &[Dress::Lot]);
        }
        self.add_random(inner);
    }

    /// A sample of the seams and their neighbours, and a few places more.
    fn places(&self, seams: &[usize]) -> Vec<usize> {
        let mut rng = self.rng.clone();
        let mut places = around(seams, self.n);
        while places.len() > SQUARE_PLACES.saturating_sub(8) {
            places.swap_remove(rng.below(places.len()));
        }
        for _ in 0..8 {
            places.push(rng.below(self.n.saturating_sub(1)).saturating_add(1));
        }
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// The seams inside a stream and the places next to them.
fn around(seams: &[usize], n: usize) -> Vec<usize> {
    let near = seams.iter().flat_map(|&seam| [seam.saturating_sub(1), seam, seam.saturating_add(1)]);
    let mut places: Vec<usize> = near.filter(|&place| place > 0 && place < n).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// Sizes of chunks that grow by half, so that no list of cuts is very long: at least n/1024 bytes.
fn sizes(n: usize) -> Vec<(usize, usize)> {
    let mut sizes = Vec::new();
    let mut size = (n / 1024).max(1);
    while size < n {
        sizes.extend([(size, 0), (size, 1), (size, size / 2)].iter().filter(|(size, phase)| phase < size));
        size += (size / 2).max(1);
    }
    sizes.dedup();
    sizes
}

impl Tier {
    /// As reports write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::EveryByte => "every-byte",
            Self::Sample => "sample",
            Self::Random => "random",
            Self::Seams => "seams",
            Self::Uniform => "uniform",
            Self::OneCut => "one-cut",
            Self::TwoCuts => "two-cuts",
            Self::SquareSeams => "square/seams",
            Self::Square => "square",
            Self::Exhaustive => "exhaustive",
            Self::Proved => "proved",
        }
    }
}

impl FromStr for Family {
    type Err = UnknownFamily;

    fn from_str(text: &str) -> Result<Self, UnknownFamily> {
        let family = Self::ALL.into_iter().find(|family| family.name() == text);
        family.ok_or_else(|| UnknownFamily(text.to_owned()))
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`exhaustive` takes streams of at most {EXHAUSTIVE} bytes, this one has {}; use `square` or `proof`",
            self.0
        )
    }
}

impl fmt::Display for UnknownFamily {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = Family::ALL.iter().map(|family| family.name()).collect();
        write!(f, "there is no family `{}`; there are {}", self.0, names.join(", "))
    }
}

impl std::error::Error for TooLong {}
impl std::error::Error for UnknownFamily {}

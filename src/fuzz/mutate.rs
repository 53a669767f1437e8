//! Streams from streams, by what is known of the protocol.

use std::sync::Arc;

use crate::oracle::{Case, Piece};
use crate::plan::{Plan, tokens};
use crate::segment::Rng;
use crate::vector::{Mark, marks};

/// A stream worth changing, and where its fields stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    /// The bytes.
    pub stream: Vec<u8>,
    pub(super) marks: Vec<Mark>,
}

impl Seed {
    /// Of a stream of this plan.
    #[must_use]
    pub fn new(plan: &Arc<Plan>, stream: Vec<u8>) -> Self {
        Self { marks: marks(plan, &stream), stream }
    }
}

/// Makes streams of a protocol.
#[derive(Debug)]
pub struct Mutator {
    plan: Arc<Plan>,
    tokens: Vec<Vec<u8>>,
    most: usize,
}

impl Mutator {
    /// For streams of at most so many bytes.
    #[must_use]
    pub fn new(plan: Arc<Plan>, most: usize) -> Self {
        let tokens = tokens(&plan).into_iter().map(|token| token.bytes).collect();
        Self { plan, tokens, most }
    }

    /// A stream: one of the corpus, or frames of values drawn, with up to four changes.
    #[must_use]
    pub fn stream(&self, corpus: &[Seed], rng: &mut Rng) -> Vec<u8> {
        let base = corpus.get(rng.below(corpus.len())).filter(|_| rng.below(4) > 0);
        let (mut stream, marks) = match base {
            Some(seed) => (seed.stream.clone(), seed.marks.clone()),
            None => {
                let seed = Seed::new(&self.plan, self.frames(rng));
                (seed.stream, seed.marks)
            }
        };
        for _ in 0..rng.below(5) {
            self.change(&mut stream, &marks, corpus, rng);
        }
        stream.truncate(self.most);
        stream
    }

    /// One to three frames of values drawn.
    fn frames(&self, rng: &mut Rng) -> Vec<u8> {
        let frame = |rng: &mut Rng| Piece::Frame((0..48).map(|_| byte(rng)).collect());
        let pieces = (0..=rng.below(3)).map(|_| frame(rng)).collect();
        Case { protocol: 0, pieces, cuts: Vec::new() }.stream(&self.plan)
    }

    fn change(&self, stream: &mut Vec<u8>, marks: &[Mark], corpus: &[Seed], rng: &mut Rng) {
        let at = place(stream, marks, rng);
        match rng.below(12) {
            0..=2 => self.number(stream, marks, rng),
            3 => set(stream, at, |old, rng| old ^ (1 << rng.below(8)), rng),
            4 => set(stream, at, |_, rng| byte(rng), rng),
            5 => {
                let token = self.tokens.get(rng.below(self.tokens.len())).cloned().unwrap_or_default();
                let over = if rng.below(2) == 0 { token.len() } else { 0 };
                splice(stream, at, over, &token);
            }
            6 => stream.truncate(at),
            7 => splice(stream, at, place(stream, marks, rng).saturating_sub(at).min(64), &[]),
            8 => {
                let end = place(stream, marks, rng);
                let copy = stream.get(at..end).unwrap_or_default().to_vec();
                splice(stream, end.min(stream.len()), 0, &copy);
            }
            9 => {
                let run = vec![byte(rng); 1 << rng.below(11)];
                splice(stream, at, 0, &run);
            }
            10 => {
                // Another stream from one of its seams on.
                if let Some(other) = corpus.get(rng.below(corpus.len())) {
                    let from = place(&other.stream, &other.marks, rng);
                    stream.truncate(at);
                    stream.extend_from_slice(other.stream.get(from..).unwrap_or_default());
                }
            }
            _ => stream.extend(self.frames(rng)),
        }
        stream.truncate(self.most);
    }

    /// A field of a few bytes gets a value at an edge: of its type, of what follows, of `max_frame`.
    fn number(&self, stream: &mut [u8], marks: &[Mark], rng: &mut Rng) {
        let short = |mark: &&Mark| (1..=8).contains(&mark.length);
        let count = marks.iter().filter(short).count();
        let Some(mark) = marks.iter().filter(short).nth(rng.below(count)) else { return };
        let end = mark.offset.saturating_add(mark.length);
        let rest = u64::try_from(stream.len().saturating_sub(end)).unwrap_or(u64::MAX);
        let Some(field) = stream.get_mut(mark.offset..end) else { return };
        let bits = field.len().saturating_mul(8);
        let all = u64::MAX >> 64_usize.saturating_sub(bits).min(63);
        let big = rng.below(2) == 0;
        let old = field.iter().enumerate().fold(0_u64, |value, (index, byte)| {
            let place = if big { field.len() - 1 - index } else { index };
            value | u64::from(*byte) << (place * 8)
        });
        let edges = [0, 1, all, all >> 1, (all >> 1) + 1, old, rest, self.plan.max_frame, rest / 2];
        let edge = edges.get(rng.below(edges.len())).copied().unwrap_or(0);
        let value = match rng.below(3) {
            0 => edge,
            1 => edge.wrapping_add(1),
            _ => edge.wrapping_sub(1),
        };
        let wire = value.to_le_bytes();
        let width = field.len();
        for (index, byte) in field.iter_mut().enumerate() {
            let place = if big { width - 1 - index } else { index };
            *byte = wire.get(place).copied().unwrap_or(0);
        }
    }
}

/// A place in a stream, its end included: mostly where a field begins or ends.
fn place(stream: &[u8], marks: &[Mark], rng: &mut Rng) -> usize {
    let seam = marks.get(rng.below(marks.len())).filter(|_| rng.below(4) > 0);
    let at = match seam {
        None => rng.below(stream.len().saturating_add(1)),
        Some(mark) if rng.below(2) == 0 => mark.offset,
        Some(mark) => mark.offset.saturating_add(mark.length),
    };
    at.min(stream.len())
}

fn set(stream: &mut [u8], at: usize, new: impl Fn(u8, &mut Rng) -> u8, rng: &mut Rng) {
    if let Some(byte) = stream.get_mut(at) {
        *byte = new(*byte, rng);
    }
}

/// Puts bytes in at a place, in place of so many there.
fn splice(stream: &mut Vec<u8>, at: usize, over: usize, bytes: &[u8]) {
    let end = at.saturating_add(over).min(stream.len());
    stream.splice(at.min(end)..end, bytes.iter().copied());
}

/// A byte: at an edge as often as any.
fn byte(rng: &mut Rng) -> u8 {
    let edges = [0, 1, 0x7f, 0x80, 0xff, b'\r', b'\n', b'0'];
    let any = u8::try_from(rng.below(256)).unwrap_or(0);
    if rng.below(2) == 0 { any } else { edges.get(rng.below(edges.len())).copied().unwrap_or(any) }
}

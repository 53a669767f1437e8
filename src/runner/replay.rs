//! One case of one vector, run again.

use crate::runner::deviation::Deviation;
use crate::runner::judge::Demand;
use crate::runner::reply::Answer;
use crate::runner::show;
use crate::segment::Segmentation;
use crate::vector::Vector;

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// The right reply, as the testee protocol writes it.
    pub expected: String,
    /// What was replied.
    pub got: String,
    /// What is wrong with it, the gravest first.
    pub deviations: Vec<Deviation>,
}

/// Holds an answer against a vector.
#[must_use]
pub fn replay(vector: &Vector, cuts: &Segmentation, answer: &Answer) -> Replayed {
    let n = vector.stream.len();
    let mut deviations = answer.judge(&Demand::meaning(n, vector.level, &vector.expect), cuts);
    deviations.sort_by_key(|deviation| deviation.kind);
    Replayed { expected: show::expect(&vector.expect, n, cuts), got: show::answer(answer), deviations }
}

//! Framewright in the tests of a crate: a decoder that lives in this process against a spec.

use std::sync::Arc;

use crate::report::text;
use crate::runner::{About, Checks, Job, Known, Meaning, Shrink, Status, run_provable, run_testee, status};
use crate::segment::{Family, Testee};
use crate::vector::Vectors;
use crate::{catalogue, diag, model, plan, vector};

/// Proves a decoder: every vector that the spec gives, under every segmentation of its bytes. Returns the number of feeds that
/// decided them.
///
/// `fresh` gives a new decoder. Its equality must be observational: all that can change what it does next counts.
///
/// # Errors
///
/// The spec's mistakes, or every failure with its bytes, the fewest cuts that show it, what is right and what came.
///
/// # Examples
///
/// A decoder of a length in one byte, fed `02 68 69` in all ways, has to emit that frame with the chunk that brings `69`:
///
/// ```
/// use framewright::runner::Checks;
/// use framewright::segment::{Observed, ObservedEnd, Testee};
///
/// #[derive(Clone, Default, PartialEq)]
/// struct Decoder(Vec<u8>);
///
/// impl Testee for Decoder {
///     fn feed(&mut self, chunk: &[u8], out: &mut Vec<Observed>) {
///         self.0.extend(chunk);
///         while let Some(size) = self.0.first().map(|&length| 1 + usize::from(length)).filter(|&size| size <= self.0.len()) {
///             out.push(Observed::Frame(self.0.drain(..size).collect()));
///         }
///     }
///
///     fn finish(&mut self, last: &[u8], out: &mut Vec<Observed>) -> ObservedEnd {
///         self.feed(last, out);
///         if self.0.is_empty() { ObservedEnd::Clean } else { ObservedEnd::Incomplete }
///     }
/// }
///
/// const SPEC: &str = "{framewright: 1, name: short, frame: [{length: u8 counts body}, {body: bytes}]}";
///
/// # fn main() -> Result<(), String> {
/// let feeds = framewright::testing::prove(SPEC, Checks::All, Decoder::default)?;
/// assert!(feeds > 1000);
/// # Ok(()) }
/// ```
pub fn prove<T: Testee + Clone + PartialEq>(
    spec: &str,
    checks: Checks,
    fresh: impl Fn() -> T,
) -> Result<usize, String> {
    let subject = Subject::new(spec)?;
    let about = About { checks, decodes: true, ..About::default() };
    subject.run(Family::Proof, |job| run_provable(job, &about, &fresh))
}

/// Runs a decoder that cannot be cloned or compared through the family `square` of segmentations. Returns the number of cases.
///
/// # Errors
///
/// As [`prove`].
pub fn check<T: Testee>(spec: &str, checks: Checks, fresh: impl Fn() -> T) -> Result<usize, String> {
    let subject = Subject::new(spec)?;
    let about = About { checks, decodes: true, ..About::default() };
    subject.run(Family::Square, |job| run_testee(job, &about, &fresh))
}

struct Subject {
    meaning: Meaning,
    vectors: Vectors,
}

impl Subject {
    fn new(spec: &str) -> Result<Self, String> {
        let mistakes =
            |mistakes: Vec<diag::Diagnostic>| diag::render("the spec", spec.as_bytes(), &mistakes, diag::Colour::Never);
        let plan = plan::lower(&model::load(spec.as_bytes()).map_err(mistakes)?);
        let vectors = vector::build(&plan, catalogue::handwritten(&plan.name, spec.as_bytes()))
            .map_err(|error| error.to_string())?;
        Ok(Self { meaning: Meaning::new(Arc::new(plan)), vectors })
    }

    fn run(&self, family: Family, with: impl FnOnce(&Job<'_>) -> crate::runner::RunReport) -> Result<usize, String> {
        let report = with(&Job {
            testee: "the decoder",
            reach: "",
            meaning: &self.meaning,
            vectors: &self.vectors.tests,
            family,
            seed: 1,
            shard: None,
            select: &|_| true,
            known: &Known::default(),
            shrink: Shrink::Frames,
            progress: &|_| {},
        });
        let cases = report.cases;
        let reports = [report];
        match status(&reports, false) {
            Status::Clean => Ok(cases),
            Status::Findings | Status::Failed | Status::Nothing => {
                Err(format!("{}{}", text::failures(&reports, false), text::table(&reports, false)))
            }
        }
    }
}

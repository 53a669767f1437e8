//! What each family finds over the vectors of a protocol, and the table that says so.

use std::fmt::Write as _;
use std::sync::Arc;

use framewright::catalogue;
use framewright::runner::{
    About, Job, Kind, Known, Meaning, RunReport, Shrink, Status, run_provable, run_testee, status,
};
use framewright::segment::{Family, Testee, Tier};
use framewright::vector::{Level, Vector};
use framewright::{model, plan, vector};

use super::faults::{Fault, Row, Subject, rows};
use super::{delimiter, length};

/// `exhaustive` is run on streams of at most so many bytes; the others would take most of the time.
const EXHAUSTIVE: usize = 12;

/// A protocol and its vectors, as any run has them.
pub(super) struct Protocol {
    subject: Subject,
    meaning: Meaning,
    pub(super) vectors: Vec<Vector>,
}

impl Protocol {
    pub(super) fn new(subject: Subject) -> Self {
        let spec = subject.spec();
        let plan = plan::lower(&model::load(spec.as_bytes()).unwrap());
        let vectors = vector::build(&plan, catalogue::handwritten(&plan.name, spec.as_bytes())).unwrap().tests;
        Self { subject, meaning: Meaning::new(Arc::new(plan)), vectors }
    }

    /// Runs a decoder as a user does: one of this process is proved, or cut by another family.
    fn run(&self, fault: Fault, family: Family, select: &dyn Fn(&Vector) -> bool) -> RunReport {
        let (max, skips) = (self.subject.max(), self.subject.skips());
        match fault {
            Fault::Length(fault) => self.decode(family, select, &|| length::Decoder::new(fault, max, skips)),
            Fault::Delimiter(fault) => self.decode(family, select, &|| delimiter::Decoder::new(fault, max, skips)),
        }
    }

    fn decode<T: Testee + Clone + PartialEq>(
        &self,
        family: Family,
        select: &dyn Fn(&Vector) -> bool,
        fresh: &dyn Fn() -> T,
    ) -> RunReport {
        let job = Job {
            testee: "mutant",
            reach: "",
            meaning: &self.meaning,
            vectors: &self.vectors,
            family,
            shrink: Shrink::Frames,
            seed: 1,
            shard: None,
            select,
            known: &Known::default(),
            progress: &|_| {},
        };
        let about = About { decodes: true, ..About::default() };
        if family == Family::Proof { run_provable(&job, &about, fresh) } else { run_testee(&job, &about, fresh) }
    }

    /// Whether a family finds the fault in some vector: the first that shows it is enough. What is not proved, for a fault that makes
    /// very many states, does not count as found by the proof.
    fn finds(&self, fault: Fault, family: Family) -> bool {
        let run = |vector: &Vector| self.run(fault, family, &|other| other.id == vector.id);
        let counts = |report: &RunReport| {
            family != Family::Proof || report.vectors.iter().all(|vector| vector.tier == Tier::Proved)
        };
        let short = |vector: &&Vector| family != Family::Exhaustive || vector.stream.len() <= EXHAUSTIVE;
        self.vectors.iter().filter(short).map(run).any(|report| counts(&report) && says(&report).is_some())
    }
}

/// The gravest kind of deviation of the levels must and should. That the cuts deviate otherwise than the uncut stream says least.
fn says(report: &RunReport) -> Option<Kind> {
    let findings = report.vectors.iter().flat_map(|vector| &vector.findings);
    let kinds = findings.filter(|finding| finding.level >= Level::Should).map(|finding| finding.kind);
    kinds.min_by_key(|&kind| (kind == Kind::CutDependent, kind))
}

/// Each row is asserted both ways: the families that are blind find nothing, and every other one finds it.
fn check(subject: Subject) {
    let protocol = Protocol::new(subject);
    let sound = match subject {
        Subject::Length | Subject::LengthSkips => Fault::Length(length::Fault::None),
        Subject::Delimiter | Subject::DelimiterSkips => Fault::Delimiter(delimiter::Fault::None),
    };
    for family in [Family::Square, Family::Proof] {
        assert_eq!(status(&[protocol.run(sound, family, &|_| true)], true), Status::Clean, "{sound:?} {family}");
    }
    let mut wrong = String::new();
    for row in rows().iter().filter(|row| row.subject == subject) {
        let report = protocol.run(row.fault, Family::Proof, &|_| true);
        let blind: Vec<Family> = Family::ALL.into_iter().filter(|&family| !protocol.finds(row.fault, family)).collect();
        if says(&report) != Some(row.says) || blind != row.blind {
            let _ = writeln!(wrong, "{:?}: {:?}, blind: {blind:?}", row.fault, says(&report));
        }
        // What is merely late, or not told at the end, is advice and fails a strict run.
        let fails = [false, true].map(|strict| status(std::slice::from_ref(&report), strict) == Status::Findings);
        if fails != [row.says.level() == Level::Must, true] {
            let _ = writeln!(wrong, "{:?}: fails {fails:?}", row.fault);
        }
    }
    assert!(wrong.is_empty(), "these rows are not as they say:\n{wrong}");
}

#[test]
fn faults_of_a_length_decoder() {
    check(Subject::Length);
}

#[test]
fn faults_of_a_length_decoder_that_skips() {
    check(Subject::LengthSkips);
}

#[test]
fn faults_of_a_delimiter_decoder() {
    check(Subject::Delimiter);
}

#[test]
fn faults_of_a_delimiter_decoder_that_skips() {
    check(Subject::DelimiterSkips);
}

#[test]
fn square_and_the_proof_find_every_fault_and_there_are_enough() {
    let rows = rows();
    let blind = |row: &Row| row.blind.contains(&Family::Square) || row.blind.contains(&Family::Proof);
    assert!(!rows.iter().any(blind));
    let must = rows.iter().filter(|row| row.says.level() == Level::Must).count();
    assert!(must >= 40 && rows.iter().filter(|row| row.blind.contains(&Family::Whole)).count() >= 20);
}

fn markdown() -> String {
    let mut text = String::new();
    for subject in Subject::ALL {
        let _ = writeln!(text, "### {}\n", subject.title());
        let names = Family::ALL.map(|family| family.name()).join(" | ");
        let _ = writeln!(text, "| fault | reported as | {names} |\n|---|---|{}", ":-:|".repeat(Family::ALL.len()));
        for row in rows().iter().filter(|row| row.subject == subject) {
            let cells = Family::ALL.map(|family| if row.blind.contains(&family) { "·" } else { "✓" }).join(" | ");
            let advice = if row.says.level() == Level::Should { " (should)" } else { "" };
            let _ = writeln!(text, "| {} | {}{advice} | {cells} |", row.what, row.says);
        }
        text.push('\n');
    }
    text
}

#[test]
fn the_table_in_the_documentation_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/mutants.md");
    let table = markdown();
    let fresh = std::fs::read_to_string(path).unwrap().contains(&table);
    assert!(fresh, "docs/mutants.md is not fresh; this belongs there:\n\n{table}");
}

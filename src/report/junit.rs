//! Reports for build servers: JUnit's XML, as Jenkins' schema `junit-10.xsd` has it. A suite is a testee on a protocol, a case a vector.

use std::fmt::Write;

use crate::report::text;
use crate::runner::{Outcome, Resource, RunReport, VectorReport, Verdict};

/// The reports as one XML document.
#[must_use]
pub fn write(reports: &[RunReport], strict: bool) -> String {
    let suites: Vec<Suite> = reports.iter().map(|report| suite(report, strict)).collect();
    let sum = |count: &dyn Fn(&Suite) -> usize| suites.iter().map(count).sum::<usize>();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _infallible = writeln!(
        out,
        "<testsuites name=\"framewright\" tests=\"{}\" failures=\"{}\" errors=\"{}\">",
        sum(&|suite| suite.tests),
        sum(&|suite| suite.failures),
        sum(&|suite| suite.errors)
    );
    for suite in &suites {
        out.push_str(&suite.xml);
    }
    out.push_str("</testsuites>\n");
    out
}

struct Suite {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    xml: String,
}

fn suite(report: &RunReport, strict: bool) -> Suite {
    let mut suite = Suite { tests: 0, failures: 0, errors: 0, skipped: 0, xml: String::new() };
    let class = format!("{}.{}", report.testee, report.protocol);
    for vector in &report.vectors {
        let name = format!("{} {}", vector.id, vector.name);
        suite.case(&class, &name, &result(report, vector, strict));
    }
    for resource in &report.resources {
        let name = format!("{} {}", resource.check.id(), resource.check.name());
        suite.case(&class, &name, &measured(resource, strict));
    }
    // What belongs to no vector is a case of its own, or it would be lost.
    if let Some(reason) = &report.skipped {
        suite.case(&class, "the protocol is served", &CaseResult::Skipped("skipped", reason.clone()));
    }
    if let Some(error) = &report.error {
        suite.case(&class, "the run is done", &CaseResult::Error(error.clone()));
    }
    for entry in &report.stale {
        let text = format!("the known failure `{entry}` did not happen");
        suite.case(&class, &format!("known failure {entry}"), &CaseResult::Failure("stale", text, String::new()));
    }
    let cases = std::mem::take(&mut suite.xml);
    let _infallible = write!(
        suite.xml,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n{cases}  </testsuite>\n",
        escape(&class),
        suite.tests,
        suite.failures,
        suite.errors,
        suite.skipped
    );
    suite
}

enum CaseResult {
    /// With what is worth a word though it is no failure.
    Pass(String),
    /// Type and reason.
    Skipped(&'static str, String),
    /// Type, one line, and all of it.
    Failure(&'static str, String, String),
    /// The job could not be done.
    Error(String),
}

fn result(report: &RunReport, vector: &VectorReport, strict: bool) -> CaseResult {
    let texts = || {
        let shown = vector.findings.iter().map(|finding| text::failure(report, vector, finding));
        shown.collect::<Vec<_>>().join("\n")
    };
    match vector.verdict {
        Verdict::Pass => CaseResult::Pass(String::new()),
        Verdict::Fail(_) if vector.fails(strict) => {
            let kinds: Vec<&str> = vector.findings.iter().map(|finding| finding.kind.word()).collect();
            let kind = kinds.first().copied().unwrap_or("failure");
            CaseResult::Failure(kind, kinds.join(", "), texts())
        }
        Verdict::Fail(_) => CaseResult::Pass(texts()),
        Verdict::Known => {
            let reasons: Vec<&str> = vector.findings.iter().filter_map(|finding| finding.known.as_deref()).collect();
            CaseResult::Skipped("known failure", reasons.join("; "))
        }
        Verdict::NotApplicable => {
            CaseResult::Skipped("not applicable", "the testee does not check what this vector turns on".to_owned())
        }
        Verdict::NotRun => CaseResult::Skipped("not run", "the run ended before".to_owned()),
    }
}

fn measured(resource: &Resource, strict: bool) -> CaseResult {
    let text = resource.text.clone();
    match (resource.outcome, &resource.known) {
        (Outcome::Fail, None) if strict => {
            let kind = resource.check.kind().word();
            CaseResult::Failure(kind, kind.to_owned(), text)
        }
        (Outcome::Fail, None) => CaseResult::Pass(format!("{}: {text}", resource.word())),
        (Outcome::Pass, _) => CaseResult::Pass(text),
        (Outcome::Fail, Some(reason)) => CaseResult::Skipped("known failure", reason.clone()),
        (Outcome::NotJudged, _) => CaseResult::Skipped("not judged", text),
    }
}

impl Suite {
    fn case(&mut self, class: &str, name: &str, result: &CaseResult) {
        self.tests += 1;
        let inner = match result {
            CaseResult::Pass(text) if text.is_empty() => String::new(),
            CaseResult::Pass(text) => format!("<system-out>{}</system-out>", escape(text)),
            CaseResult::Skipped(kind, reason) => {
                self.skipped += 1;
                format!("<skipped type=\"{}\" message=\"{}\"/>", escape(kind), escape(reason))
            }
            CaseResult::Failure(kind, message, text) => {
                self.failures += 1;
                let (kind, message) = (escape(kind), escape(message));
                format!("<failure type=\"{kind}\" message=\"{message}\">{}</failure>", escape(text))
            }
            CaseResult::Error(message) => {
                self.errors += 1;
                format!("<error type=\"error\" message=\"{}\"/>", escape(message))
            }
        };
        let _infallible = writeln!(
            self.xml,
            "    <testcase classname=\"{}\" name=\"{}\">{inner}</testcase>",
            escape(class),
            escape(name)
        );
    }
}

/// Text for an attribute or an element. What no XML document may contain becomes U+FFFD.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for each in text.chars() {
        match each {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => {
                let _infallible = write!(out, "&#{};", u32::from(each));
            }
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            each => out.push(each),
        }
    }
    out
}

//! Every code has a file in `tests/specs/err/` that earns it. A file begins with what is expected of it, one mistake a line:
//!
//! ```text
//! # FW006 7:3 `name` & 5:3 `name` remove one
//! ```
//!
//! the code, line and column of the culprit and its text, the same for the counterpart where there is one, and a part of the help.
//! `…` inside a long text stands for whatever is there. The diagnostics must be exactly these, in this order.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use framewright::diag::{Code, Colour, Diagnostic, Span, render};
use framewright::{model, yaml};

/// A place as a fixture names it.
#[derive(Clone, PartialEq, Eq)]
struct Place {
    line: usize,
    column: usize,
    text: String,
}

/// A diagnostic as a fixture names it; of an expected one the help is a part.
#[derive(Clone)]
struct Finding {
    code: String,
    culprit: Place,
    counterpart: Option<Place>,
    help: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} `{}`", self.line, self.column, self.text)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "# {} {}", self.code, self.culprit)?;
        if let Some(counterpart) = &self.counterpart {
            write!(f, " & {counterpart}")?;
        }
        write!(f, " {}", self.help)
    }
}

impl Place {
    fn of(span: Span, source: &[u8]) -> Self {
        let before = String::from_utf8_lossy(&source[..span.start]).replace('\u{feff}', "");
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Place {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            text: String::from_utf8_lossy(&source[span.start..span.end]).replace('\n', "⏎"),
        }
    }

    /// Reads `7:3 `name`` and returns what follows.
    fn parse(text: &str) -> Option<(Self, &str)> {
        let (at, rest) = text.split_once(" `")?;
        let (line, column) = at.split_once(':')?;
        let (text, rest) = rest.split_once('`')?;
        let place = Place { line: line.parse().ok()?, column: column.parse().ok()?, text: text.to_owned() };
        Some((place, rest.trim_start()))
    }

    fn covers(&self, actual: &Place) -> bool {
        let text = match self.text.split_once('…') {
            None => self.text == actual.text,
            Some((head, tail)) => {
                actual.text.len() >= head.len() + tail.len()
                    && actual.text.starts_with(head)
                    && actual.text.ends_with(tail)
            }
        };
        text && (self.line, self.column) == (actual.line, actual.column)
    }
}

impl Finding {
    fn of(diagnostic: &Diagnostic, source: &[u8]) -> Self {
        Finding {
            code: diagnostic.code.id().to_owned(),
            culprit: Place::of(diagnostic.span, source),
            counterpart: diagnostic.second.as_ref().map(|(span, _)| Place::of(*span, source)),
            help: diagnostic.help.clone(),
        }
    }

    fn parse(line: &str) -> Option<Self> {
        let (code, rest) = line.strip_prefix("# ")?.split_once(' ')?;
        let (culprit, rest) = Place::parse(rest)?;
        let (counterpart, help) = match rest.strip_prefix("& ") {
            Some(rest) => Place::parse(rest).map(|(place, help)| (Some(place), help))?,
            None => (None, rest),
        };
        Some(Finding { code: code.to_owned(), culprit, counterpart, help: help.to_owned() })
    }

    fn covers(&self, actual: &Finding) -> bool {
        let counterpart = match (&self.counterpart, &actual.counterpart) {
            (Some(expected), Some(actual)) => expected.covers(actual),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        self.code == actual.code
            && self.culprit.covers(&actual.culprit)
            && counterpart
            && !self.help.is_empty()
            && actual.help.contains(&self.help)
    }
}

fn diagnose(source: &[u8]) -> Vec<Diagnostic> {
    model::load(source).err().unwrap_or_default()
}

/// All files of a directory with this extension, by name.
pub(crate) fn files(directory: &str, extension: &str) -> Vec<(String, Vec<u8>)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let mut paths: Vec<_> = std::fs::read_dir(&directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no .{extension} in {}", directory.display());
    paths
        .into_iter()
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect()
}

fn expected(name: &str, source: &[u8]) -> Vec<Finding> {
    String::from_utf8_lossy(source)
        .trim_start_matches('\u{feff}')
        .lines()
        .take_while(|line| line.starts_with('#'))
        .filter(|line| line.starts_with("# FW"))
        .map(|line| Finding::parse(line).unwrap_or_else(|| panic!("{name}: not an expectation: {line}")))
        .collect()
}

fn lines(findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("    {finding}\n")).collect()
}

#[test]
fn each_fixture_has_exactly_the_mistakes_that_it_lists() {
    let mut failures = String::new();
    for (name, source) in files("tests/specs/err", "yaml") {
        let expected = expected(&name, &source);
        let actual: Vec<Finding> = diagnose(&source).iter().map(|d| Finding::of(d, &source)).collect();
        let same = expected.len() == actual.len() && expected.iter().zip(&actual).all(|(e, a)| e.covers(a));
        if !same || expected.is_empty() {
            failures += &format!("{name}\n  expected\n{}  found\n{}\n", lines(&expected), lines(&actual));
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn every_code_has_a_fixture() {
    let found: BTreeSet<String> = files("tests/specs/err", "yaml")
        .iter()
        .flat_map(|(name, source)| expected(name, source))
        .map(|finding| finding.code)
        .collect();
    let missing: Vec<&str> = Code::ALL.iter().map(|code| code.id()).filter(|id| !found.contains(*id)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

/// The YAML blocks of a page, made whole.
pub(crate) fn examples(page: &str) -> Vec<String> {
    page.split("```yaml\n")
        .skip(1)
        .map(|rest| {
            let block = rest.split_once("```").unwrap().0;
            let head = if block.starts_with("framewright:") { "" } else { "framewright: 1\nname: example\n" };
            format!("{head}{block}")
        })
        .collect()
}

#[test]
fn the_first_example_of_a_page_has_its_mistake_and_no_other_and_the_second_none() {
    let mut failures = String::new();
    for code in Code::ALL {
        let page = code.page();
        assert!(page.starts_with(&format!("# {}: {}\n\n", code.id(), code.title())), "{}", code.id());
        let examples = examples(page);
        let [wrong, mended] = &examples[..] else {
            assert_eq!((code.id(), examples.len()), ("FW001", 0), "only bytes that are no text cannot be shown");
            continue;
        };
        let found: Vec<Diagnostic> = diagnose(wrong.as_bytes());
        if found.is_empty() || found.iter().any(|d| d.code != *code) {
            failures += &format!("{}, wrong:\n{}\n", code.id(), render("", wrong.as_bytes(), &found, Colour::Never));
        }
        let found = diagnose(mended.as_bytes());
        if !found.is_empty() {
            failures += &format!("{}, mended:\n{}\n", code.id(), render("", mended.as_bytes(), &found, Colour::Never));
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn a_code_is_found_by_its_name() {
    for name in ["FW009", "fw009", "fw9", "9", "FW9"] {
        assert_eq!(Code::parse(name), Some(Code::FW009), "{name}");
    }
    for name in ["", "FW", "FW000", "FW999", "FW+9", "FW 9", "Fw9", "FW99999999999"] {
        assert_eq!(Code::parse(name), None, "{name}");
    }
}

/// What a person sees of a file with several mistakes: places near to each other, far from each other, and in a long line.
#[test]
fn rendered_diagnostics() {
    let long = format!("  - c: {{ doc: {}, type: u8, type: u8, {} }}\n", "a ".repeat(600), "k: v ".repeat(200));
    let filler = "  - b: u8\n".repeat(20);
    let source = format!("framewright: 1\nname: größe\nname: y\nenums: &e {{}}\nframe:\n{filler}{long}\t\nname: z\n");
    let (_, diagnostics) = yaml::parse(source.as_bytes());
    insta::assert_snapshot!(render("x.yaml", source.as_bytes(), &diagnostics, Colour::Never));
}

#[test]
fn colours_add_escape_sequences_and_nothing_else() {
    let source = b"name: [a\n";
    let (_, diagnostics) = yaml::parse(source);
    let plain = render("x.yaml", source, &diagnostics, Colour::Never);
    let coloured = render("x.yaml", source, &diagnostics, Colour::Always);
    let mut stripped = String::new();
    for (index, part) in coloured.split('\u{1b}').enumerate() {
        stripped.push_str(if index == 0 { part } else { part.split_once('m').unwrap().1 });
    }
    assert_ne!(plain, coloured);
    assert_eq!(plain, stripped);
}

#[test]
fn a_file_over_a_limit_is_refused_at_once() {
    let findings = |source: &[u8]| -> Vec<String> {
        yaml::parse(source).1.iter().map(|d| format!("{} {}..{}", d.code.id(), d.span.start, d.span.end)).collect()
    };
    let mib = 1 << 20;
    assert_eq!(findings(&vec![b'['; mib]), ["FW007 255..256"]);
    assert_eq!(findings(&vec![b'{'; mib]), ["FW007 255..256"]);
    assert_eq!(findings("- ".repeat(mib / 2).as_bytes()), ["FW007 64..65"]);
    assert_eq!(findings("? ".repeat(mib / 2).as_bytes()), ["FW007 64..65"]);
    assert_eq!(findings(&vec![b' '; mib + 1]), [format!("FW007 {mib}..{mib}")]);
    assert_eq!(findings("- a\n".repeat(100_000).as_bytes()), ["FW007 399998..399999"]);
    let flat = format!("[{}]", "a,".repeat(mib / 2 - 1));
    assert_eq!(findings(flat.as_bytes()), ["FW007 199999..200000"]);
}

//! The testees that are known by name: the embedded ones, and those of `conformance/testees.yaml`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::{Failure, files};
use crate::plan::{Plan, framing};
use crate::runner::embedded::Embedded;
use crate::runner::{Known, Program};

/// The file of testees, where none is named.
pub(super) const FILE: &str = "conformance/testees.yaml";

/// A decoder under test and how it is reached.
#[derive(Clone, Debug)]
pub(super) enum Testee {
    /// A decoder inside the binary.
    Embedded(Embedded),
    /// A program that speaks FWT/1.
    Program { name: String, command: Vec<String>, may_skip: bool, known: Option<PathBuf> },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listing {
    testees: Vec<Entry>,
}

/// One testee of the file. What is only for readers and scripts is accepted and passed over.
#[derive(Debug, Deserialize)]
struct Entry {
    name: String,
    command: Vec<String>,
    may_skip: bool,
}

impl Testee {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Embedded(embedded) => embedded.name(),
            Self::Program { name, .. } => name,
        }
    }

    /// A command that was given on the command line.
    pub(super) fn command(command: &[String]) -> Self {
        Self::Program { name: "command".to_owned(), command: command.to_vec(), may_skip: true, known: None }
    }

    /// The options of `replay` that lead to it.
    pub(super) fn reach(&self) -> String {
        match self {
            Self::Program { known: None, command, .. } => {
                let words: Vec<String> = command.iter().map(|word| quoted(word)).collect();
                format!("-- {}", words.join(" "))
            }
            Self::Program { name, .. } => format!("--testee {name}"),
            Self::Embedded(embedded) => format!("--testee {}", embedded.name()),
        }
    }

    /// The testee's known failures.
    pub(super) fn known(&self, given: Option<&Path>) -> Result<Known, Failure> {
        let (path, text) = match (given, self) {
            (Some(path), _) => (path.to_path_buf(), files::read(path)?),
            (None, Self::Program { known: Some(path), .. }) if path.is_file() => (path.clone(), files::read(path)?),
            (None, Self::Embedded(embedded)) => {
                let text = crate::catalogue::known_failures(embedded.name()).unwrap_or_default();
                (PathBuf::from(format!("the known failures of {}", embedded.name())), text.as_bytes().to_vec())
            }
            (None, Self::Program { .. }) => return Ok(Known::default()),
        };
        let fault = |why: String| Failure(format!("{}: {why}", path.display()));
        let text = String::from_utf8(text).map_err(|error| fault(error.to_string()))?;
        Known::parse(&text).map_err(fault)
    }
}

/// The testees of these names; `all` stands for the whole file. Without a name, the embedded ones.
pub(super) fn named(names: &[String], file: &Path) -> Result<Vec<Testee>, Failure> {
    if names.is_empty() {
        return Ok(Embedded::ALL.map(Testee::Embedded).to_vec());
    }
    let mut found = Vec::new();
    let mut listed: Option<Vec<Testee>> = None;
    for name in names {
        if let Some(embedded) = Embedded::ALL.into_iter().find(|embedded| embedded.name() == name) {
            found.push(Testee::Embedded(embedded));
            continue;
        }
        let all = match &mut listed {
            Some(all) => all,
            None => listed.insert(read(file)?),
        };
        if name == "all" {
            found.extend(all.iter().cloned());
        } else if let Some(testee) = all.iter().find(|testee| testee.name() == name) {
            found.push(testee.clone());
        } else {
            let known: Vec<&str> =
                Embedded::ALL.iter().map(|each| each.name()).chain(all.iter().map(Testee::name)).collect();
            return Err(Failure(format!("no testee `{name}`; there are {}, all", known.join(", "))));
        }
    }
    Ok(found)
}

/// The testee of this name.
pub(super) fn one(name: &str, file: &Path) -> Result<Testee, Failure> {
    match named(&[name.to_owned()], file)?.as_slice() {
        [testee] => Ok(testee.clone()),
        _ => Err(Failure(format!("--testee {name}: name one testee"))),
    }
}

/// A program that is to decode this protocol, with so many seconds for each reply.
pub(super) fn program(command: &[String], plan: &Plan, deadline: u64) -> Program {
    let mut program = Program::new(command.to_vec(), framing::hello(plan));
    program.deadline = Duration::from_secs(deadline);
    program
}

/// Cases a second, for the eye.
pub(super) fn rate(cases: usize, elapsed: Duration) -> String {
    let millis = usize::try_from(elapsed.as_millis()).unwrap_or(usize::MAX).max(1);
    format!("{} cases/s", cases.saturating_mul(1000).checked_div(millis).unwrap_or(0))
}

fn read(path: &Path) -> Result<Vec<Testee>, Failure> {
    let text = files::read(path)?;
    let listing: Listing =
        serde_yaml::from_slice(&text).map_err(|error| Failure(format!("{}: {error}", path.display())))?;
    let known = path.parent().unwrap_or(Path::new("")).join("known-failures");
    let testee = |entry: Entry| Testee::Program {
        known: Some(known.join(format!("{}.yaml", entry.name))),
        name: entry.name,
        command: entry.command,
        may_skip: entry.may_skip,
    };
    Ok(listing.testees.into_iter().map(testee).collect())
}

/// A word as a shell reads it back.
pub(super) fn quoted(word: &str) -> String {
    let plain = |each: char| each.is_ascii_alphanumeric() || "-_./=:,+@%".contains(each);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

//! Specs and input from files.

#![expect(clippy::disallowed_methods, reason = "this is the module that touches files")]

use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use super::{Exit, Failure};
use crate::diag::{Colour, render};
use crate::model;
use crate::plan::{Plan, lower};
use crate::vector::Vectors;
use crate::{catalogue, vector};

/// Bytes of an input at most.
const MOST: u64 = 1 << 30;

/// The text of a spec: of a file, or of a protocol that ships.
pub(super) fn spec_text(name: &str) -> Result<Vec<u8>, Failure> {
    let is_path = name.contains(['/', '\\']) || Path::new(name).extension().is_some();
    match catalogue::spec(name) {
        Some(text) if !is_path => Ok(text.as_bytes().to_vec()),
        Some(_) | None if is_path || Path::new(name).is_file() => read(Path::new(name)),
        Some(_) | None => {
            Err(Failure(format!("{name}: neither a file nor a protocol that ships; `framewright list` lists those")))
        }
    }
}

/// Reads a file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let fault = |error: std::io::Error| Failure(format!("{}: cannot read it: {error}", path.display()));
    let file = std::fs::File::open(path).map_err(fault)?;
    let mut bytes = Vec::new();
    file.take(MOST.saturating_add(1)).read_to_end(&mut bytes).map_err(fault)?;
    within(bytes, &path.display().to_string())
}

/// Reads a file, or stdin where there is none or it is `-`.
pub(super) fn input(path: Option<&PathBuf>) -> Result<Vec<u8>, Failure> {
    match path {
        Some(path) if path.as_os_str() != "-" => read(path),
        Some(_) | None => {
            let mut bytes = Vec::new();
            let stdin = std::io::stdin().lock().take(MOST.saturating_add(1)).read_to_end(&mut bytes);
            stdin.map_err(|error| Failure(format!("stdin: cannot read it: {error}")))?;
            within(bytes, "stdin")
        }
    }
}

/// A file, or stdin, that is read as it comes.
pub(super) struct Source {
    /// For messages.
    pub(super) name: String,
    bytes: Box<dyn Read>,
}

impl Source {
    /// Opens a file, or stdin where there is none or it is `-`.
    pub(super) fn open(path: Option<&PathBuf>) -> Result<Self, Failure> {
        let Some(path) = path.filter(|path| path.as_os_str() != "-") else {
            return Ok(Self { name: "stdin".to_owned(), bytes: Box::new(std::io::stdin().lock()) });
        };
        let name = path.display().to_string();
        let file = std::fs::File::open(path);
        let file = file.map_err(|error| Failure(format!("{name}: cannot read it: {error}")))?;
        Ok(Self { name, bytes: Box::new(file) })
    }

    /// Appends what can be read at once, at most 64 KiB; says whether there was anything.
    pub(super) fn more(&mut self, bytes: &mut Vec<u8>) -> Result<bool, Failure> {
        let before = bytes.len();
        bytes.resize(before.saturating_add(1 << 16), 0);
        let read = loop {
            match self.bytes.read(bytes.get_mut(before..).unwrap_or_default()) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        bytes.truncate(before.saturating_add(*read.as_ref().unwrap_or(&0)));
        read.map(|read| read > 0).map_err(|error| Failure(format!("{}: cannot read it: {error}", self.name)))
    }

    /// Appends all that is left.
    pub(super) fn rest(&mut self, bytes: &mut Vec<u8>) -> Result<(), Failure> {
        let mut rest = (&mut self.bytes).take(MOST.saturating_add(1));
        rest.read_to_end(bytes).map_err(|error| Failure(format!("{}: cannot read it: {error}", self.name)))?;
        *bytes = within(std::mem::take(bytes), &self.name)?;
        Ok(())
    }
}

fn within(bytes: Vec<u8>, name: &str) -> Result<Vec<u8>, Failure> {
    if u64::try_from(bytes.len()).is_ok_and(|len| len <= MOST) {
        return Ok(bytes);
    }
    Err(Failure(format!("{name}: more than 1 GiB; split the input")))
}

/// The files of a folder in the order of their names; none where there is no such folder yet.
pub(super) fn folder(path: &Path) -> Result<Vec<Vec<u8>>, Failure> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let fault = |error: std::io::Error| Failure(format!("{}: cannot read it: {error}", path.display()));
    let entries = std::fs::read_dir(path).map_err(fault)?.collect::<Result<Vec<_>, _>>().map_err(fault)?;
    let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

/// Writes a file, whose folder is made where it is missing.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let fault = |error: std::io::Error| Failure(format!("{}: cannot write it: {error}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(fault)?;
    }
    std::fs::write(path, bytes).map_err(fault)
}

/// Writes what was generated; with `check` only says whether the file holds just that.
pub(super) fn keep_fresh(path: &Path, bytes: &[u8], check: bool) -> Result<bool, Failure> {
    if check {
        return Ok(path.is_file() && read(path)? == bytes);
    }
    write(path, bytes).map(|()| true)
}

/// The plan of a spec; its mistakes go to `out`.
pub(super) fn plan(name: &str, out: &mut dyn Write) -> Result<Result<Plan, Exit>, Failure> {
    Ok(plan_and_source(name, out)?.map(|(plan, _)| plan))
}

/// The plan of a spec and its vectors; its mistakes go to `out`.
pub(super) fn vectors(name: &str, out: &mut dyn Write) -> Result<Result<(Plan, Vectors), Exit>, Failure> {
    let (plan, source) = match plan_and_source(name, out)? {
        Ok(found) => found,
        Err(exit) => return Ok(Err(exit)),
    };
    let vectors = vector::build(&plan, catalogue::handwritten(&plan.name, &source));
    let vectors = vectors.map_err(|why| Failure(format!("{}: {why}", plan.name)))?;
    Ok(Ok((plan, vectors)))
}

/// The vectors of a file, of a plan's protocol.
pub(super) fn vectors_file(path: &Path, plan: &Plan) -> Result<Vectors, Failure> {
    let fault = |why: String| Failure(format!("{}: {why}", path.display()));
    let text = String::from_utf8(read(path)?).map_err(|error| fault(error.to_string()))?;
    let vectors = vector::from_json(plan, &text).map_err(|error| fault(error.to_string()))?;
    if vectors.protocol == plan.name {
        return Ok(vectors);
    }
    Err(fault(format!("the vectors are of {}, the spec is of {}", vectors.protocol, plan.name)))
}

/// The specs that are named; without a name all that ship.
pub(super) fn names(given: &[String]) -> Vec<String> {
    if given.is_empty() {
        return catalogue::specs().into_iter().map(|(name, _)| name).collect();
    }
    given.to_vec()
}

/// The plan of a spec and its text; its mistakes go to `out`. Behind an `@` stands with which session streams begin: `amqp@phase=open`.
pub(super) fn plan_and_source(name: &str, out: &mut dyn Write) -> Result<Result<(Plan, Vec<u8>), Exit>, Failure> {
    let at = name.rsplit_once('@').filter(|(_, session)| session.contains('='));
    let (file, session) = at.map_or((name, None), |(file, session)| (file, Some(session)));
    let source = spec_text(file)?;
    match model::load(&source) {
        Ok(protocol) => {
            let plan = lower(&protocol);
            let plan = session.map_or(Ok(plan.clone()), |session| plan.starting_with(session));
            Ok(Ok((plan.map_err(|why| Failure(format!("{name}: {why}")))?, source)))
        }
        Err(diagnostics) => {
            out.write_all(render(name, &source, &diagnostics, colour()).as_bytes())?;
            Ok(Err(Exit::Findings))
        }
    }
}

/// Colours only on a terminal.
pub(super) fn colour() -> Colour {
    if std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        Colour::Always
    } else {
        Colour::Never
    }
}

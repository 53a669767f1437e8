//! Code in other languages from plans: an encoder and a streaming decoder a protocol.
//!
//! Data flows one way: a [`Plan`] becomes a [`machine`], which decides everything that does not hang on a language; a [`view`] puts it into a
//! language's words; templates print that. A language is a folder with its syntax and templates, and a row in [`LANGUAGES`].

mod c;
mod docs;
mod fuzz;
mod go;
mod java;
mod machine;
mod php;
mod python;
mod rust;
mod syntax;
mod template;
mod term;
mod typescript;
mod view;
mod wireshark;
mod words;

use std::fmt;

use crate::plan::Plan;

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Relative to the output folder, with `/`.
    pub path: String,
    /// Its contents; text is UTF-8 with lines that end with `\n`.
    pub bytes: Vec<u8>,
    /// It is for the user to change: where it is there already, it stays as it is.
    pub kept: bool,
}

impl File {
    fn text(path: String, text: String) -> Self {
        Self { path, bytes: text.into_bytes(), kept: false }
    }
}

/// A language that code is generated in.
pub struct Language {
    /// Its word on the command line.
    pub name: &'static str,
    /// What can be asked for besides the codec.
    pub extras: &'static [Extra],
    generate: fn(&[Plan], &Extras<'_>) -> Result<Vec<File>, GenerateError>,
}

impl fmt::Debug for Language {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.name)
    }
}

/// Something that a language can emit besides the codec.
#[derive(Clone, Copy, Debug)]
pub struct Extra {
    /// Its word on the command line.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
}

/// What there is besides the plans.
#[derive(Debug)]
struct Extras<'a> {
    /// What was asked for.
    names: &'a [&'a str],
    handwritten: &'a [Handwritten<'a>],
}

/// The name of a protocol, and vectors for it that were made by hand, as YAML.
pub type Handwritten<'a> = (&'a str, &'a str);

impl<'a> Extras<'a> {
    fn has(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    fn handwritten(&self, protocol: &str) -> Option<&'a str> {
        self.handwritten.iter().find(|(name, _)| *name == protocol).map(|(_, text)| *text)
    }
}

/// Every language.
pub const LANGUAGES: &[Language] =
    &[c::LANGUAGE, go::LANGUAGE, java::LANGUAGE, php::LANGUAGE, python::LANGUAGE, rust::LANGUAGE, typescript::LANGUAGE];

/// What is generated besides codecs, by the same command.
pub const PROJECTS: &[Language] = &[docs::LANGUAGE, fuzz::LANGUAGE, wireshark::LANGUAGE];

/// A program around the codecs, for the testee protocol.
const TESTEE: Extra = Extra { name: "testee", about: "a testee of FWT/1 over the codecs (conformance/README.md)" };

/// Why nothing is generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenerateError(String);

impl fmt::Display for GenerateError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

impl std::error::Error for GenerateError {}

/// The files of a language for these protocols, in the order of their paths. The same plans give the same files, byte for byte.
///
/// # Errors
///
/// An unknown language or extra; two protocols whose names become the same file.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let spec = b"framewright: 1\nname: ping\nframe:\n  - length: u16 counts body\n  - body: bytes\n";
/// let plan = framewright::plan::lower(&framewright::model::load(spec).map_err(|all| format!("{all:?}"))?);
/// let files = framewright::backends::generate("rust", &[plan], &[])?;
/// assert_eq!(files[0].path, "ping.rs");
/// # Ok(())
/// # }
/// ```
pub fn generate(language: &str, plans: &[Plan], extras: &[&str]) -> Result<Vec<File>, GenerateError> {
    generate_with(language, plans, extras, &[])
}

/// The same with vectors made by hand, which documentation shows.
///
/// # Errors
///
/// As [`generate`]; vectors that cannot be read.
pub fn generate_with(
    language: &str,
    plans: &[Plan],
    extras: &[&str],
    handwritten: &[Handwritten<'_>],
) -> Result<Vec<File>, GenerateError> {
    let all = || LANGUAGES.iter().chain(PROJECTS);
    let Some(found) = all().find(|found| found.name == language) else {
        let all: Vec<&str> = all().map(|language| language.name).collect();
        return Err(GenerateError(format!("no language `{language}`; there are {}", all.join(", "))));
    };
    if let Some(unknown) = extras.iter().find(|extra| !found.extras.iter().any(|known| known.name == **extra)) {
        let all: Vec<&str> = found.extras.iter().map(|extra| extra.name).collect();
        return Err(GenerateError(format!("{language} has no extra `{unknown}`; there are {}", all.join(", "))));
    }
    let mut files = (found.generate)(plans, &Extras { names: extras, handwritten })?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    if let Some(path) = files.windows(2).find_map(|pair| match pair {
        [a, b] if a.path == b.path => Some(&a.path),
        _ => None,
    }) {
        return Err(GenerateError(format!("two protocols would be written to {path}: rename one, or use two folders")));
    }
    Ok(files)
}

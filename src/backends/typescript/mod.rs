//! TypeScript: one ES module a protocol, for Node and browsers.

mod layout;
mod syntax;

use std::collections::BTreeSet;

use serde::Serialize;

use self::syntax::TypeScript;
use super::view::View;
use super::{Extra, Extras, File, GenerateError, Language, TESTEE, template};
use crate::plan::Plan;

pub(super) const LANGUAGE: Language = Language { name: "typescript", extras: EXTRAS, generate };

const EXTRAS: &[Extra] = &[TESTEE];

const TEMPLATES: &[(&str, &str)] = &[
    ("advance_stage.ts.j2", include_str!("templates/advance_stage.ts.j2")),
    ("checksum.ts.j2", include_str!("templates/checksum.ts.j2")),
    ("codec.ts.j2", include_str!("templates/codec.ts.j2")),
    ("decoder.ts.j2", include_str!("templates/decoder.ts.j2")),
    ("encode.ts.j2", include_str!("templates/encode.ts.j2")),
    ("head_stage.ts.j2", include_str!("templates/head_stage.ts.j2")),
    ("nested.ts.j2", include_str!("templates/nested.ts.j2")),
    ("parse_stage.ts.j2", include_str!("templates/parse_stage.ts.j2")),
    ("refuse.ts.j2", include_str!("templates/refuse.ts.j2")),
    ("search.ts.j2", include_str!("templates/search.ts.j2")),
    ("session.ts.j2", include_str!("templates/session.ts.j2")),
    ("slab.ts.j2", include_str!("templates/slab.ts.j2")),
    ("testee.ts.j2", include_str!("templates/testee.ts.j2")),
    ("words.ts.j2", include_str!("templates/words.ts.j2")),
];

/// Functions and constants that a module has where it needs them, with empty lines between them and none inside.
const PARTS: &str = include_str!("parts.ts");

#[derive(Serialize)]
struct Module<'a> {
    version: &'static str,
    #[serde(flatten)]
    view: &'a View,
}

#[derive(Serialize)]
struct Testee<'a> {
    version: &'static str,
    protocols: &'a [View],
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn generate(plans: &[Plan], extras: &Extras<'_>) -> Result<Vec<File>, GenerateError> {
    let views: Vec<View> = plans.iter().map(|plan| View::new(plan, &TypeScript::new(plan))).collect();
    let mut files = Vec::new();
    for view in &views {
        let text = template::render(TEMPLATES, "codec.ts.j2", &Module { version: VERSION, view })?;
        files.push(File::text(
            format!("{}.ts", view.name),
            with_parts(layout::wrapped(&used(&layout::indented(&text)))),
        ));
    }
    if extras.has(TESTEE.name) {
        let text = template::render(TEMPLATES, "testee.ts.j2", &Testee { version: VERSION, protocols: &views })?;
        files.push(File::text("testee.ts".to_owned(), layout::wrapped(&layout::indented(&text))));
    }
    Ok(files)
}

/// Without the variables of those lines that end with `// if used` that the rest of their function does not name.
fn used(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    // What the function at hand names, from its end.
    let mut named = BTreeSet::new();
    for line in text.lines().rev() {
        if line == "}" {
            named.clear();
        }
        let line = match line.strip_suffix(" // if used") {
            Some(declared) => declaration(declared, |name| named.contains(name)),
            None => Some(line.to_owned()),
        };
        let Some(line) = line else { continue };
        named.extend(variables(&line).map(str::to_owned));
        out.push(line);
    }
    out.reverse();
    out.join("\n") + "\n"
}

/// The words of a line that can be variables: no comment's, no string's, no member's, no key's.
fn variables(line: &str) -> impl Iterator<Item = &str> {
    let line = line.trim_start();
    let line = if line.starts_with(['*', '/']) { "" } else { line };
    let code = line.split('"').step_by(2);
    let words = code.flat_map(|code| code.split(|letter: char| !is_word(letter) && letter != '.' && letter != ':'));
    words.filter(|word| !word.ends_with(':')).filter_map(|word| word.split('.').next())
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// `const name = …;` or `const { name, name } = …;` with those names alone that are used; nothing where none is.
fn declaration(line: &str, is_used: impl Fn(&str) -> bool) -> Option<String> {
    let (front, value) = line.split_once(" = ")?;
    let (keyword, names) = front.split_once("const ")?;
    let Some(names) = names.strip_prefix("{ ").and_then(|names| names.strip_suffix(" }")) else {
        return is_used(names).then(|| line.to_owned());
    };
    let names: Vec<&str> = names.split(", ").filter(|name| is_used(name)).collect();
    (!names.is_empty()).then(|| format!("{keyword}const {{ {} }} = {value}", names.join(", ")))
}

/// Adds the parts that the text names, and those that they name.
fn with_parts(text: String) -> String {
    let parts: Vec<(&str, &str)> = PARTS.split("\n\n").filter_map(|part| Some((name(part)?, part.trim()))).collect();
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with(['*', '/'])).collect();
    let mut wanted: Vec<bool> = parts.iter().map(|(name, _)| names(&code, name)).collect();
    loop {
        let more: Vec<bool> = parts
            .iter()
            .zip(&wanted)
            .map(|((name, _), already)| {
                *already || parts.iter().zip(&wanted).any(|((_, part), has)| *has && names(part, name))
            })
            .collect();
        if more == wanted {
            break;
        }
        wanted = more;
    }
    let mut text = text;
    for ((_, part), _) in parts.iter().zip(&wanted).filter(|(_, has)| **has) {
        text.push('\n');
        text.push_str(part);
        text.push('\n');
    }
    text
}

/// What a part declares.
fn name(part: &str) -> Option<&str> {
    let declared = part.lines().find_map(|line| {
        ["function ", "const ", "interface ", "type "].iter().find_map(|keyword| line.strip_prefix(keyword))
    })?;
    declared.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').next()
}

/// Whether a text uses a name: a function by a call, others by their bare name. Names of fields never look like either.
fn names(text: &str, name: &str) -> bool {
    let is_function = name.starts_with(|first: char| first.is_ascii_lowercase());
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back()).unwrap_or(' ');
        let after = text.get(at.saturating_add(name.len())..).and_then(|after| after.chars().next()).unwrap_or(' ');
        !is_word(before) && before != '.' && if is_function { after == '(' } else { !is_word(after) }
    })
}

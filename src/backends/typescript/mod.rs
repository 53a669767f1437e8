//! TypeScript: one ES module a protocol, for Node and browsers.

mod layout;
mod syntax;

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
    ("parse_stage.ts.j2", include_str!("templates/parse_stage.ts.j2")),
    ("refuse.ts.j2", include_str!("templates/refuse.ts.j2")),
    ("search.ts.j2", include_str!("templates/search.ts.j2")),
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
        files.push(File::text(format!("{}.ts", view.name), with_parts(used(&layout::laid_out(&text)))));
    }
    if extras.has(TESTEE.name) {
        let text = template::render(TEMPLATES, "testee.ts.j2", &Testee { version: VERSION, protocols: &views })?;
        files.push(File::text("testee.ts".to_owned(), layout::laid_out(&text)));
    }
    Ok(files)
}

/// Without those lines that end with `// if used` whose variable the rest of their function does not name.
fn used(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::with_capacity(text.len());
    for (index, line) in lines.iter().enumerate() {
        let Some(declared) = line.strip_suffix(" // if used") else {
            out.push_str(line);
            out.push('\n');
            continue;
        };
        let name = declared.trim_start().split(' ').nth(1).unwrap_or_default();
        let rest = lines.get(index.saturating_add(1)..).unwrap_or_default();
        let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let mut function = rest.iter().take_while(|line| **line != "}");
        if function.any(|line| line.split(|letter: char| !word(letter)).any(|each| each == name)) {
            out.push_str(declared);
            out.push('\n');
        }
    }
    out
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
        let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        !word(before) && before != '.' && if is_function { after == '(' } else { !word(after) }
    })
}

//! PHP 8.2: one file a protocol, a namespace of its own in each.

mod format;
mod syntax;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use self::syntax::Php;
use super::syntax::Syntax as _;
use super::view::{View, unique_name};
use super::{Extra, Extras, File, GenerateError, Language, TESTEE, template};
use crate::plan::{Plan, peers::swoole};

pub(super) const LANGUAGE: Language = Language { name: "php", extras: EXTRAS, generate };

const EXTRAS: &[Extra] = &[TESTEE];

const TEMPLATES: &[(&str, &str)] = &[
    ("advance_stage.php.j2", include_str!("templates/advance_stage.php.j2")),
    ("checksum.php.j2", include_str!("templates/checksum.php.j2")),
    ("codec.php.j2", include_str!("templates/codec.php.j2")),
    ("decoder.php.j2", include_str!("templates/decoder.php.j2")),
    ("doc.php.j2", include_str!("templates/doc.php.j2")),
    ("encode.php.j2", include_str!("templates/encode.php.j2")),
    ("field.php.j2", include_str!("templates/field.php.j2")),
    ("parse_stage.php.j2", include_str!("templates/parse_stage.php.j2")),
    ("refuse.php.j2", include_str!("templates/refuse.php.j2")),
    ("session.php.j2", include_str!("templates/session.php.j2")),
    ("testee.php.j2", include_str!("templates/testee.php.j2")),
    ("words.php.j2", include_str!("templates/words.php.j2")),
];

/// Functions that a file has where its text calls them.
const FUNCTIONS: &str = include_str!("functions.php");

const VERSION: &str = env!("CARGO_PKG_VERSION");

#[derive(Serialize)]
struct Module<'a> {
    version: &'static str,
    /// Variables that functions use themselves.
    own: &'static [&'static str],
    /// By the type's name: the constants of the members of an enum that lets other values pass.
    constants: BTreeMap<String, Vec<String>>,
    /// Where Swoole can split the stream.
    swoole: Option<Swoole>,
    #[serde(flatten)]
    view: &'a View,
}

#[derive(Serialize)]
struct Swoole {
    /// An array's literal.
    settings: String,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct Testee<'a> {
    version: &'static str,
    own: &'static [&'static str],
    protocols: &'a [View],
}

fn generate(plans: &[Plan], extras: &Extras<'_>) -> Result<Vec<File>, GenerateError> {
    let php = |plan: &Plan, space: String| Php { space, has_session: !plan.session.is_empty() };
    let views: Vec<View> = plans.iter().map(|plan| View::new(plan, &php(plan, String::new()))).collect();
    let mut files = Vec::new();
    for (plan, view) in plans.iter().zip(&views) {
        let constants = plan.enums.iter().zip(view.enum_names()).map(|(named, name)| {
            let mut taken = BTreeSet::new();
            let members =
                named.members.iter().map(|(_, member)| unique_name(Php::default().constant(member), &mut taken));
            (name.to_owned(), members.collect())
        });
        let swoole = swoole::settings(plan)
            .ok()
            .map(|configured| Swoole { settings: configured.settings.to_string(), notes: configured.notes });
        let module = Module { version: VERSION, own: syntax::OWN, constants: constants.collect(), swoole, view };
        let text = format::formatted(&template::render(TEMPLATES, "codec.php.j2", &module)?);
        files.push(File::text(format!("{}.php", view.type_name), with_functions(text)));
    }
    if extras.has(TESTEE.name) {
        let space = |view: &View| format!("\\Framewright\\{}\\", view.type_name);
        let named = plans.iter().zip(&views);
        let views: Vec<View> = named.map(|(plan, view)| View::new(plan, &php(plan, space(view)))).collect();
        let testee = Testee { version: VERSION, own: syntax::OWN, protocols: &views };
        let text = template::render(TEMPLATES, "testee.php.j2", &testee)?;
        files.push(File::text("testee.php".to_owned(), format::formatted(&text)));
    }
    Ok(files)
}

/// The text, with the functions behind it that it calls, and those that they call.
fn with_functions(text: String) -> String {
    let functions: Vec<&str> = FUNCTIONS.split("\n/**\n").skip(1).collect();
    let mut called = BTreeSet::new();
    loop {
        let calling = called.iter().filter_map(|index: &usize| functions.get(*index).copied()).chain([text.as_str()]);
        let calling: Vec<&str> = calling.collect();
        let is_called = |function: &str| {
            let name = function.split_once("\nfunction ").and_then(|(_, rest)| rest.split_once('('));
            name.is_some_and(|(name, _)| calling.iter().any(|text| calls(text, name)))
        };
        let found: BTreeSet<usize> =
            functions.iter().enumerate().filter(|(_, function)| is_called(function)).map(|(index, _)| index).collect();
        if found.len() == called.len() {
            break;
        }
        called = found;
    }
    let mut text = text;
    for function in called.into_iter().filter_map(|index| functions.get(index)) {
        text.push_str("\n/**\n");
        text.push_str(function.trim_end());
        text.push('\n');
    }
    text
}

fn calls(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at.saturating_add(name.len())..).and_then(|after| after.chars().next());
        let inside = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '$' | '>' | ':');
        after == Some('(') && !before.is_some_and(inside)
    })
}

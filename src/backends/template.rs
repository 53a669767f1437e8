//! Templates: minijinja with undefined names as errors, and the filters that all languages share.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use serde::Serialize;

use super::{GenerateError, words};

/// Renders a template; the others of the language can be included or imported by their names.
pub(super) fn render(
    templates: &[(&'static str, &'static str)],
    name: &str,
    context: &impl Serialize,
) -> Result<String, GenerateError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.add_filter("prefixed", prefixed);
    environment.add_filter("hex", hex);
    environment.add_filter("snake", |name: String| words::snake(&name));
    environment.add_filter("upper_snake", |name: String| words::upper(&name));
    environment.add_filter("camel", |name: String| words::camel(&name));
    environment.add_filter("pascal", |name: String| words::pascal(&name));
    let failed = |error: minijinja::Error| {
        let causes = std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source());
        let causes: Vec<String> = causes.map(ToString::to_string).collect();
        GenerateError(format!("template {name}: {}", causes.join(": ")))
    };
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    environment.set_syntax(syntax.map_err(failed)?);
    for (name, source) in templates {
        environment.add_template(name, source).map_err(failed)?;
    }
    environment.get_template(name).and_then(|template| template.render(Value::from(Serde(context)))).map_err(failed)
}

/// Text broken into lines of at most `width` columns, each behind `prefix`. Nothing of no text.
fn prefixed(text: String, prefix: String, width: usize) -> String {
    let room = width.saturating_sub(prefix.chars().count());
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.chars().count().saturating_add(1).saturating_add(word.chars().count()) > room {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    let lines = lines.iter().map(|line| format!("{prefix}{line}").trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// Two lower-case hex digits.
fn hex(byte: u8) -> String {
    format!("{byte:02x}")
}

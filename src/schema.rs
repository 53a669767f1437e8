//! A JSON Schema of specs, for editors: made of the tables that the parser reads with, so that both know the same keys and words.
//!
//! It is of draft 7, which every version of the YAML language server reads; it needs nothing newer. It refuses no spec that
//! [`load`](crate::model::load) takes. What only the whole file tells (names, sizes, conditions) is left to `framewright check`.

use serde_json::{Value, json};

use crate::model::grammar::{
    ENTRY, FIELD, Key, MATCH, MODIFIERS, Modifier, OF_PART, OF_SESSION, PARTS, PIECES, Piece, SPEC, TYPES, Takes, Type,
    VALUES,
};

/// The schema as a file.
#[must_use]
pub fn text() -> String {
    format!("{:#}\n", schema())
}

fn schema() -> Value {
    let reserved: Vec<&str> = ENTRY.iter().map(|key| key.word).chain(["frame"]).collect();
    let all: Vec<&Modifier> = MODIFIERS.iter().collect();
    let (of_part, of_session) = (behind(OF_PART), behind(OF_SESSION));
    let spec = json!({ "$schema": "http://json-schema.org/draft-07/schema#" });
    let spec = map(spec, "A wire protocol, as framewright reads it (spec/README.md)", SPEC);
    let entries = "Entries that are there by the value of an earlier integer (spec/README.md#bodies-by-a-value-match)";
    let definitions = json!({
        "entry": {
            "description": "A field by its name, or `bits`, or `check`",
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "properties": properties(ENTRY),
            "propertyNames": { "pattern": whole("FIELD"), "not": { "const": "frame" } },
            "additionalProperties": {
                "anyOf": [{ "$ref": "#/definitions/phrase" }, field(&all, "phrase"), map(json!({}), entries, MATCH)],
            },
        },
        "part": {
            "description": "A part of a bit group by its name",
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "propertyNames": { "pattern": whole("FIELD"), "not": { "enum": reserved } },
            "additionalProperties": { "anyOf": [{ "$ref": "#/definitions/width" }, field(&of_part, "width")] },
        },
        "carried": {
            "description": "A value of the session by its name",
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "propertyNames": { "pattern": whole("FIELD"), "not": { "enum": reserved } },
            "additionalProperties": { "anyOf": [{ "$ref": "#/definitions/value" }, field(&of_session, "value")] },
        },
        "phrase": phrase(TYPES),
        "value": phrase(VALUES),
        "width": phrase(PARTS),
    });
    with(spec, "definitions", definitions)
}

fn with(mut schema: Value, keyword: &str, value: Value) -> Value {
    if let Some(object) = schema.as_object_mut() {
        object.insert(keyword.to_owned(), value);
    }
    schema
}

/// Of a map with these keys and no other.
fn map(schema: Value, doc: &str, keys: &[Key]) -> Value {
    let required: Vec<&str> = keys.iter().filter(|key| key.required.is_some()).map(|key| key.word).collect();
    let schema = with(with(schema, "description", json!(doc)), "type", json!("object"));
    let schema = if required.is_empty() { schema } else { with(schema, "required", json!(required)) };
    with(with(schema, "properties", properties(keys)), "additionalProperties", json!(false))
}

fn properties(keys: &[Key]) -> Value {
    keys.iter().map(|key| (key.word, value(&key.takes, &documented(key.doc, key.section)))).collect()
}

fn documented(doc: &str, section: &str) -> String {
    format!("{doc} (spec/README.md#{section})")
}

fn value(takes: &Takes, doc: &str) -> Value {
    let schema = json!({ "description": doc });
    match takes {
        Takes::Version => with(schema, "enum", json!([1, "1"])),
        Takes::Text => with(schema, "type", json!(["string", "number", "boolean", "null"])),
        Takes::Name(piece) => with(like(schema, piece), "pattern", json!(whole(piece))),
        Takes::Like(syntax) => like(schema, syntax),
        Takes::Words(rows) => {
            let (words, docs): (Vec<String>, Vec<String>) = rows().into_iter().unzip();
            with(with(schema, "enum", json!(words)), "enumDescriptions", json!(docs))
        }
        Takes::Map(keys) => map(schema, doc, keys),
        Takes::Enums => {
            let members = json!({ "description": "Values and their names; `_` names all others, which then pass", "minProperties": 1 });
            let member = value(&Takes::Name("MEMBER"), "Name of the value");
            // A number, `_`, or any text: whether it is quoted no schema can tell.
            by_name(schema, whole("ENUM"), by_name(members, r"^[\s\S]{1,64}$".to_owned(), member))
        }
        Takes::Entries => list(schema, 1, "entry"),
        Takes::Session => list(schema, 1, "carried"),
        Takes::Parts => list(schema, 1, "part"),
        Takes::Arms => {
            let entries = json!({ "description": "The entries for these values; `_` stands for all others" });
            let values = pattern(r#"(N | MEMBER | "_") ("|" (N | MEMBER | "_"))*"#);
            by_name(schema, values, list(entries, 0, "entry"))
        }
        // What stands beside a reference does not count.
        Takes::Phrase => json!({ "$ref": "#/definitions/phrase" }),
    }
}

/// Of a map with such keys.
fn by_name(schema: Value, names: String, values: Value) -> Value {
    let names = json!({ "pattern": names });
    with(with(with(schema, "type", json!("object")), "propertyNames", names), "additionalProperties", values)
}

fn list(schema: Value, least: u8, of: &str) -> Value {
    let items = json!({ "$ref": format!("#/definitions/{of}") });
    with(with(with(schema, "type", json!("array")), "minItems", json!(least)), "items", items)
}

/// Text of a syntax; where it can be one piece alone, also what YAML may take that for.
fn like(schema: Value, syntax: &str) -> Value {
    let (first, rest) = piece(syntax);
    let alone = rest.is_empty() || rest.starts_with('[') || rest.starts_with(" |");
    let others = first.filter(|_| alone).map_or(&[][..], |piece| piece.or);
    let kinds: Vec<&str> = ["string"].iter().chain(others).copied().collect();
    with(with(schema, "type", json!(kinds)), "pattern", json!(pattern(syntax)))
}

/// A field as a map.
fn field(modifiers: &[&Modifier], phrase: &str) -> Value {
    let mut keys = properties(FIELD);
    for row in modifiers {
        let doc = json!({ "description": documented(row.doc, row.section) });
        keys = with(keys, row.key(), like(doc, row.takes));
    }
    let keys = with(keys, "type", json!({ "$ref": format!("#/definitions/{phrase}") }));
    with(
        map(json!({}), "A field: its type, and modifiers as keys (spec/README.md#the-language)", FIELD),
        "properties",
        keys,
    )
}

/// A type and its modifiers in one line: a form for each type, so that an editor shows what is said of that one.
fn phrase(types: &[Type]) -> Value {
    let forms = types.iter().map(|row| {
        let modifiers = behind(row.modifiers);
        let lines = modifiers.iter().map(|each| format!("\n{}: {}", each.word, each.doc));
        json!({
            "description": documented(row.doc, row.section) + &lines.collect::<String>(),
            "type": "string",
            "pattern": phrase_pattern(row, &modifiers),
            "patternErrorMessage": "Not a type and its modifiers: `framewright check` says what is wrong",
            "examples": [row.example],
        })
    });
    json!({ "anyOf": forms.collect::<Vec<Value>>() })
}

fn behind(words: &[&str]) -> Vec<&'static Modifier> {
    MODIFIERS.iter().filter(|row| words.contains(&row.word)).collect()
}

fn phrase_pattern(row: &Type, modifiers: &[&Modifier]) -> String {
    // An expression can begin with a bracket, which is no part of the word before it.
    let space = |each: &Modifier| if each.takes == "EXPR" { r"(?=\s)" } else { "" };
    let modifier = |each: &&Modifier| {
        let (word, takes) = (expression(&format!("\"{}\"", each.word)), expression(&format!(" ({})", each.takes)));
        format!("{word}{}{takes}", space(each))
    };
    let modifiers = modifiers.iter().map(modifier);
    let modifiers = modifiers.collect::<Vec<String>>().join("|");
    let modifiers = if modifiers.is_empty() { modifiers } else { format!(r"(?:\s*(?:{modifiers}))*") };
    format!(r"^\s*(?:{}){modifiers}\s*$", expression(row.syntax))
}

/// The expression of a text, with space around it or without.
fn pattern(syntax: &str) -> String {
    format!(r"^\s*(?:{})\s*$", expression(syntax))
}

/// The expression of a text without space around it.
fn whole(syntax: &str) -> String {
    format!("^(?:{})$", expression(syntax))
}

/// The regular expression of a syntax.
fn expression(syntax: &str) -> String {
    let mut expression = String::new();
    let mut rest = syntax;
    while let Some(next) = rest.chars().next() {
        if let (Some(piece), behind) = piece(rest) {
            expression.push_str(&format!("(?:{})", piece.pattern));
            rest = behind;
            continue;
        }
        rest = rest.get(next.len_utf8()..).unwrap_or_default();
        match next {
            // The space before a group belongs to it, so that no space can be matched in two ways.
            ' ' if rest.starts_with(['(', '[']) => {
                expression.push_str(r"(?:\s*(?:");
                rest = rest.get(1..).unwrap_or_default();
            }
            ' ' if rest.starts_with('|') => {}
            ' ' => expression.push_str(r"\s*"),
            '|' => {
                expression.push('|');
                rest = rest.trim_start();
            }
            '"' => {
                let (words, behind) = rest.split_once('"').unwrap_or((rest, ""));
                let words: Vec<String> = words.split(' ').map(literal).collect();
                expression.push_str(&words.join(r"\s*"));
                rest = behind;
            }
            '(' | '[' => expression.push_str("(?:(?:"),
            ')' => expression.push_str("))"),
            ']' => expression.push_str("))?"),
            other => expression.push(other),
        }
    }
    expression
}

/// The piece that a syntax begins with, and what follows.
fn piece(syntax: &str) -> (Option<&'static Piece>, &str) {
    let end = syntax.find(|each: char| !each.is_ascii_uppercase()).unwrap_or(syntax.len());
    let (name, rest) = syntax.split_at(end);
    (PIECES.iter().find(|piece| piece.name == name), rest)
}

/// A word as it is: no other begins or ends within it.
fn literal(word: &str) -> String {
    let edge = |each: Option<char>| if each.is_some_and(|each| each.is_ascii_alphanumeric()) { r"\b" } else { "" };
    let escaped = |each: char| match each {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '=' => each.to_string(),
        other => format!("\\{other}"),
    };
    let text: String = word.chars().map(escaped).collect();
    // Behind a bracket no word begins.
    let behind = if word.ends_with(']') { r"(?=\s|$)" } else { edge(word.chars().next_back()) };
    format!("{}{text}{behind}", edge(word.chars().next()))
}

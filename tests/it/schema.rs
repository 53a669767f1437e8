//! The JSON Schema of specs: it takes what the parser takes, and refuses unknown keys and wrong shapes.

use std::collections::BTreeSet;
use std::path::Path;

use framewright::diag::{Code, Diagnostic};
use framewright::yaml::{self, Node, NodeKind};
use framewright::{model, schema};
use jsonschema::Validator;
use serde_json::{Map, Value as Json, json};
use serde_yaml::Value as Yaml;

use crate::diagnostics::{examples, files};
use crate::random_specs::spec;

/// Mistakes that need nothing but the place where they stand.
const SHAPES: &[Code] =
    &[Code::FW010, Code::FW011, Code::FW012, Code::FW013, Code::FW014, Code::FW016, Code::FW018, Code::FW019];

fn validator() -> Validator {
    let schema: Json = serde_json::from_str(&schema::text()).unwrap();
    jsonschema::draft7::new(&schema).unwrap()
}

/// What an editor makes of YAML: keys are text, scalars what YAML's core schema says.
fn json(value: Yaml) -> Json {
    match value {
        Yaml::Null => Json::Null,
        Yaml::Bool(value) => value.into(),
        Yaml::Number(number) => serde_json::to_value(number).unwrap(),
        Yaml::String(text) => text.into(),
        Yaml::Sequence(values) => values.into_iter().map(json).collect(),
        Yaml::Mapping(pairs) => {
            let key = |key: Yaml| match json(key) {
                Json::String(text) => text,
                other => other.to_string(),
            };
            Json::Object(pairs.into_iter().map(|(name, value)| (key(name), json(value))).collect())
        }
        Yaml::Tagged(tagged) => json(tagged.value),
    }
}

fn read(source: &[u8]) -> Json {
    json(serde_yaml::from_slice(source).unwrap())
}

/// Every spec that ships, and the mended example of every code's page.
fn specs() -> Vec<(String, Json)> {
    let folders = ["spec", "spec/lfbfd", "conformance/codecs/specs"];
    let written = folders.iter().flat_map(|folder| files(folder, "yaml"));
    let mended = Code::ALL.iter().filter_map(|code| {
        Some((format!("the page of {}", code.id()), examples(code.page()).into_iter().nth(1)?.into_bytes()))
    });
    let mended = written.chain(mended).chain([("starter".to_owned(), STARTER.replace("NAME", "starter").into_bytes())]);
    mended.map(|(name, source)| (name, read(&source))).collect()
}

const STARTER: &str = include_str!("../../src/cli/starter.yaml");

/// Random numbers that are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

fn random_specs(count: usize) -> Vec<(String, Json)> {
    let mut random = Random(7);
    let spec = |index| {
        let choices: Vec<u8> = (0..160).map(|_| random.below(256) as u8).collect();
        let (text, _) = spec::protocol(&choices, 255).unwrap();
        (format!("random spec {index}\n{text}"), read(text.as_bytes()))
    };
    (0..count).map(spec).collect()
}

#[test]
fn the_file_is_fresh() {
    let file = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/schema.json")).unwrap();
    assert!(file == schema::text(), "cargo run -- schema > spec/schema.json");
}

#[test]
fn it_is_a_schema_and_its_links_lead_somewhere() {
    let text = schema::text();
    let schema: Json = serde_json::from_str(&text).unwrap();
    jsonschema::draft7::meta::validate(&schema).unwrap();
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/README.md")).unwrap();
    let heading = |line: &str| {
        let letters = line.trim_start_matches('#').trim().to_lowercase();
        letters.replace(' ', "-").replace(|each: char| !each.is_ascii_alphanumeric() && each != '-', "")
    };
    let sections: BTreeSet<String> = page.lines().filter(|line| line.starts_with('#')).map(heading).collect();
    let links: BTreeSet<&str> =
        text.split("spec/README.md#").skip(1).map(|rest| rest.split_once(')').unwrap().0).collect();
    let dead: Vec<&&str> = links.iter().filter(|link| !sections.contains(**link)).collect();
    assert!(links.len() > 10 && dead.is_empty(), "{dead:?}");
}

#[test]
fn every_valid_spec_is_valid_under_it() {
    let validator = validator();
    for (name, spec) in specs().iter().chain(&random_specs(300)) {
        let errors: Vec<String> = validator.iter_errors(spec).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
}

fn strings<'j>(value: &'j Json, keys: &mut BTreeSet<&'j str>, texts: &mut BTreeSet<&'j str>) {
    match value {
        Json::Object(pairs) => {
            for (key, value) in pairs {
                keys.insert(key);
                strings(value, keys, texts);
            }
        }
        Json::Array(values) => values.iter().for_each(|value| strings(value, keys, texts)),
        Json::String(text) => _ = texts.insert(text),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// The keys that a schema lists, and the forms of its phrases.
fn rows<'j>(schema: &'j Json, keys: &mut BTreeSet<&'j str>, forms: &mut Vec<&'j Json>) {
    let inner: Vec<&Json> = match schema {
        Json::Object(pairs) => {
            keys.extend(schema["properties"].as_object().into_iter().flatten().map(|(key, _)| key.as_str()));
            forms.extend(schema.get("examples").map(|_| schema));
            pairs.values().collect()
        }
        Json::Array(values) => values.iter().collect(),
        _ => Vec::new(),
    };
    inner.into_iter().for_each(|each| rows(each, keys, forms));
}

#[test]
fn every_key_and_every_type_of_it_occurs_in_some_spec() {
    let schema: Json = serde_json::from_str(&schema::text()).unwrap();
    let (mut listed, mut forms) = (BTreeSet::new(), Vec::new());
    rows(&schema, &mut listed, &mut forms);
    let all: Vec<(String, Json)> = specs().into_iter().chain(random_specs(300)).collect();
    let (mut keys, mut texts) = (BTreeSet::new(), BTreeSet::new());
    all.iter().for_each(|(_, spec)| strings(spec, &mut keys, &mut texts));
    assert_eq!(listed.difference(&keys).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert!(forms.len() > 10);
    for form in forms {
        let validator = jsonschema::draft7::new(form).unwrap();
        assert!(validator.is_valid(&form["examples"][0]), "{form:#}");
        assert!(texts.iter().any(|text| validator.is_valid(&json!(text))), "{form:#}");
    }
}

/// The keys and indices that lead to a place.
fn path(node: &Node, at: usize) -> String {
    let has = |node: &Node| (node.span.start..=node.span.end).contains(&at);
    match &node.kind {
        NodeKind::Map(pairs) => pairs
            .iter()
            .find(|(key, value)| has(key) || has(value))
            .and_then(|(key, value)| match &key.kind {
                NodeKind::Scalar { text, .. } => Some(format!("/{text}{}", path(value, at))),
                _ => None,
            })
            .unwrap_or_default(),
        NodeKind::Seq(values) => {
            let found = values.iter().enumerate().find(|(_, value)| has(value));
            found.map(|(index, value)| format!("/{index}{}", path(value, at))).unwrap_or_default()
        }
        NodeKind::Scalar { .. } => String::new(),
    }
}

/// Whether it is a mistake of `SHAPES`. That a frame can be empty only the whole file shows.
fn is_shape(mistake: &Diagnostic) -> bool {
    SHAPES.contains(&mistake.code) && !mistake.message.contains("can be empty")
}

#[test]
fn mistakes_of_keys_and_shapes_are_refused_where_they_stand() {
    let validator = validator();
    let mut passed = Vec::new();
    let mut refused = BTreeSet::new();
    for (name, source) in files("tests/specs/err", "yaml") {
        let (Some(tree), Ok(spec)) = (yaml::parse(&source).0, serde_yaml::from_slice(&source)) else { continue };
        let spec = json(spec);
        let places: Vec<String> = validator.iter_errors(&spec).map(|error| error.instance_path().to_string()).collect();
        let found: Vec<Diagnostic> = model::load(&source).err().unwrap_or_default();
        for mistake in found.iter().filter(|mistake| is_shape(mistake)) {
            let path = path(&tree, mistake.span.start);
            // Of the file as a whole only what is wrong with its keys.
            let covers =
                |place: &String| path.starts_with(place) && (!place.is_empty() || path.matches('/').count() <= 1);
            if places.iter().any(covers) {
                refused.insert(mistake.code);
            } else {
                passed.push(format!("{name}: {} {path}: {}; {places:?}", mistake.code.id(), mistake.message));
            }
        }
    }
    assert_eq!(refused, SHAPES.iter().copied().collect());
    assert_eq!(passed, Vec::<String>::new());
}

/// The value with one thing changed: where, is at random.
fn mutated(value: &Json, random: &mut Random) -> Json {
    let deeper = |len: usize, random: &mut Random| len > 0 && random.below(4) > 0;
    match value {
        Json::Object(pairs) if deeper(pairs.len(), random) => {
            let chosen = random.below(pairs.len());
            let change = |(index, (key, value)): (usize, (&String, &Json))| {
                (key.clone(), if index == chosen { mutated(value, random) } else { value.clone() })
            };
            Json::Object(pairs.iter().enumerate().map(change).collect())
        }
        Json::Array(values) if deeper(values.len(), random) => {
            let mut values = values.clone();
            let chosen = random.below(values.len());
            values[chosen] = mutated(&values[chosen], random);
            Json::Array(values)
        }
        Json::Object(pairs) => {
            let mut pairs: Vec<(String, Json)> = pairs.clone().into_iter().collect();
            let chosen = random.below(pairs.len().max(1));
            match random.below(4) {
                0 => pairs.push(("surplus".to_owned(), json!("u8"))),
                1 if !pairs.is_empty() => _ = pairs.remove(chosen),
                2 if !pairs.is_empty() => pairs[chosen].0.insert(random.below(2), 'x'),
                _ => return wrong_kind(random),
            }
            Json::Object(pairs.into_iter().collect::<Map<String, Json>>())
        }
        Json::String(text) if random.below(4) > 0 => json!(other_text(text, random)),
        Json::Array(_) | Json::String(_) | Json::Null | Json::Bool(_) | Json::Number(_) => wrong_kind(random),
    }
}

fn wrong_kind(random: &mut Random) -> Json {
    let kinds = [json!([]), json!({}), json!(""), json!("u8"), json!(7), json!(true), json!(null), json!(["u8"])];
    kinds[random.below(kinds.len())].clone()
}

/// A text with a word left out, doubled, joined to the next or put elsewhere, or a letter changed.
fn other_text(text: &str, random: &mut Random) -> String {
    let mut words: Vec<&str> = text.split(' ').collect();
    let (one, other) = (random.below(words.len()), random.below(words.len()));
    match random.below(5) {
        0 => _ = words.remove(one),
        1 => words.insert(one, words[other]),
        2 => words.swap(one, other),
        3 => return text.replacen(' ', "", 1),
        _ => {
            let mut letters: Vec<char> = text.chars().collect();
            let at = random.below(letters.len().max(1));
            let letter = ['"', '=', '.', '_', '0', 'x', ' ', '-', '[', 'b'][random.below(10)];
            match letters.get_mut(at) {
                Some(place) if random.below(2) == 0 => *place = letter,
                _ => letters.insert(at, letter),
            }
            return letters.into_iter().collect();
        }
    }
    words.join(" ")
}

/// JSON is YAML, so that the parser reads what the validator sees.
#[test]
fn of_specs_with_one_change_it_refuses_wrong_shapes_and_nothing_that_the_parser_takes() {
    let validator = validator();
    let mut random = Random(1);
    let (mut taken, mut shapes, mut faults) = (0, 0, Vec::new());
    for (name, spec) in specs().iter().chain(&random_specs(300)) {
        for _ in 0..20 {
            let spec = mutated(spec, &mut random);
            let found = model::load(spec.to_string().as_bytes()).err().unwrap_or_default();
            let shape = found.iter().find(|mistake| is_shape(mistake));
            taken += usize::from(found.is_empty());
            shapes += usize::from(shape.is_some());
            let name = name.lines().next().unwrap_or_default();
            if found.is_empty() {
                faults.extend(validator.iter_errors(&spec).map(|error| format!("{name}: valid, but {error}")));
            } else if let Some(mistake) = shape.filter(|_| validator.is_valid(&spec)) {
                let text = spec.to_string();
                let from = mistake.span.start.saturating_sub(90);
                let place = text.get(from..mistake.span.end).unwrap_or_default();
                faults.push(format!("{name}: {} {}: {place}", mistake.code.id(), mistake.message));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(taken > 500 && shapes > 2000, "{taken} taken, {shapes} of a wrong shape");
}

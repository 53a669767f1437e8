//! The specs that ship with framewright, and their hand-written vectors; known failures of the decoders inside the binary.

use include_dir::{Dir, include_dir};

static SPECS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/spec");
static HANDWRITTEN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/conformance/handwritten");
static KNOWN_FAILURES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/conformance/known-failures");

/// Every spec by its protocol's name, with its text, in the order of the names.
#[must_use]
pub fn specs() -> Vec<(String, &'static str)> {
    let mut specs: Vec<(String, &'static str)> =
        files(&SPECS).filter_map(|(path, text)| Some((path.strip_suffix(".yaml")?.replace('/', "-"), text))).collect();
    specs.sort();
    specs
}

/// The spec of a protocol.
#[must_use]
pub fn spec(name: &str) -> Option<&'static str> {
    specs().into_iter().find(|(each, _)| each == name).map(|(_, text)| text)
}

/// The hand-written vectors of a protocol that ships, as YAML. A spec of somebody's own that has its name has none.
#[must_use]
pub fn handwritten(protocol: &str, source: &[u8]) -> Option<&'static str> {
    spec(protocol).filter(|text| text.as_bytes() == source)?;
    HANDWRITTEN.get_file(format!("{protocol}.yaml")).and_then(|file| file.contents_utf8())
}

/// The known failures of a decoder inside the binary, as YAML.
#[must_use]
pub fn known_failures(testee: &str) -> Option<&'static str> {
    KNOWN_FAILURES.get_file(format!("{testee}.yaml")).and_then(|file| file.contents_utf8())
}

fn files<'d>(dir: &'d Dir<'d>) -> Box<dyn Iterator<Item = (String, &'d str)> + 'd> {
    let here = dir.files().filter_map(|file| Some((file.path().to_str()?.to_owned(), file.contents_utf8()?)));
    Box::new(here.chain(dir.dirs().flat_map(files)))
}

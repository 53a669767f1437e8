//! The first line: what a testee says of itself.

use crate::runner::{About, Checks};

/// A testee's answer to `fwt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hello {
    /// It serves the protocol.
    Serves(About),
    /// It does not, for this reason.
    Skips(String),
}

impl Hello {
    /// Reads the line.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(line: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(line).map_err(|_| "the first line is not UTF-8".to_owned())?;
        if let Some(reason) = text.strip_prefix("skip") {
            return Ok(Self::Skips(reason.trim().to_owned()));
        }
        let Some(words) = text.strip_prefix("fwt 1") else {
            return Err(format!(
                "the first line must be `fwt 1 …` or `skip …`, not `{}`",
                crate::runner::reply::clip(text)
            ));
        };
        let mut about = About::default();
        let mut emits = false;
        for (key, value) in words.split_whitespace().filter_map(|word| word.split_once('=')) {
            match (key, value) {
                ("version", version) => about.version = version.to_owned(),
                ("language", language) => about.language = language.to_owned(),
                ("emits", "frame" | "fields") => {
                    emits = true;
                    about.fields = value == "fields";
                }
                ("ops", ops) => (about.decodes, about.encodes) = (ops.contains('d'), ops.contains('e')),
                ("checks", "all") => about.checks = Checks::All,
                ("checks", "framing") => about.checks = Checks::Framing,
                ("emits" | "checks", value) => return Err(format!("the first line has an unknown `{key}={value}`")),
                _ => {}
            }
        }
        if !emits {
            return Err("the first line lacks `emits=frame` or `emits=fields`".to_owned());
        }
        if !about.decodes && !about.encodes {
            return Ok(Self::Skips("it neither decodes nor encodes: `ops` is d, e or de".to_owned()));
        }
        Ok(Self::Serves(about))
    }
}

//! What a mistake took from the file, so that nothing more is said of its uses: one mistake, one diagnostic.

use std::collections::BTreeSet;

/// Names about which nothing is known any more.
#[derive(Clone, Debug, Default)]
pub(super) struct Refused {
    names: BTreeSet<String>,
    /// A field is there whose name is not known.
    pub(super) some_field: bool,
    /// An enum is there whose name is not known.
    pub(super) some_enum: bool,
}

impl Refused {
    /// A mistake was found in this field or enum.
    pub(super) fn add(&mut self, name: &str) {
        self.names.insert(name.to_owned());
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.names.contains(name)
    }
}

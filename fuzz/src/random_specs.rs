//! The generators of `tests/it/random_specs`.

#[path = "../../tests/it/random_specs/frames.rs"]
pub(crate) mod frames;
#[path = "../../tests/it/random_specs/holds.rs"]
pub(crate) mod holds;
#[path = "../../tests/it/random_specs/spec.rs"]
pub(crate) mod spec;
#[path = "../../tests/it/random_specs/tape.rs"]
pub(crate) mod tape;

//! The generators of `tests/it/random_specs`.

#[path = "../it/random_specs/frames.rs"]
pub(crate) mod frames;
#[path = "../it/random_specs/spec.rs"]
pub(crate) mod spec;
#[path = "../it/random_specs/tape.rs"]
pub(crate) mod tape;

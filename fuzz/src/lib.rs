//! What the fuzz targets do, each in a function of an input.

pub mod generated;
#[path = "../../tests/it/naive/mod.rs"]
mod naive;
mod random_specs;
pub mod targets;

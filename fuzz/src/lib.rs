//! What the fuzz targets do, each in a function of an input.

mod capture;
pub mod generated;
#[path = "../../tests/it/naive/mod.rs"]
mod naive;
mod random_specs;
#[path = "../../conformance/codecs/rust/src/subjects.rs"]
mod subjects;
pub mod targets;

include!(concat!(env!("OUT_DIR"), "/framewright.rs"));

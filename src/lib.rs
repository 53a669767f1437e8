//! One YAML file describes a wire protocol; framewright derives codecs from it and runs any decoder through every way of
//! splitting its bytes.

pub mod catalogue;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diag;
pub mod interp;
pub mod model;
pub mod oracle;
pub mod plan;
pub mod report;
pub mod runner;
pub mod segment;
pub mod value;
pub mod vector;
pub mod yaml;

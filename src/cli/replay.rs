//! `framewright replay`

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::testees::{self, Testee};
use super::{Exit, Failure, Outcome, files, test};
use crate::plan::framing;
use crate::runner::embedded::Embedded;
use crate::runner::{Meaning, Program, answer_one};
use crate::segment::Segmentation;
use crate::vector::{Vector, sweep};
use crate::{catalogue, report};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A vector's id and cuts of its stream, as a report prints them: hw057:3,4,9
    #[arg(value_name = "ID:CUTS")]
    case: String,
    /// The spec of the vector; all that ship are looked through where it is left out
    #[arg(long, value_name = "SPEC")]
    spec: Option<String>,
    /// reference, tokio-util, or a name of the testees' file
    #[arg(long, value_name = "NAME", default_value = "reference")]
    testee: String,
    /// The testees' file
    #[arg(long, value_name = "FILE", default_value = testees::FILE)]
    testees_file: PathBuf,
    /// A program that speaks FWT/1
    #[arg(last = true, value_name = "CMD")]
    command: Vec<String>,
}

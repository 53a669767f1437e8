//! `framewright replay`

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use super::testees::{self, Testee};
use super::{Exit, Failure, Outcome, files};
use crate::plan::{framing, lower};
use crate::runner::{Meaning, Program, replay};
use crate::segment::Segmentation;
use crate::value::from_hex;
use crate::{catalogue, model, vector};

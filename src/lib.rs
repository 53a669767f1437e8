//! One YAML file describes a wire protocol; framewright derives codecs from it and runs any decoder through every way of
//! splitting its bytes.
//!
//! ```
//! use std::sync::Arc;
//!
//! use framewright::interp::{self, Class, End, Event};
//!
//! let spec = "\
//! framewright: 1
//! name: ping
//! frame:
//!   - magic: u16 = 0xF00D
//!   - length: u16 counts body
//!   - body: bytes
//! ";
//! let protocol = framewright::model::load(spec.as_bytes()).expect("a spec without mistakes");
//! let plan = Arc::new(framewright::plan::lower(&protocol));
//!
//! // f0 0d | 00 02 | 68 69 is a frame; f0 0e is refused at its second byte, the eighth of the stream.
//! let outcome = interp::decode(&plan, &[0xf0, 0x0d, 0, 2, b'h', b'i', 0xf0, 0x0e]);
//! let [Event::Frame(frame), refused] = outcome.events.as_slice() else { panic!("{outcome:?}") };
//! assert_eq!((frame.start, frame.end), (0, 6));
//! assert_eq!(*refused, Event::Reject { class: Class::BadConst, at: 7 });
//! assert_eq!(outcome.end, End::Rejected);
//!
//! // The encoder computes constants and lengths.
//! let fields = interp::inputs(&plan, &frame.fields);
//! assert_eq!(interp::encode(&plan, &fields), Ok(vec![0xf0, 0x0d, 0, 2, b'h', b'i']));
//! ```
//!
//! [`testing::prove`] runs a decoder of your own through all of it in a test of five lines.

pub mod backends;
pub mod build;
#[cfg(feature = "capture")]
pub mod capture;
pub mod catalogue;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diag;
pub mod fuzz;
pub mod interp;
pub mod model;
pub mod oracle;
pub mod plan;
pub mod report;
pub mod runner;
pub mod schema;
pub mod segment;
pub mod testing;
pub mod value;
pub mod vector;
pub mod yaml;

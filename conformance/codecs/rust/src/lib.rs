//! Generated codecs of every protocol that ships.

pub mod subjects;

include!(concat!(env!("OUT_DIR"), "/framewright.rs"));

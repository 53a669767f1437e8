//! Generated codecs of every protocol that ships.

include!(concat!(env!("OUT_DIR"), "/framewright.rs"));

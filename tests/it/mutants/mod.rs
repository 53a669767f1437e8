//! Decoders with planted faults, and which family of segmentations finds which.

mod delimiter;
mod faults;
mod length;
mod proof;
mod table;

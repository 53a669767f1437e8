//! Decoders inside the binary.

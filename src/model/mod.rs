//! The validated protocol.

//! Captures and what must hold of them, of `tests/it/capture`.

#[path = "../../tests/it/capture/scenario.rs"]
pub(crate) mod scenario;
#[path = "../../tests/it/capture/writer.rs"]
pub(crate) mod writer;

//! Every integration test in one binary.

mod mutants;
mod segment;
mod testees;
mod toy;

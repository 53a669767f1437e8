//! Every integration test in one binary.

#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "tests read files, run programs and look at the clock")]
#![expect(clippy::cast_possible_truncation, reason = "the sizes in tests are small")]

mod any_file;
mod capture;
mod captures;
mod checksums;
mod cli;
mod codecs_c;
mod connections;
mod decoders;
mod diagnostics;
mod docs;
mod embedded;
mod expressions;
mod frames_inside;
mod fuzz;
mod fuzz_targets;
mod generated;
mod geometry;
mod geometry_edges;
mod handwritten;
mod interp;
mod interp_specs;
mod judge;
mod known;
mod known_lists;
mod lower;
mod masks;
mod mutants;
mod naive;
mod oracle;
mod peers;
mod random_specs;
mod reports;
mod schema;
mod segment;
mod sessions;
mod specs;
mod tidy;
mod tokens;
mod toy;
mod vectors;
mod yaml;

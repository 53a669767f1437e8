#![cfg(test)]

mod diagnostics;
mod interp;
mod interp_specs;
mod specs;
mod yaml;

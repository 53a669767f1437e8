#![cfg(test)]

mod diagnostics;
mod interp;
mod specs;
mod tidy;
mod yaml;

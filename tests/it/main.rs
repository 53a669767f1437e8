#![cfg(test)]

mod diagnostics;
mod interp;
mod specs;
mod yaml;

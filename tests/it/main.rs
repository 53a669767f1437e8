#![cfg(test)]

mod diagnostics;
mod geometry;
mod interp;
mod specs;
mod tidy;
mod yaml;

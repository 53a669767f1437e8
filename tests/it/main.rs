#![cfg(test)]

mod diagnostics;
mod geometry;
mod specs;
mod yaml;

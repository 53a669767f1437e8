#![cfg(test)]

mod diagnostics;
mod geometry;
mod handwritten;
mod specs;
mod yaml;

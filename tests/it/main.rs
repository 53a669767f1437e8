#![cfg(test)]

mod diagnostics;
mod specs;
mod tidy;
mod yaml;

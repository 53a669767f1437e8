#![cfg(test)]

mod diagnostics;
mod specs;
mod yaml;

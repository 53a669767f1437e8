#![cfg(test)]

mod diagnostics;
mod yaml;

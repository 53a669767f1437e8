#![cfg(test)]

mod any_file;
mod diagnostics;
mod specs;
mod yaml;

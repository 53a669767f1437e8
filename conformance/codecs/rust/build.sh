#!/bin/sh
# Builds the testee that `framewright generate rust … -o DIR --with testee` wrote into DIR: leaves DIR/testee.
#   conformance/codecs/rust/build.sh DIR
set -eu
cd "$1"
mkdir -p src
mv ./*.rs src/
cat >Cargo.toml <<'TOML'
[package]
name = "testee"
version = "0.0.0"
edition = "2024"
publish = false

[dependencies]
serde_json = "1"

[lints.rust]
# A testee does not use all of a codec's surface.
dead_code = "allow"

[profile.dev]
debug = false
opt-level = 1

[workspace]
TOML
RUSTFLAGS="${RUSTFLAGS:-} -D warnings" cargo build --quiet
cp target/debug/testee testee

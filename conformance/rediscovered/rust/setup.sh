#!/bin/sh
# Builds the adapter against the old and against the mended releases: a build has only one of a crate's compatible releases.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for age in old new; do
    cargo build --quiet --locked --manifest-path "$here/$age/Cargo.toml" --target-dir "$here/../../.installed/rediscovered/rust/$age"
done

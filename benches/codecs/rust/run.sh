#!/bin/sh
# Generated Rust against a decoder by hand and against tokio-util, in one process: run.sh [CYCLES]
set -eu
cd "$(dirname "$0")/../../../conformance/codecs/rust"
exec cargo bench --quiet --bench generated -- "${1:-5}"

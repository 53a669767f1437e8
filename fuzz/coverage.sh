#!/usr/bin/env bash
# Which lines of the core the corpus reaches: runs all of it once, instrumented, and prints lines and regions of capture, interp, plan and yaml.
# It needs the LLVM of the toolchain: llvm-profdata and llvm-cov, of $LLVM (a folder), of `rustup component add llvm-tools`, or of Debian's llvm-N.
set -euo pipefail
cd "$(dirname "$0")"
version=$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
host=$(rustc -vV | sed -n 's/^host: //p')
for folder in "${LLVM:-}" "$(rustc --print sysroot)/lib/rustlib/$host/bin" "/usr/lib/llvm-$version/bin"; do
    [ -x "$folder/llvm-cov" ] && break
done
[ -x "$folder/llvm-cov" ] || { echo "no llvm-cov of LLVM $version: install Debian's llvm-$version, or set LLVM" >&2; exit 1; }
export CARGO_TARGET_DIR=target/coverage
# Build scripts are instrumented too, and write where this says.
export LLVM_PROFILE_FILE="$PWD/target/coverage/build-%p.profraw"
build=$(RUSTFLAGS="-C instrument-coverage" cargo build --quiet --example replay --message-format json | grep -o '"executable":"[^"]*"' | cut -d'"' -f4)
LLVM_PROFILE_FILE="$PWD/target/coverage/replay-%p.profraw" "$build"
"$folder/llvm-profdata" merge -sparse target/coverage/replay-*.profraw -o target/coverage/replay.profdata
rm -f target/coverage/*.profraw
for part in capture interp plan yaml; do
    printf '%-8s' "$part"
    "$folder/llvm-cov" report "$build" --instr-profile target/coverage/replay.profdata --sources "$(cd .. && pwd)/src/$part" "$(cd .. && pwd)/src/$part.rs" 2>/dev/null |
        awk '/^TOTAL/ { print $10 " of " $8 " lines, " $4 " of " $2 " regions" }'
done

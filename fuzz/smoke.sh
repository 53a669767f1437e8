#!/usr/bin/env bash
# Runs every fuzz target for some seconds (10, or the first argument): a crash, a hang or a target that cannot be built fails.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-10}
command -v cargo-fuzz >/dev/null || cargo install --locked cargo-fuzz
mkdir -p corpus/spec_parse
for spec in ../spec/*.yaml ../spec/lfbfd/*.yaml; do
    cp "$spec" "corpus/spec_parse/$(basename "$spec")"
done
# Without the sanitizer it runs on a stable toolchain; the core has no unsafe code for one to watch.
targets=$(cargo fuzz list)
[ -n "$targets" ] || { echo "there is no fuzz target" >&2; exit 1; }
for target in $targets; do
    echo "== $target, ${seconds}s"
    cargo fuzz run --sanitizer none "$target" -- -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 -max_len=4096
done

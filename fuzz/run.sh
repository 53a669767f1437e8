#!/usr/bin/env bash
# Runs fuzz targets: each for so many seconds (10, or the first argument), all or those named after it. A crash, a hang or a target that cannot be
# built fails. Afterwards a line for each target: executions a second, edges covered, inputs in the corpus.
#   fuzz/run.sh 10                        what CI does
#   fuzz/run.sh 3600 split_invariance     one target for an hour
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-10}
shift || true
command -v cargo-fuzz >/dev/null || cargo install --locked cargo-fuzz
all=$(cargo fuzz list)
[ -n "$all" ] || { echo "there is no fuzz target" >&2; exit 1; }
targets=${*:-$all}
cargo run --quiet --example seeds
# Without the sanitizer it runs on a stable toolchain; our code has no unsafe block for one to watch.
summary=""
for target in $targets; do
    case $target in
        spec_parse) dictionary=(-dict=spec.dict) ;;
        generated_vs_reference | round_trip | split_invariance) dictionary=(-dict=dictionaries/streams.dict) ;;
        *) dictionary=() ;;
    esac
    echo "== $target, ${seconds}s"
    log=$(mktemp)
    cargo fuzz run --sanitizer none "$target" -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=4096 \
        -print_final_stats=1 ${dictionary[@]+"${dictionary[@]}"} 2>&1 | tee "$log" | grep -v '^"\|^#.*REDUCE\|^#.*NEW' || true
    # `tee` hides how it ended; this line is only there at a good end.
    executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    grep -q '^Done ' "$log" || { echo "$target failed" >&2; exit 1; }
    [ "${executed:-0}" -gt 0 ] || { echo "$target ran no input" >&2; exit 1; }
    rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
    covered=$(grep -o 'cov: [0-9]*' "$log" | tail -1)
    summary+="$target: $executed executions, $rate a second, ${covered:-cov: ?}, $(find "corpus/$target" -type f | wc -l) inputs"$'\n'
    rm -f "$log"
done
printf '\n%s' "$summary"

#!/bin/sh
# The generated PHP decoder against the usual loop by hand: a table of ns a frame.
#   FRAMEWRIGHT=…/framewright benches/codecs/php/run.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../../..
framewright=${FRAMEWRIGHT:-$root/target/debug/framewright}
folder=$root/target/bench-php
mkdir -p "$folder"
"$framewright" generate php "$root/conformance/codecs/specs/record.yaml" -o "$folder"
exec php -d memory_limit=1G "$here/bench.php" "$folder"

#!/bin/sh
# The generated C decoder against one by hand: a table of ns a frame.   FRAMEWRIGHT=…/framewright benches/codecs/c/run.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../../..
framewright=${FRAMEWRIGHT:-$root/target/debug/framewright}
folder=$root/target/bench-c
mkdir -p "$folder"
"$framewright" generate c "$root/conformance/codecs/specs/record.yaml" -o "$folder"
for file in "$folder/record.c" "$here/handwritten.c" "$here/bench.c"; do
    cc -std=c99 -O2 -Wall -Wextra -Werror -pedantic -I "$folder" -I "$here" -c "$file" -o "$folder/$(basename "$file" .c).o"
done
cc "$folder/record.o" "$folder/handwritten.o" "$folder/bench.o" -o "$folder/bench"
exec "$folder/bench"

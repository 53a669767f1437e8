#!/bin/sh
# Tests of the checked-in C codecs that vectors cannot express: bounds of the caller's buffer, linking together, sessions.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
compile="cc -std=c99 -Wall -Wextra -Werror -pedantic -Wconversion -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all"
$compile -I "$here/generated" "$here/tests/buffers.c" "$here"/generated/*.c -o "$folder/buffers"
"$folder/buffers"
$compile -I "$here/generated" "$here/tests/sessions.c" "$here/generated/phases.c" -o "$folder/sessions"
"$folder/sessions"

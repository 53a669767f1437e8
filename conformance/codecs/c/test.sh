#!/bin/sh
# Tests of the checked-in C codecs that vectors cannot express: bounds of the caller's buffer, linking together, sessions, masks.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for test in buffers masks sessions; do
    cc -std=c99 -Wall -Wextra -Werror -pedantic -Wconversion -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all \
        -I "$here/generated" "$here/tests/$test.c" "$here"/generated/*.c -o "$folder/$test"
    "$folder/$test"
done

#!/bin/sh
# Compiles the example into conformance/.installed/example-c.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$here/../../.installed/example-c"
cc -std=c99 -O2 -Wall -Wextra -o "$here/../../.installed/example-c/testee" "$here/testee.c"

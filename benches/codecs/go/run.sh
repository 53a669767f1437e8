#!/bin/sh
# Prints ns a frame of a bufio loop written by hand and of the generated codec, and how many times as fast that is.
set -eu
cd "$(dirname "$0")"
GOFLAGS=-mod=mod GOTOOLCHAIN=local exec go run .

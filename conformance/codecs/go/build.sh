#!/bin/sh
# build.sh DIR: compiles what `framewright generate go … -o DIR --with testee` wrote; leaves the program DIR/testee.
set -eu
dir=$(cd "$1" && pwd)
command -v go >/dev/null || { echo "go is missing: https://go.dev/dl/" >&2; exit 1; }
cd "$dir"
unformatted=$(gofmt -l .)
[ -z "$unformatted" ] || { echo "gofmt would change: $unformatted" >&2; exit 1; }
GOFLAGS=-mod=mod GOTOOLCHAIN=local go vet ./...
GOFLAGS=-mod=mod GOTOOLCHAIN=local go build -o testee .

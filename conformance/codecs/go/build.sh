#!/bin/sh
# build.sh DIR: compiles what `framewright generate go … -o DIR --with testee` wrote; leaves the program DIR/testee.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dir=$(cd "$1" && pwd)
command -v go >/dev/null || { echo "go is missing: https://go.dev/dl/" >&2; exit 1; }
cd "$dir"
unformatted=$(gofmt -l .)
[ -z "$unformatted" ] || { echo "gofmt would change: $unformatted" >&2; exit 1; }
export GOFLAGS=-mod=mod GOTOOLCHAIN=local
# A spec may say the same twice in a condition, which vet's `bools` is about.
go vet -bools=false ./...
go build -o testee .

# What is written by hand: the examples, and the tests of the sample and of docs/codecs/go.md.
cd "$here"
unformatted=$(gofmt -l .)
[ -z "$unformatted" ] || { echo "gofmt would change: $unformatted" >&2; exit 1; }
go vet -bools=false ./...
go vet examples/session-server.go
go vet examples/session-client.go
go test .

#!/bin/sh
# session.sh server | session.sh client HOST PORT SESSION N: the worked examples, over the codec in generated/.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$here/../../.installed/codecs-go
what=$1
shift
case $what in server | client) ;; *) echo "usage: $0 server | client HOST PORT SESSION N" >&2; exit 2 ;; esac
command -v go >/dev/null || { echo "go is missing: https://go.dev/dl/" >&2; exit 1; }
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$here"
GOFLAGS=-mod=mod GOTOOLCHAIN=local go build -o "$out/session-$what.$$" "examples/session-$what.go"
mv "$out/session-$what.$$" "$out/session-$what"
exec "$out/session-$what" "$@"

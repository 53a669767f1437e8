#!/bin/sh
# The client and the server of session records in Rust.
#   session.sh server | session.sh client HOST PORT SESSION N | session.sh build
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$here/../../../target/codecs-rust
what=$1
shift
if [ "$what" = build ] || [ ! -x "$target/debug/session-$what" ]; then
    CARGO_TARGET_DIR=$target cargo build --quiet --bins --manifest-path "$here/Cargo.toml" >&2
fi
[ "$what" = build ] || exec "$target/debug/session-$what" "$@"

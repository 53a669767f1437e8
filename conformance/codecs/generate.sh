#!/bin/sh
# Writes the output that is checked in: in every language, the codecs of the specs that between them use every construct.
set -eu
cd "$(dirname "$0")/../.."
cargo build --quiet
for language in conformance/codecs/*/; do
    language=$(basename "$language")
    [ "$language" != specs ] || continue
    with=
    [ "$language" != java ] || with="--with netty" # what its server is made of
    rm -rf "conformance/codecs/$language/generated"
    # shellcheck disable=SC2086
    target/debug/framewright generate "$language" $with conformance/codecs/specs/*.yaml line session-record \
        -o "conformance/codecs/$language/generated"
done

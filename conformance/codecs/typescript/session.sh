#!/bin/sh
# The worked server and client of session-record. Compiled on first use, and again when something changed.
#   conformance/codecs/typescript/session.sh server
#   conformance/codecs/typescript/session.sh client HOST PORT SESSION N
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tools=$("$here/install.sh")
folder=$tools/session
sum=$(cat "$here"/examples/*.ts "$here/generated/session-record.ts" | cksum)
if [ "$(cat "$folder/.stamp" 2>/dev/null)" != "$sum" ]; then
    rm -rf "$folder"
    "$tools/node_modules/.bin/tsc" --strict --noUncheckedIndexedAccess --exactOptionalPropertyTypes --target ES2022 \
        --module ESNext --moduleResolution Bundler --lib ES2022 --types node --typeRoots "$tools/node_modules/@types" \
        --rootDir "$here" --outDir "$folder" "$here"/examples/*.ts >&2
    echo '{"type": "module"}' >"$folder/package.json"
    echo "$sum" >"$folder/.stamp"
fi
role=$1
shift
exec node "$folder/examples/session-$role.js" "$@"

#!/bin/sh
# Tests of the checked-in codecs that vectors cannot express: a session to begin with.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tools=$("$here/install.sh")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$here/sessions.ts" "$here/generated/phases.ts" "$folder"
echo '{"type": "module"}' >"$folder/package.json"
"$tools/node_modules/.bin/tsc" --strict --target ES2022 --module NodeNext --types node --typeRoots "$tools/node_modules/@types" \
    --outDir "$folder/build" "$folder/sessions.ts"
node "$folder/build/sessions.js"

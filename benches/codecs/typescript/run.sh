#!/bin/sh
# ns a frame: the generated TypeScript against decoders by hand, as Node runs them. Ratios: owned / generated, offset / reuse.
#   benches/codecs/typescript/run.sh [FRAMEWRIGHT]
set -eu
cd "$(dirname "$0")"
root=$(cd ../../.. && pwd)
tools=$("$root/conformance/codecs/typescript/install.sh")
folder=$root/target/bench-typescript
rm -rf "$folder"
mkdir -p "$folder"
"${1:-$root/target/debug/framewright}" generate typescript "$root/conformance/codecs/specs/record.yaml" -o "$folder"
cp bench.ts offset.ts "$folder"
"$tools/node_modules/.bin/tsc" --strict --target ES2022 --module ESNext --moduleResolution Bundler --types node \
    --typeRoots "$tools/node_modules/@types" --outDir "$folder/build" "$folder"/*.ts
echo '{"type": "module"}' >"$folder/build/package.json"
exec node "$folder/build/bench.js"

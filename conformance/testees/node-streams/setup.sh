#!/bin/sh
# Installs the pinned npm packages into conformance/.installed/node-streams.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$here/../../.installed/node-streams"
cp "$here/package.json" "$here/../../.installed/node-streams/"
npm install --silent --no-audit --no-fund --no-package-lock --ignore-scripts --prefix "$here/../../.installed/node-streams"

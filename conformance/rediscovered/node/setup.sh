#!/bin/sh
# Installs the pinned releases side by side, each under the name of its alias, into conformance/.installed/rediscovered/node.
# package.json puts a small package in the place of what thrift needs for its tests alone and jsmodbus for serial lines alone.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
into=$here/../../.installed/rediscovered/node
rm -rf "$into"
mkdir -p "$into"
cp "$here/package.json" "$here/package-lock.json" "$into"
npm ci --silent --no-audit --no-fund --ignore-scripts --prefix "$into"

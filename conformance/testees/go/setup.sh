#!/bin/sh
# Builds both Go adapters, one program, into conformance/.installed/go.
set -eu
cd "$(dirname "$0")"
mkdir -p ../../.installed/go
GOFLAGS=-mod=readonly GOTOOLCHAIN=local go build -trimpath -o ../../.installed/go/testee .

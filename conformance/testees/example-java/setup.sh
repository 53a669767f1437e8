#!/bin/sh
# Compiles the example into conformance/.installed/example-java.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
javac -d "$here/../../.installed/example-java" "$here/Testee.java"

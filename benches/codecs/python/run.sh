#!/bin/sh
# The generated Python decoder against struct loops.
#   benches/codecs/python/run.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../../..
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$root/conformance/codecs/python/generated exec python3 "$here/bench.py"

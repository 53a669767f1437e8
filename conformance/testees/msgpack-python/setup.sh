#!/bin/sh
# Makes a virtual environment with the pinned library in conformance/.installed/msgpack-python.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python3 -m venv --clear "$here/../../.installed/msgpack-python"
"$here/../../.installed/msgpack-python/bin/pip" install -q --disable-pip-version-check -r "$here/requirements.txt"

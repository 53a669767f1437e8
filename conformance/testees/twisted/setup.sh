#!/bin/sh
# Makes a virtual environment with the pinned library in conformance/.installed/twisted.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python3 -m venv --clear "$here/../../.installed/twisted"
"$here/../../.installed/twisted/bin/pip" install -q --disable-pip-version-check -r "$here/requirements.txt"

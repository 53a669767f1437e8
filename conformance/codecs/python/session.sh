#!/bin/sh
# The worked server and client of session-record.
#   conformance/codecs/python/session.sh server
#   conformance/codecs/python/session.sh client HOST PORT SESSION N
set -eu
here=$(cd "$(dirname "$0")" && pwd)
role=$1
shift
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$here/generated exec python3 "$here/examples/session-$role.py" "$@"

#!/bin/sh
# Runs the example of session-record: `session.sh server`, or `session.sh client HOST PORT SESSION N`.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
example=$1
shift
exec php -d memory_limit=512M "$here/examples/session-$example.php" "$@"

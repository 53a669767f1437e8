#!/bin/sh
# The session-record example: session.sh server, or session.sh client HOST PORT SESSION N.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
classpath=$("$here/compile.sh")
case $1 in
    server) program=SessionServer ;;
    client) program=SessionClient ;;
    *) echo "session.sh server | client HOST PORT SESSION N" >&2; exit 2 ;;
esac
shift
exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$classpath" "$program" "$@"

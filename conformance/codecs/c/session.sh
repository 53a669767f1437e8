#!/bin/sh
# Runs the example of session-record: `session.sh server`, or `session.sh client HOST PORT SESSION N`.
# Built into conformance/.installed/codecs-c whenever a file is newer than that.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
built=$here/../../.installed/codecs-c
mkdir -p "$built"
program=$built/session-$1
source=$here/examples/session-$1.c
if [ -z "$(find "$program" -newer "$source" -newer "$here/generated/session_record.c" -newer "$here/generated/session_record.h" 2>/dev/null)" ]; then
    cc -std=c99 -Wall -Wextra -Werror -pedantic -Wconversion -O2 -I "$here/generated" \
        "$source" "$here/generated/session_record.c" -o "$program.$$"
    mv "$program.$$" "$program"
fi
shift
exec "$program" "$@"

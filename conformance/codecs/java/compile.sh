#!/bin/sh
# Compiles generated/, examples/ and the test into conformance/.installed/codecs-java/classes, where they are not newer than that, and
# prints the class path.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
installed=$(cd "$here/../.." && pwd)/.installed/codecs-java
netty=$("$here/netty.sh")
classes=$installed/classes
sources="$here/generated/framewright/generated/*.java $here/examples/*.java $here/*.java"
sum=$(cat $sources | cksum)
if [ "$(cat "$classes/stamp" 2>/dev/null)" != "$sum" ]; then
    rm -rf "$classes"
    mkdir -p "$classes"
    javac -encoding UTF-8 --release 17 -Xlint:all,-classfile,-processing -Werror -cp "$classes:$netty/*" -d "$classes" $sources >&2
    echo "$sum" >"$classes/stamp"
fi
echo "$classes:$netty/*"

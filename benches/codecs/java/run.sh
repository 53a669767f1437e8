#!/bin/sh
# The generated Java decoder against Netty's LengthFieldBasedFrameDecoder, in one JVM. Prints a table.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
netty=$("$root/conformance/codecs/java/netty.sh")
classes=$root/conformance/.installed/codecs-java/bench
rm -rf "$classes"
mkdir -p "$classes"
javac -encoding UTF-8 --release 17 -cp "$netty/*" -d "$classes" \
    "$root"/conformance/codecs/java/generated/framewright/generated/Record.java "$here/Bench.java"
exec java -Xms512m -Xmx512m -XX:+UseSerialGC -cp "$classes:$netty/*" Bench

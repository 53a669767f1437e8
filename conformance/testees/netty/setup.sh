#!/bin/sh
# Fetches Netty 4.1 and 4.2 and compiles the adapter against each, into conformance/.installed/netty41 and netty42.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for line in netty41 netty42; do
    into=$here/../../.installed/$line
    rm -rf "$into"
    mkdir -p "$into"
    mvn -q -B -ntp -f "$here/pom.xml" -P "$line" org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
        -DoutputDirectory="$into" >"$into/mvn.log" 2>&1 || { cat "$into/mvn.log" >&2; exit 1; }
    javac -cp "$into/*" -d "$into" "$here/Adapter.java" "$here/Decoders.java"
done

#!/bin/sh
# Fetches Netty into conformance/.installed/codecs-java/netty, where it is not there yet, and prints that folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
installed=$(cd "$here/../.." && pwd)/.installed/codecs-java
into=$installed/netty
sum=$(cksum <"$here/pom.xml")
if [ "$(cat "$into/stamp" 2>/dev/null)" != "$sum" ]; then
    command -v mvn >/dev/null || {
        [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "netty.sh: install maven first" >&2; exit 1; }
        apt-get update -qq >&2
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends maven >&2
    }
    rm -rf "$into"
    mkdir -p "$into"
    mvn -q -B -ntp -f "$here/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
        -DoutputDirectory="$into" >"$installed/mvn.log" 2>&1 || { cat "$installed/mvn.log" >&2; exit 1; }
    echo "$sum" >"$into/stamp"
fi
echo "$into"

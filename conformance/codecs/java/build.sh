#!/bin/sh
# conformance/codecs/java/build.sh DIR: compiles what was generated into DIR and leaves the testee DIR/testee.
# Handlers for Netty, where DIR has some, are compiled against the Netty that netty.sh fetches.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dir=$(cd "$1" && pwd)

command -v javac >/dev/null || {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "build.sh: install a JDK of 17 or later first" >&2; exit 1; }
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends default-jdk-headless >/dev/null
}

classpath=$dir/classes
if ls "$dir"/framewright/generated/*NettyDecoder.java >/dev/null 2>&1; then
    classpath="$classpath:$("$here/netty.sh")/*"
fi
rm -rf "$dir/classes"
mkdir "$dir/classes"
javac -encoding UTF-8 --release 17 -Xlint:all -Werror -cp "$classpath" -d "$dir/classes" "$dir"/framewright/generated/*.java
cat >"$dir/testee" <<END
#!/bin/sh
exec java -XX:+UseSerialGC -cp "$dir/classes" framewright.generated.Testee
END
chmod +x "$dir/testee"

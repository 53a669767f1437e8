#!/bin/sh
# Tests of the generated sample by hand: the handlers for Netty, frames and bytes, the client and the server, the code of docs/codecs/java.md.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
classpath=$("$here/compile.sh")
exec java -ea -cp "$classpath" SampleTest "$here/examples" "$root/docs/codecs/java.md"

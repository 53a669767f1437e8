#!/bin/sh
# Installs the compiler that the scripts here use, in the pinned version, and prints the folder it is in.
set -eu
cd "$(dirname "$0")"
root=$(cd ../../.. && pwd)
folder=$root/conformance/.installed/codecs-typescript
wanted="typescript@5.9.3 @types/node@20.19.0"

for command in node npm; do
    command -v $command >/dev/null && continue
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "install.sh: install nodejs and npm first" >&2; exit 1; }
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null
done
if [ "$(cat "$folder/.stamp" 2>/dev/null)" != "$wanted" ]; then
    mkdir -p "$folder"
    (cd "$folder" && echo '{"private":true}' >package.json && npm install --no-audit --no-fund --loglevel=error $wanted >&2)
    echo "$wanted" >"$folder/.stamp"
fi
echo "$folder"

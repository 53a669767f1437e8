#!/bin/sh
# Installs every testee into conformance/.installed; run again, it does nothing until a testee's files change.
#   conformance/install.sh [DIR…]   only these folders of conformance/testees, or rediscovered/FOLDER
set -eu
cd "$(dirname "$0")"
mkdir -p .installed/.stamps

need() { # need COMMAND PACKAGE…: from Debian's packages, where it is missing and we may
    command -v "$1" >/dev/null && return
    shift
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "install.sh: install $* first" >&2; return 1; }
    [ -n "${updated:-}" ] || { apt-get update -qq; updated=1; }
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

[ $# -gt 0 ] || set -- $(ls -d testees/*/ rediscovered/*/ | sed 's:^testees/::; s:/$::')
failed=
for name; do
    case $name in rediscovered/*) folder=$name ;; *) folder=testees/$name ;; esac
    setup=$folder/setup.sh
    [ -d "$folder" ] || { echo "install.sh: there is no $folder" >&2; exit 1; }
    [ -e "$setup" ] || continue # a script that needs no more than its interpreter
    case $name in
        example-c) need cc gcc libc6-dev ;;
        example-java) need javac default-jdk-headless ;;
        go) need go golang ;;
        msgpack-python | twisted | rediscovered/python) need python3 python3 python3-venv ;;
        netty | rediscovered/java) need javac default-jdk-headless && need mvn maven ;;
        node-streams | rediscovered/node) need npm nodejs npm ;;
        swoole) need php php-cli ;;
    esac || { failed="$failed $name"; continue; }
    sum=$(find "$folder" -type f ! -name '*.pyc' | LC_ALL=C sort | xargs cat | cksum)
    stamp=.installed/.stamps/$(echo "$name" | tr / -)
    [ "$(cat "$stamp" 2>/dev/null)" != "$sum" ] || continue
    echo "install.sh: $name" >&2
    rm -f "$stamp"
    if "$setup" >&2; then echo "$sum" >"$stamp"; else echo "install.sh: $name FAILED" >&2; failed="$failed $name"; fi
done
[ -z "$failed" ] || { echo "install.sh: could not install:$failed" >&2; exit 1; }

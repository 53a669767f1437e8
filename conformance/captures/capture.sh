#!/usr/bin/env bash
# Captures conversations of real clients with real servers on loopback: conformance/captures/NAME.pcap, all or those that are named.
#   conformance/captures/capture.sh            every part
#   conformance/captures/capture.sh redis      one
# A part is parts/NAME.sh. It runs as root in namespaces of its own: no port is taken, and nothing that it starts outlives it. What is missing comes from Debian's
# packages, and nats-py from PyPI. The files differ from run to run (times, ports, ids); versions.txt says which programs made those that are here.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export LC_ALL=C.UTF-8 here
# Clients in Python are run by Debian's, which has the packages.
python=/usr/bin/python3
pypi=$here/../../target/captures

have() { [ -e "$1" ] || command -v "$1" >/dev/null; }
need() { # need COMMAND-OR-FILE PACKAGE
    have "$1" && return
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d # installing starts no server
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >/dev/null
    have "$1" || { echo "$1 is missing and $2 did not bring it" >&2; exit 1; }
}
need_python() { # need_python MODULE PACKAGE
    "$python" -c "import $1" 2>/dev/null && return
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >/dev/null
    "$python" -c "import $1"
}
need_pypi() { # need_pypi MODULE PACKAGE==VERSION: into the folder that $pypi names
    [ -d "$pypi"/lib/*/site-packages/"$1" ] && return
    need_python ensurepip python3-venv
    "$python" -m venv "$pypi"
    "$pypi/bin/pip" install -q "$2"
}
version() { # version PROGRAM VERSION: keeps it for versions.txt
    printf '%s: %s %s\n' "$part" "$1" "$2" >>"$work/versions"
}
packaged() { # packaged PACKAGE...: their versions
    for package in "$@"; do version "$package" "$(dpkg-query -W -f '${Version}' "$package")"; done
}
await() { # await PORT [ADDRESS]: until somebody listens
    for _ in $(seq 900); do
        (: <"/dev/tcp/${2:-127.0.0.1}/$1") 2>/dev/null && return
        sleep 0.1
    done
    echo "$part: nobody listens on $1" >&2
    exit 1
}
record() { # record FILE PORT: from now on, after somebody listens
    file=$1
    sleep 1 # until the connection that found somebody listening is over
    rm -f "$work/tcpdump.log"
    tcpdump -i lo -s 0 -U -B 65536 -w "$work/$file.pcap" "tcp port $2" 2>"$work/tcpdump.log" &
    recorder=$!
    until grep -qs '^tcpdump: listening' "$work/tcpdump.log"; do sleep 0.05; done
    sleep 0.5
}
keep() { # keep: ends the recording
    sleep 1.5 # longer than packets wait in the kernel
    kill -INT "$recorder"
    wait "$recorder" || true
    grep -q '^0 packets dropped by kernel' "$work/tcpdump.log" || { cat "$work/tcpdump.log" >&2; exit 1; }
    size=$(stat -c %s "$work/$file.pcap")
    [ "$size" -gt 200 ] && [ "$size" -lt 80000 ] || { echo "$file.pcap has $size bytes" >&2; exit 1; }
    cp "$work/$file.pcap" "$here/$file.pcap"
    echo "$file.pcap: $size bytes"
}

if [ "${1:-}" != --inside ]; then
    [ "$(id -u)" = 0 ] || { echo "only root can capture and make namespaces" >&2; exit 1; }
    need tcpdump tcpdump
    need unshare util-linux
    need ip iproute2
    parts=("$@")
    [ $# -gt 0 ] || for file in "$here"/parts/*.sh; do parts+=("$(basename "$file" .sh)"); done
    for part in "${parts[@]}"; do
        # What is missing is installed here, where there is a network.
        eval "$(grep '^need' "$here/parts/$part.sh")"
        part=$part unshare --net --mount --pid --fork --kill-child --mount-proc bash ${TRACE:+-x} "$here/capture.sh" --inside
    done
    exit
fi

need() { :; }
need_python() { :; }
need_pypi() { :; }
ip link set lo mtu 1500 up
# Segments as on a network, not of 64 KiB.
ip link set lo gso_max_segs 1
work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
# shellcheck source=/dev/null
. "$here/parts/$part.sh"
touch "$here/versions.txt"
{ grep -v "^$part: " "$here/versions.txt" || true; version tcpdump "$(tcpdump --version 2>&1 | sed -n 's/^tcpdump version //p')"; cat "$work/versions"; } | LC_ALL=C sort -o "$work/all"
cp "$work/all" "$here/versions.txt"

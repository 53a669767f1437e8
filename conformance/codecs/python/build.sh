#!/bin/sh
# Builds the testee that `framewright generate python … -o DIR --with testee` wrote into DIR: checks types, compiles, leaves DIR/testee.
#   conformance/codecs/python/build.sh DIR
set -eu
tools=$(cd "$(dirname "$0")/../.." && pwd)/.installed/codecs-python
stamp=mypy-1.19.1
python=$(command -v python3) || {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "build.sh: install python3 first" >&2; exit 1; }
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-venv >/dev/null
    python=$(command -v python3)
}
# One build at a time installs the tools.
mkdir -p "$tools"
(
    flock 9
    [ -e "$tools/$stamp" ] && exit
    rm -rf "$tools/venv"
    "$python" -m venv "$tools/venv"
    "$tools/venv/bin/pip" --quiet --disable-pip-version-check install mypy==1.19.1
    touch "$tools/$stamp"
) 9>"$tools/lock" >&2

cd "$1"
"$tools/venv/bin/mypy" --strict --python-version 3.9 --cache-dir "$tools/cache" ./*.py >&2
"$python" -m py_compile ./*.py
printf '#!/bin/sh\nexec "%s" "%s/testee.py"\n' "$python" "$PWD" >testee
chmod +x testee

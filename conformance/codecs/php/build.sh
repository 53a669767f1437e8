#!/bin/sh
# Checks what `framewright generate php … -o DIR --with testee` wrote into DIR, and leaves DIR/testee.
#   conformance/codecs/php/build.sh DIR
set -eu
need() { # need COMMAND PACKAGE…: from Debian's packages, where it is missing and we may
    command -v "$1" >/dev/null && return
    shift
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "build.sh: install $* first" >&2; return 1; }
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
need php php-cli
cd "$1"
# A notice or a warning of the compiler fails as an error does.
for file in ./*.php; do
    said=$(php -d error_reporting=-1 -d display_errors=1 -l "$file" 2>&1) && [ "$said" = "No syntax errors detected in $file" ] ||
        { echo "$said" >&2; exit 1; }
done
cat >testee <<'SH'
#!/bin/sh
exec php -d error_reporting=-1 -d display_errors=stderr -d memory_limit=1G -d zend.assertions=1 "$(dirname "$0")/testee.php"
SH
chmod +x testee

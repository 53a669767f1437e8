#!/bin/sh
# Builds the testee that `framewright generate c … -o DIR --with testee` wrote into DIR: leaves DIR/testee.
#   conformance/codecs/c/build.sh DIR
# Strict C99 under AddressSanitizer and UndefinedBehaviorSanitizer; the codecs are taken by a C++ compiler too.
set -eu
cd "$1"

need() { # need COMMAND PACKAGE…: from Debian's packages, where it is missing and we may
    command -v "$1" >/dev/null && return
    shift
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "build.sh: install $* first" >&2; return 1; }
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
need cc gcc libc6-dev
need c++ g++

# A spec may well ask whether an unsigned field is at least 0: that is no mistake of the code's.
strict="-Wall -Wextra -Wno-type-limits -Werror -pedantic -Wconversion"
sanitize="-g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all"
mkdir -p objects
ls ./*.c | xargs -P "$(nproc)" -I{} sh -c \
    "cc -std=c99 $strict -Wstrict-prototypes -Wmissing-prototypes $sanitize -c {} -o objects/\$(basename {} .c).o"
ls ./*.c | grep -v '^./testee-' | xargs -P "$(nproc)" -I{} c++ -std=c++11 $strict -fsyntax-only -x c++ {}
cc $sanitize objects/*.o -o testee

#!/bin/sh
# Checks the examples, the functions that files share, and that the code of docs/codecs/php.md is the examples'.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../../..
for file in "$here"/generated/*.php "$here"/examples/*.php "$here"/*.php "$root"/benches/codecs/php/*.php; do
    php -d error_reporting=-1 -d display_errors=1 -l "$file" >/dev/null
done
# PSR-12, but that one file holds several classes.
phpcs --standard=PSR12 --warning-severity=0 \
    --exclude=PSR1.Classes.ClassDeclaration,PSR1.Files.SideEffects "$here" "$root/benches/codecs/php"
exec php -d zend.assertions=1 -d assert.exception=1 -d memory_limit=64M "$here/test.php"

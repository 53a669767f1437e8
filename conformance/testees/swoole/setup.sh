#!/bin/sh
# Only reports: Swoole is a PHP extension, and where it is not loaded the adapter skips, with that reason.
set -eu
php -r 'echo extension_loaded("swoole") ? "ext-swoole " . phpversion("swoole") : "ext-swoole is not loaded", "\n";' >&2

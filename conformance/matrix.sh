#!/bin/sh
# Every testee of testees.yaml on every protocol that it can serve, then Netty and tokio-util through the sweep of geometries.
# Run install.sh first. Reports: target/matrix.{xml,json} and target/sweep.xml.
set -eu
cd "$(dirname "$0")/.."
framewright() { cargo run --release --quiet -- "$@"; }
framewright test --testee all --report junit=target/matrix.xml,json=target/matrix.json
framewright test --sweep --testee reference --testee tokio-util --testee netty41 --testee netty42 --report junit=target/sweep.xml

#!/bin/sh
# Every testee of testees.yaml on every protocol that it can serve, then time and memory on a few, then the sweep of geometries. Run
# install.sh first. Reports: target/matrix.xml, target/matrix.json, target/resources.xml and target/sweep.xml.
cd "$(dirname "$0")/.." || exit 2
cargo build --release --quiet || exit 2
worst=0
framewright() {
    target/release/framewright "$@"
    status=$?
    [ "$status" -le "$worst" ] || worst=$status
}
framewright test --testee all --report junit=target/matrix.xml,json=target/matrix.json
# Frames of 8 MiB, and lines: those that take seconds, of libraries whose times are far from the bounds.
framewright test lfbfd-tokio-default crlf-eof lfbfd-swoole-eof --testee example-c --testee netty42 --testee twisted --cuts whole --resources \
    --report junit=target/resources.xml
framewright test --sweep --testee reference --testee netty41 --testee netty42 --report junit=target/sweep.xml
exit "$worst"

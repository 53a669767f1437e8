#!/bin/sh
# Every testee of testees.yaml on every protocol that it can serve, then the sweep of geometries. Run install.sh first.
# Reports: target/matrix.xml, target/matrix.json and target/sweep.xml.
cd "$(dirname "$0")/.." || exit 2
cargo build --release --quiet || exit 2
worst=0
framewright() {
    target/release/framewright "$@"
    status=$?
    [ "$status" -le "$worst" ] || worst=$status
}
framewright test --testee all --report junit=target/matrix.xml,json=target/matrix.json
framewright test --sweep --testee reference --testee netty41 --testee netty42 --report junit=target/sweep.xml
exit "$worst"

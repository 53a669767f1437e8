# libcoap over TCP: CSM, GET, PUT, DELETE, a block-wise transfer, observing, an error, ping.
need coap-server-notls libcoap3-bin
packaged libcoap3-bin
coap-server-notls -A 127.0.0.1 -p 5683 -d 10 >"$work/log" 2>&1 &
await 5683
head -c 2000 /dev/zero | tr '\0' z >"$work/long"
ask() { timeout 4 coap-client-notls -B 2 "$@" >/dev/null 2>&1 || true; }
record coap 5683
url=coap+tcp://127.0.0.1
ask -m get "$url/"
ask -m get "$url/.well-known/core"
ask -m put -e text -t 0 "$url/new"
ask -m get "$url/new"
ask -m put -f "$work/long" "$url/long"
ask -m get "$url/long"
ask -m delete "$url/new"
ask -m get "$url/nothing?query=1&other=2"
ask -m get -s 2 "$url/time"
keep

# redis-cli in RESP2 and RESP3, a pipeline, inline commands, publish and subscribe, errors, and redis-benchmark.
need redis-server redis-server
need redis-cli redis-tools
packaged redis-server
redis-server --port 6379 --bind 127.0.0.1 --save '' --enable-debug-command local --dir "$work" >/dev/null &
await 6379
record redis 6379
while read -r command; do
    eval "redis-cli $command" >/dev/null || true
done <<'COMMANDS'
PING
SET key value
GET key
GET nothing
INCR number
INCR key
HSET map a 1 b 2
HGETALL map
RPUSH list one two "" three
LRANGE list 0 -1
ZADD set 1.5 x 2 y
ZRANGE set 0 -1 WITHSCORES
EVAL "return {1, {'two', false}, redis.status_reply('fine')}" 0
NOSUCHCOMMAND
BLPOP empty 0.1
XADD stream '*' field value
XRANGE stream - +
SCAN 0
-3 HGETALL map
-3 SMEMBERS nothing
-3 ZSCORE set x
-3 GET nothing
-3 EVAL "redis.setresp(3); return {double = 1.5}" 0
-3 EVAL "redis.setresp(3); return {map = {map = {a = 1}}, 2}" 0
-3 DEBUG PROTOCOL string
-3 DEBUG PROTOCOL integer
-3 DEBUG PROTOCOL double
-3 DEBUG PROTOCOL null
-3 DEBUG PROTOCOL array
-3 DEBUG PROTOCOL set
-3 DEBUG PROTOCOL map
-3 DEBUG PROTOCOL attrib
-3 DEBUG PROTOCOL push
-3 DEBUG PROTOCOL verbatim
-3 DEBUG PROTOCOL bignum
-3 DEBUG PROTOCOL true
-3 DEBUG PROTOCOL false
COMMANDS
(timeout 2 redis-cli subscribe news >/dev/null || true) &
sleep 0.5
redis-cli publish news 'something happened' >/dev/null
printf 'SET binary %s\r\n' "$(head -c 4000 /dev/zero | tr '\0' z)" | redis-cli --pipe >/dev/null
exec 3<>/dev/tcp/127.0.0.1/6379
printf 'PING\r\nSET inline 1\r\nGET inline\r\nMULTI\r\nINCR inline\r\nGET inline\r\nEXEC\r\nQUIT\r\n' >&3
cat <&3 >/dev/null
exec 3>&-
exec 3<>/dev/tcp/127.0.0.1/6379
printf 'HELLO 3\r\nCLIENT TRACKING ON\r\nGET key\r\nSUBSCRIBE news\r\nLOLWUT\r\n' >&3
sleep 0.2
redis-cli set key other >/dev/null
printf 'QUIT\r\n' >&3
cat <&3 >/dev/null
exec 3>&-
redis-benchmark -n 6 -c 2 -P 3 -t set,lpush,mset -q >/dev/null
sleep 1
keep

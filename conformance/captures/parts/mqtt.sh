# mosquitto's clients, MQTT 3.1.1 and 5: each quality of service, retained messages, wills, properties, long payloads, unsubscribing, a login that is refused.
need mosquitto mosquitto
need mosquitto_sub mosquitto-clients
packaged mosquitto mosquitto-clients
printf 'listener 1883 127.0.0.1\nallow_anonymous true\nuser root\n' >"$work/conf"
mosquitto -c "$work/conf" 2>/dev/null &
await 1883
record mqtt 1883
for version in 311 5; do
    timeout 4 mosquitto_sub -V "$version" -i "reader-$version" -q 2 -t 'news/#' -t other -U unwanted --will-topic gone --will-payload bye >/dev/null &
    reader=$!
    sleep 0.5
    for qos in 0 1 2; do mosquitto_pub -V "$version" -i "writer$qos" -q "$qos" -t "news/$qos" -m "message $qos"; done
    mosquitto_pub -V "$version" -i writer -q 1 -r -t other -m "$(head -c 2000 /dev/zero | tr '\0' z)"
    mosquitto_pub -V "$version" -i writer -t other -n -u name -P secret
    wait "$reader" || true
done
mosquitto_pub -V 5 -i writer -q 1 -t news/5 -m '{}' -D publish content-type application/json -D publish user-property a b \
    -D publish message-expiry-interval 60 -D connect session-expiry-interval 5 -D connect receive-maximum 10
# Long enough for a ping.
mosquitto_sub -V 5 -i late -k 5 -t other -W 7 >/dev/null || true
keep

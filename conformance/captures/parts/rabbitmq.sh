# RabbitMQ: pika over AMQP 0-9-1 and stomp.py over STOMP.
need rabbitmq-server rabbitmq-server
need_python pika python3-pika
need_python stomp python3-stomp
packaged rabbitmq-server python3-pika python3-stomp
export HOME=$work RABBITMQ_NODENAME=capture@localhost RABBITMQ_BASE=$work RABBITMQ_MNESIA_BASE=$work/mnesia RABBITMQ_LOG_BASE=$work/log
export RABBITMQ_ENABLED_PLUGINS_FILE=$work/plugins RABBITMQ_CONFIG_FILE=$work/none RABBITMQ_CONF_ENV_FILE=$work/none RABBITMQ_NODE_IP_ADDRESS=127.0.0.1
mkdir "$work/log"
echo '[rabbitmq_stomp].' >"$work/plugins"
/usr/lib/rabbitmq/bin/rabbitmq-server >"$work/out" 2>&1 &
await 61613
sleep 2
cat >"$work/amqp.py" <<'PY'
import pika

def connect(**options):
    return pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", **options))

connection = connect(client_properties={"a": 1, "b": ["x", True, 3], "c": {"d": None}})
channel = connection.channel()
channel.confirm_delivery()
channel.exchange_declare("news", "topic", arguments={"x-text": "text", "x-number": 2**40})
queue = channel.queue_declare("", exclusive=True).method.queue
channel.queue_bind(queue, "news", "a.#")
for body in [b"", b"hello", b"z" * 6000]:
    properties = pika.BasicProperties("text/plain", headers={"h": "v", "n": -1}, delivery_mode=2, priority=3, correlation_id="c", expiration="60000", message_id="m", timestamp=1)
    channel.basic_publish("news", "a.b", body, properties)
channel.basic_qos(prefetch_count=2)
for method, _, _ in channel.consume(queue, inactivity_timeout=0.5):
    if method is None:
        break
    (channel.basic_nack if method.delivery_tag == 2 and not method.redelivered else channel.basic_ack)(method.delivery_tag)
channel.cancel()
channel.basic_get(queue)
try:
    channel.basic_publish("news", "nobody", b"returned", mandatory=True)
except pika.exceptions.UnroutableError:
    pass
second = connection.channel()
second.tx_select()
second.basic_publish("news", "a.c", b"in a transaction")
second.tx_rollback()
try:
    second.queue_declare("nothing", passive=True)
except pika.exceptions.ChannelClosed:
    pass
channel.queue_purge(queue)
channel.exchange_delete("news")
connection.close()
beating = connect(heartbeat=2)
beating.sleep(3.2)
beating.close()
PY
cat >"$work/stomp.py.client" <<'PY'
import time, stomp

for make in (stomp.Connection10, stomp.Connection11, stomp.Connection12):
    options = {} if make is stomp.Connection10 else {"heartbeats": (700, 700), "vhost": "/"}
    connection = make([("127.0.0.1", 61613)], **options)
    connection.connect("guest", "guest", wait=True)
    connection.subscribe("/queue/a", id="1", ack="client")
    connection.send("/queue/a", "hello", receipt="r1")
    connection.send("/queue/a", "", headers={"colon": "a:b"})
    connection.send("/queue/a", b"a\0b\n".decode(), content_type="application/octet-stream")
    connection.begin("t")
    connection.send("/queue/a", "z" * 2000, transaction="t")
    connection.commit("t")
    time.sleep(1)
    connection.unsubscribe("1")
    connection.disconnect(receipt="bye")
wrong = stomp.Connection12([("127.0.0.1", 61613)], reconnect_attempts_max=1)
try:
    wrong.connect("guest", "wrong", wait=True)
except Exception:
    pass
PY
record amqp 5672
"$python" "$work/amqp.py"
keep
record stomp 61613
"$python" "$work/stomp.py.client"
keep

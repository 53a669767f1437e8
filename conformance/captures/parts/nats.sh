# nats-py: publishing, subscribing, queue groups, requests, headers, JetStream, a long payload, draining; a publish that is not allowed; commands as a person types them.
need nats-server nats-server
need_pypi nats nats-py==2.9.0
packaged nats-server
version nats-py 2.9.0
cat >"$work/client.py" <<'PY'
import asyncio, nats

async def main():
    async def quiet(error):
        pass
    client = await nats.connect("nats://127.0.0.1:4222", name="client", error_cb=quiet)
    other = await nats.connect("nats://127.0.0.1:4222", verbose=True, pedantic=True, error_cb=quiet)

    async def answer(message):
        await message.respond(b"answer to " + message.data)

    await other.subscribe("help.*", "workers", cb=answer)
    got = await client.subscribe("news.>")
    await other.flush()
    for payload in [b"", b"hello", b"\r\nPUB x 1\r\n", b"z" * 4000]:
        await client.publish("news.a", payload)
        assert (await got.next_msg()).data == payload
    await client.publish("news.b", b"with headers", headers={"Key": "value", "Other": "a b"})
    assert (await got.next_msg()).headers["Key"] == "value"
    assert (await client.request("help.me", b"question", timeout=2)).data == b"answer to question"
    try:
        await client.request("nobody.there", b"", timeout=2)
    except nats.errors.NoRespondersError:
        pass
    stream = client.jetstream()
    await stream.add_stream(name="kept", subjects=["kept.*"])
    await stream.publish("kept.a", b"stored", headers={"Nats-Msg-Id": "1"})
    pull = await stream.pull_subscribe("kept.*", "reader")
    for message in await pull.fetch(1, timeout=2):
        await message.ack()
    await got.unsubscribe(limit=1)
    await client.drain()
    await other.close()

asyncio.run(main())
PY
nats-server -a 127.0.0.1 -p 4222 -js -sd "$work/store" >"$work/log" 2>&1 &
await 4222
record nats 4222
"$pypi/bin/python" "$work/client.py"
exec 3<>/dev/tcp/127.0.0.1/4222
printf 'CONNECT {"verbose":false}\r\nping\r\nSUB a 1\r\npub a 2\r\nhi\r\nUNSUB 1\r\nnonsense\r\n' >&3
timeout 2 cat <&3 >/dev/null || true
exec 3>&-
keep

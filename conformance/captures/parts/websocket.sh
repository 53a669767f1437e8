# A client of python-websockets through nginx to a server of python-websockets: text and binary, each form of the length, fragments, ping and pong, a close with a reason.
need nginx nginx-light
need_python websockets python3-websockets
packaged nginx python3-websockets
cat >"$work/conf" <<CONF
user root; daemon off; worker_processes 1; pid $work/pid; error_log $work/error;
events { }
http {
    access_log off; client_body_temp_path $work/body;
    proxy_temp_path $work/a; fastcgi_temp_path $work/b; uwsgi_temp_path $work/c; scgi_temp_path $work/d;
    server { listen 127.0.0.1:8081; location / {
        proxy_pass http://127.0.0.1:8082; proxy_http_version 1.1; proxy_set_header Upgrade \$http_upgrade; proxy_set_header Connection upgrade; } }
}
CONF
cat >"$work/server.py" <<'PY'
import asyncio, websockets

async def serve(socket):
    try:
        async for message in socket:
            await socket.send(message)
            if message == "ping me":
                await (await socket.ping(b"from the server"))
    except websockets.ConnectionClosed:
        pass

async def main():
    async with websockets.serve(serve, "127.0.0.1", 8082, compression=None):
        await asyncio.Future()

asyncio.run(main())
PY
cat >"$work/client.py" <<'PY'
import asyncio, websockets

async def main():
    async with websockets.connect("ws://127.0.0.1:8081/chat", compression=None) as socket:
        for message in ["", "hello", "x" * 125, "x" * 126, b"\0\xff" * 700, b"", "ping me", "grüße"]:
            await socket.send(message)
            assert await socket.recv() == message
        await (await socket.ping(b"from the client"))
        await socket.send(["in ", "three ", "parts"])
        assert await socket.recv() == "in three parts"
        await socket.close(code=1000, reason="done")
    async with websockets.connect("ws://127.0.0.1:8081/big", compression=None) as socket:
        # 64 bits of length in both directions would be too long for this file; the longest of 16 bits is sent once.
        await socket.send(b"z" * 5000)
        await socket.recv()

asyncio.run(main())
PY
nginx -c "$work/conf" &
"$python" "$work/server.py" &
await 8082
await 8081
record websocket 8081
"$python" "$work/client.py"
keep

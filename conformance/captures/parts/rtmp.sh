# rtmpdump plays a file from nginx's RTMP module: handshake, connect, createStream, play, audio and video in chunks, a name that is not there.
need nginx nginx-light
need /usr/lib/nginx/modules/ngx_rtmp_module.so libnginx-mod-rtmp
need rtmpdump rtmpdump
packaged nginx libnginx-mod-rtmp rtmpdump
mkdir "$work/files"
"$python" - "$work/files/film.flv" <<'PY'
import struct, sys

def tag(kind, at, data):
    head = struct.pack(">B", kind) + struct.pack(">I", len(data))[1:] + struct.pack(">I", at)[1:] + b"\0\0\0\0"
    return head + data + struct.pack(">I", 11 + len(data))

def text(value):
    return struct.pack(">H", len(value)) + value

meta = b"\x02" + text(b"onMetaData") + b"\x08" + struct.pack(">I", 2)
meta += text(b"duration") + b"\0" + struct.pack(">d", 0.4) + text(b"width") + b"\0" + struct.pack(">d", 16.0) + b"\0\0\x09"
flv = b"FLV\x01\x05\0\0\0\x09\0\0\0\0" + tag(18, 0, meta)
for number in range(10):
    # Sorenson's H.263 (a key frame, then others), and MP3.
    flv += tag(9, number * 40, (b"\x12" if number % 5 == 0 else b"\x22") + b"\x5a" * (600 if number % 5 == 0 else 90))
    flv += tag(8, number * 40, b"\x2f" + b"\xa5" * 104)
open(sys.argv[1], "wb").write(flv)
PY
chmod -R a+rX "$work"
cat >"$work/conf" <<CONF
load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
user root; daemon off; worker_processes 1; pid $work/pid; error_log $work/error;
events { }
rtmp { server { listen 127.0.0.1:1935; application vod { play $work/files; } } }
CONF
nginx -c "$work/conf" &
await 1935
record rtmp 1935
timeout 10 rtmpdump -q -r rtmp://127.0.0.1/vod/film.flv -o "$work/got.flv" || true
[ "$(stat -c %s "$work/got.flv")" -gt 2000 ]
timeout 3 rtmpdump -q -r rtmp://127.0.0.1/vod/nothing.flv -o "$work/none.flv" || true
keep

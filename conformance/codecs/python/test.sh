#!/bin/sh
# Runs the code of docs/codecs/python.md, and sees that the page shows it as it is. Pushes chunks before the others are
# used up. Begins with a session.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here"
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=generated python3 examples/socket_loop.py
PYTHONDONTWRITEBYTECODE=1 python3 - <<'PY'
import re
page = open("../../../docs/codecs/python.md").read()
shown = "".join(open(f"examples/{name}").read() for name in ("socket_loop.py", "session-server.py"))
blocks = re.findall("```python\n(.*?)```", page, re.S)
assert blocks, "the page shows no code"
for block in blocks:
    assert block in shown, f"not in the examples:\n{block}"
PY
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=generated python3 - <<'PY'
from record import Decoder, Frame
wires = [Frame(session=index, opcode=1, payload=b"x" * index).encode() for index in range(6)]
for cut in range(len(wires[1]) + 1):
    decoder = Decoder()
    decoder.push(wires[0])
    decoder.push(wires[1][:cut])
    sessions = [frame.session for frame in (decoder.next(), decoder.next()) if frame is not None]
    for chunk in (wires[1][cut:], b"", wires[2] + wires[3], wires[4], wires[5]):
        decoder.push(chunk)
    sessions += [frame.session for frame in decoder]
    assert sessions == [0, 1, 2, 3, 4, 5], (cut, sessions)
    decoder.finish()
# One frame taken, two chunks behind it.
decoder = Decoder()
decoder.push(wires[0])
decoder.push(wires[1])
first = decoder.next()
decoder.push(wires[2])
assert first is not None and [first.session] + [frame.session for frame in decoder] == [0, 1, 2]
# Many chunks at once.
decoder = Decoder()
stream = b"".join(wires) * 1000
for at in range(len(stream)):
    decoder.push(stream[at : at + 1])
assert [frame.session for frame in decoder] == [0, 1, 2, 3, 4, 5] * 1000
decoder.finish()
PY
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=generated python3 - <<'PY'
import asyncio
from phases import Class, Decoder, Phase, Reject, Session, frames
# `Q` with `odd`, since three frames came before; `X`, behind which the stream closes; `BYE`.
stream = b"Q\0\0\0\x06hi\x07" b"X\0\0\0\x04" b"BYE\x02"
session = Session(Phase.READY, 3)
wanted = [
    (Phase.READY, 3, ord("Q"), b"hi", 7, None), (Phase.READY, 0, ord("X"), b"", None, None), (Phase.CLOSING, 1, None, None, None, 2)
]
def told(frame): return (frame.phase, frame.frames, frame.kind, frame.payload, frame.odd, frame.count)
for cut in range(len(stream) + 1):
    decoder, got = Decoder(session), []
    for chunk in stream[:cut], stream[cut:]:
        decoder.push(chunk)
        got += map(told, decoder)
    assert got == wanted, (cut, got)
    decoder.finish()
async def read():
    reader = asyncio.StreamReader()
    reader.feed_data(stream)
    reader.feed_eof()
    return [told(frame) async for frame in frames(reader, session)]
assert asyncio.run(read()) == wanted
# At the start of a stream the same bytes are the length of a start-up packet.
decoder = Decoder()
decoder.push(stream)
try:
    decoder.next()
    raise AssertionError("taken")
except Reject as reject:
    assert (reject.class_, reject.at) == (Class.FRAME_TOO_LARGE, 3), reject
PY

#!/bin/sh
# Runs the code of docs/codecs/python.md, and sees that the page shows it as it is. Pushes chunks before the others are used up.
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

#!/bin/sh
# Runs the code of docs/codecs/python.md, and sees that the page shows it as it is.
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

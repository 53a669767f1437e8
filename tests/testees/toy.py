"""A testee for the toy protocol (u32 little-endian length and body) that misbehaves in the way its argument names.

The trigger of most ways is the stream's second-to-last segmentation with a cut at 6."""

import json
import os
import signal
import subprocess
import sys
import time

way = sys.argv[1] if len(sys.argv) > 1 else "none"
leaked = 0


def decode(data, cuts):
    global leaked
    buf, fed, pieces = b"", 0, 0
    for cut in cuts + [len(data)]:
        buf += data[fed:cut]
        pieces += cut > fed
        if way == "wrong-on-two-cuts" and pieces == 3 and len(cuts) == 2:
            buf = buf[1:]
        fed = cut
        while len(buf) >= 4:
            size = 4 + int.from_bytes(buf[:4], "little")
            if size > 304:
                yield f"{fed}!frame-too-large {size}"
                return
            if len(buf) < size:
                break
            yield f"{fed}:{buf[:size].hex()}"
            buf = buf[size:]
    leaked += 1
    yield "+" if buf else "."


def misbehave(cuts, line):
    """The line to be written for this case, or nothing for the right one."""
    if cuts != [6]:
        return None
    if way == "crash":
        sys.stdout.flush()
        print("about to crash", file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGSEGV)
    if way in ("exit", "encode-exit"):
        sys.exit(3)
    if way == "hang":
        subprocess.Popen(["sleep", "1000"])
        time.sleep(1000)
    if way == "garbage":
        return "hello world"
    if way == "not-utf8":
        return "\udcff\udcfe"
    if way == "two-replies":
        return line + "\n" + line
    if way == "no-reply":
        return ""
    if way == "endless":
        while True:
            sys.stdout.write("7:" + "00" * 65536)
    if way == "leak" and leaked > 20:
        return line.replace("00", "11", 1)
    return None


def encode(value):
    """Crashes or hangs on some values."""
    body = bytes.fromhex(value)
    if way == "encode-crash" and body == b"b":
        sys.exit(3)
    if way == "encode-hang":
        time.sleep(1000)
    return (len(body).to_bytes(4, "little") + body).hex()


def main():
    served = 0
    sys.stdout.reconfigure(errors="surrogateescape")
    if way == "silent":
        time.sleep(1000)
    if way == "no-start":
        print("there is no decoder here", file=sys.stderr, flush=True)
        sys.exit(7)
    for line in sys.stdin:
        op, *args = line.split()
        if op == "fwt":
            if way == "skip":
                print("skip the extension is absent")
            elif way == "bad-hello":
                print("hello")
            else:
                checks = " checks=framing" if way == "framing" else ""
                ops = "de" if way.startswith("encode") else "d"
                print(f"fwt 1 name=toy version=9.1 language=python emits=frame ops={ops}" + checks)
            sys.stdout.flush()
            if way in ("deaf", "deaf-to-long-lines"):
                time.sleep(1000)
            if way == "escapes":
                subprocess.Popen(["sleep", "30"], stdin=0, start_new_session=True)
                time.sleep(1000)
            if way in ("floods", "floods-right"):
                os.execvp("yes", ["yes", "." if way == "floods" else "+"])
        elif op == "q":
            print("bye", served + (way == "miscounts"))
            break
        elif op == "e":
            served += 1
            print(encode(json.loads(args[0])))
        elif op == "d":
            data = b"" if args[0] == "_" else bytes.fromhex(args[0])
            for seg in args[1:]:
                seg = seg.lstrip("~")
                cuts = [] if seg == "-" else [int(c) for c in seg.split(",")]
                reply = "\t".join(decode(data, cuts))
                other = misbehave(cuts, reply)
                served += 1
                if other is None:
                    print(reply)
                elif other:
                    print(other)
        sys.stdout.flush()


main()

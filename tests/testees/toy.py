"""A testee for the toy protocol (u32 little-endian length and body) that misbehaves in the way its argument names.

The trigger of most ways is the stream's second-to-last segmentation with a cut at 6."""

import json
import os
import signal
import subprocess
import sys
import time

way = sys.argv[1] if len(sys.argv) > 1 else "none"
mark = sys.argv[2] if len(sys.argv) > 2 else ""
leaked = 0
last = ""
limit = 304
kept = []  # by who never forgets


def decode(data, cuts):
    global leaked
    buf, fed, pieces, room = bytearray(), 0, 0, None
    for cut in cuts + [len(data)]:
        if way == "concatenates":
            buf = buf + data[fed:cut]
        else:
            buf += data[fed:cut]
        pieces += cut > fed
        if way == "wrong-on-two-cuts" and pieces == 3 and len(cuts) == 2:
            buf = buf[1:]
        fed = cut
        while len(buf) >= 4:
            size = 4 + int.from_bytes(buf[:4], "little")
            if size > limit and way != "unbounded":
                yield f"{fed}!frame-too-large {size}"
                return
            if len(buf) < size:
                if way in ("allocates", "reserves") and room is None:
                    room = bytearray(size)
                    if way == "allocates":  # and touches every page
                        room[::4096] = b"\1" * len(room[::4096])
                break
            yield f"{fed}:{buf[:size].hex()}"
            if way == "shifts":
                buf = buf[size:]
            else:
                del buf[:size]
    if way == "never-forgets":
        kept.append(bytes(data))
    leaked += 1
    yield "+" if buf else "."


def child(**options):
    """A process that outlives its parent, with the parent's pipes."""
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)", mark], **options)


def misbehave(cuts, line):
    """The line to be written for this case, or nothing for the right one."""
    global last
    if way == "late-by-one":
        last, behind = line, last
        return behind or line
    if way == "exit-after-20" and leaked > 20:
        sys.exit(3)
    if cuts != [6]:
        return None
    if way == "abort":
        os.abort()
    if way == "closes-stdout":
        os.close(1)
        time.sleep(1000)
    if way == "stops-reading":
        print(line, flush=True)
        time.sleep(1000)
    if way in ("half-a-line-and-exit", "half-a-line-and-hang"):
        sys.stdout.write(line[:3])
        sys.stdout.flush()
        if way == "half-a-line-and-exit":
            os._exit(3)
        time.sleep(1000)
    if way == "half-a-line":
        sys.stdout.write(line[:3])
        return ""
    if way == "empty-line":
        return "\r"
    if way == "carriage-return":
        return line + "\r"
    if way == "no-end":
        return "7:03000000616263"
    if way == "fed-of-no-chunk":
        return line.replace("7:", "5:", 1) if "7:" in line else "5!error of no chunk"
    if way == "logs-gigabytes":
        for _ in range(1 << 12):
            os.write(2, b"x" * (1 << 16))
    if way == "child-holds-pipe":
        child(stdin=0)
        sys.stdout.flush()
        os._exit(3)
    if way == "child-in-a-session":
        child(start_new_session=True)
    if way == "ignores-signals":
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
            signal.signal(number, signal.SIG_IGN)
        time.sleep(1000)
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
    global limit
    served = 0
    sys.stdout.reconfigure(errors="surrogateescape")
    if way == "silent":
        time.sleep(1000)
    if way == "endless-hello":
        while True:
            sys.stdout.write("fwt 1 " * 10000)
    if way == "no-start":
        print("there is no decoder here", file=sys.stderr, flush=True)
        sys.exit(7)
    for line in sys.stdin:
        op, *args = line.split()
        if op == "fwt":
            limit = int(dict(arg.split("=") for arg in args[1:]).get("max", 304))
            if way == "skip":
                print("skip the extension is absent")
            elif way == "bad-hello":
                print("hello")
            else:
                checks = " checks=framing" if way == "framing" else ""
                ops = "de" if way.startswith("encode") else "d"
                print(f"fwt 1 name=toy version=9.1 language=python emits=frame ops={ops}" + checks)
            sys.stdout.flush()
            if way == "hello-and-exit":
                sys.exit(3)
            if way in ("deaf", "deaf-to-long-lines"):
                time.sleep(1000)
            if way == "escapes":
                child(stdin=0, start_new_session=True)
                time.sleep(1000)
            if way in ("floods", "floods-right"):
                os.execvp("yes", ["yes", "." if way == "floods" else "+"])
        elif op == "q":
            if way == "exit-at-q":
                sys.exit(3)
            print("bye", served + (way == "miscounts"))
            if way == "lives-on":
                sys.stdout.flush()
                time.sleep(1000)
            break
        elif op == "e":
            served += 1
            print(encode(json.loads(args[0])))
        elif op == "d":
            data = b"" if args[0] == "_" else bytes.fromhex(args[0])
            segments = args[1:]
            if way == "swapped":
                segments[1:] = reversed(segments[1:])
            for seg in segments:
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

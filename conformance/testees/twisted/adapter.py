"""Twisted's IntNStringReceiver and LineReceiver behind FWT/1. Both hand out contents; where strip=0 asks for the
whole frame, the adapter puts back the length field or the delimiter, which the content determines."""
import struct
import sys

import twisted
from twisted.internet.testing import StringTransport
from twisted.protocols.basic import IntNStringReceiver, LineReceiver, StringTooLongError


class Unservable(Exception):
    pass


def length_field(g):
    width, strip, adjust = int(g["width"]), int(g["strip"]), int(g["adjust"])
    if int(g["offset"]) or adjust:
        raise Unservable("a length prefix counts what follows it, nothing before it and no adjustment")
    if width not in (1, 2, 4, 8) or g.get("signed") == "1":
        raise Unservable("the prefix is a struct format: unsigned, of 1, 2, 4 or 8 bytes")
    if strip not in (0, width):
        raise Unservable(f"strip={strip}: the prefix is taken off, no more and no less")
    prefix = struct.Struct("<>"[g["endian"] == "big"] + {1: "B", 2: "H", 4: "I", 8: "Q"}[width])

    class Receiver(IntNStringReceiver):
        structFormat, prefixLength, MAX_LENGTH = prefix.format, width, int(g["max"]) - width

        def stringReceived(self, string):
            self.events.append((self.fed, string if strip else prefix.pack(len(string)) + string))

        def left(self):
            return self.recvd

    return Receiver, "frame-too-large"


def delimiter(g):
    if "," in g["delimiters"]:
        raise Unservable("one delimiter only")
    end = bytes.fromhex(g["delimiters"])
    kept = b"" if g["strip"] == "1" else end

    class Receiver(LineReceiver):
        delimiter, MAX_LENGTH = end, int(g["max"])

        def lineReceived(self, line):
            self.events.append((self.fed, line + kept))

        def left(self):
            return self.clearLineBuffer()

    return Receiver, "delimiter-too-far"


def configure(g):
    if g.get("oversize", "close") != "close" or g.get("reject", "close") != "close":
        raise Unservable("the connection is dropped on a length over the limit")
    if g["framing"] not in ("length-field", "delimiter"):
        raise Unservable(f"no receiver for framing={g['framing']}")
    return (length_field if g["framing"] == "length-field" else delimiter)(g)


def decode(receiver, too_long, data, cuts):
    protocol, transport = receiver(), StringTransport()
    protocol.events, fed, end = [], 0, ""
    protocol.makeConnection(transport)
    for cut in cuts:
        protocol.fed = cut
        protocol.dataReceived(data[fed:cut])
        fed = cut
        if transport.disconnecting:
            end = f"{cut}!{too_long}"
            break
    return "\t".join([f"{at}:{frame.hex() or '_'}" for at, frame in protocol.events] + [end or ("+" if protocol.left() else ".")])


def encode(receiver, payload):
    protocol, transport = receiver(), StringTransport()
    protocol.makeConnection(transport)
    try:
        protocol.sendString(payload)
        return transport.value().hex()
    except StringTooLongError as e:
        return f"!frame-too-large {e}"


def main():
    served, receiver, too_long = 0, None, None
    for line in sys.stdin:
        op, *args = line.split()
        if op == "fwt":
            try:
                receiver, too_long = configure(dict(arg.split("=") for arg in args[1:]))
                ops = "de" if hasattr(receiver, "sendString") else "d"
                print(f"fwt 1 name=twisted version={twisted.__version__} language=python emits=frame ops={ops} checks=framing")
            except Unservable as e:
                print("skip", e)
        elif op == "d":
            data = bytes.fromhex(args[0].strip("_"))
            for seg in args[1:]:
                cuts = [int(cut) for cut in seg.strip("~-").split(",") if cut]
                print(decode(receiver, too_long, data, cuts + [len(data)]))
            served += len(args) - 1
        elif op == "e":
            print(encode(receiver, bytes.fromhex(args[0].strip('"_'))))
            served += 1
        elif op == "q":
            print("bye", served)
            break
        sys.stdout.flush()


main()

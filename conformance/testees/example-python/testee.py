import sys

SERVED = set("framing=length-field offset=0 width=4 endian=big signed=0 adjust=0 strip=0 oversize=close".split())

def decode(data, cuts, limit):
    """Feeds data[:cuts[0]], data[cuts[0]:cuts[1]], … and returns one field per event."""
    events, buf, fed = [], bytearray(), 0
    for cut in cuts:
        buf += data[fed:cut]; fed = cut
        while len(buf) >= 4:
            end = 4 + int.from_bytes(buf[:4], "big")
            if end > limit: return events + [f"{fed}!frame-too-large"]
            if len(buf) < end: break
            events.append(f"{fed}:{buf[:end].hex()}"); del buf[:end]
    return events + ["+" if buf else "."]

served = 0
for line in sys.stdin:
    op, *args = line.split()
    if op == "fwt" and SERVED <= set(args):
        limit = int(dict(arg.split("=") for arg in args[1:])["max"])
        print("fwt 1 name=example version=1 language=python emits=frame ops=d checks=framing")
    elif op == "fwt": print("skip this example reads a u32 big-endian length and a body")
    elif op == "q": print("bye", served); break
    elif op == "d":
        data = bytes.fromhex(args[0].strip("_"))
        for seg in args[1:]:
            cuts = [int(cut) for cut in seg.strip("~-").split(",") if cut] + [len(data)]
            print("\t".join(decode(data, cuts, limit))); served += 1
    sys.stdout.flush()

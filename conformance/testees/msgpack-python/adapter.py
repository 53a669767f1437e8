"""msgpack.Unpacker behind FWT/1: feed, iterate, and tell() says where each object ended."""
import sys

import msgpack


def decode(limit, data, cuts):
    unpacker = msgpack.Unpacker(max_buffer_size=limit, raw=True, strict_map_key=False, use_list=False)
    events, fed, start = [], 0, 0
    for cut in cuts:
        try:
            unpacker.feed(data[fed:cut])
            for _ in unpacker:
                end = unpacker.tell()
                events.append(f"{cut}:{data[start:end].hex()}")
                start = end
        except Exception as e:  # BufferFull, FormatError, StackError, and what building the object raises
            too_large = isinstance(e, msgpack.BufferFull) or " exceeds max_" in str(e)
            name = "frame-too-large" if too_large else "bad-body"
            return events + [f"{cut}!{name} {type(e).__name__} {' '.join(str(e).split())}"]
        fed = cut
    return events + ["+" if start < len(data) else "."]


def main():
    served, limit = 0, 0
    for line in sys.stdin:
        op, *args = line.split()
        if op == "fwt":
            g = dict(arg.split("=") for arg in args[1:])
            if g["framing"] != "msgpack":
                print("skip Unpacker reads MessagePack only")
            elif g.get("oversize", "close") != "close" or g.get("reject", "close") != "close":
                print("skip an Unpacker that raised is not fed again")
            else:
                limit = int(g["max"])
                version = ".".join(map(str, msgpack.version))
                print(f"fwt 1 name=msgpack-python version={version} language=python emits=frame ops=d checks=framing")
        elif op == "d":
            data = bytes.fromhex(args[0].strip("_"))
            for seg in args[1:]:
                cuts = [int(cut) for cut in seg.strip("~-").split(",") if cut]
                print("\t".join(decode(limit, data, cuts + [len(data)])))
            served += len(args) - 1
        elif op == "q":
            print("bye", served)
            break
        sys.stdout.flush()


main()

"""A decoder of the ping protocol, and the testee around it."""
import sys

MAGIC, HEADER = 0xF00D, 4


class Decoder:
    def __init__(self):
        self.rest = b""

    def feed(self, chunk):
        """Takes the next bytes and yields the whole frames that they complete."""
        buf = self.rest + chunk
        while len(buf) >= HEADER:
            if int.from_bytes(buf[:2], "big") != MAGIC:
                raise ValueError("bad-const")
            end = HEADER + int.from_bytes(buf[2:4], "big")
            if len(buf) < end:
                break
            yield buf[:end]
            buf = buf[end:]
        self.rest = buf if len(buf) >= HEADER else b""


def case(data, segmentation):
    """One reply line of the testee protocol."""
    cuts = [int(cut) for cut in segmentation.lstrip("~").split(",") if cut != "-"]
    decoder, start, events = Decoder(), 0, []
    for end in cuts + [len(data)]:
        try:
            for frame in decoder.feed(data[start:end]):
                events.append(f"{end}:{frame.hex()}")
        except ValueError as error:
            return "\t".join(events + [f"{end}!{error}"])
        start = end
    return "\t".join(events + ["+" if decoder.rest else "."])


def main():
    served = 0
    for line in sys.stdin:
        word, *rest = line.split()
        if word == "fwt":
            known = "protocol=ping" in rest
            print("fwt 1 name=ping version=1 language=python emits=frame ops=d" if known else "skip only ping")
        elif word == "d":
            data = b"" if rest[0] == "_" else bytes.fromhex(rest[0])
            for segmentation in rest[1:]:
                print(case(data, segmentation))
                served += 1
        elif word == "q":
            print("bye", served)
            return
        sys.stdout.flush()


if __name__ == "__main__":
    main()

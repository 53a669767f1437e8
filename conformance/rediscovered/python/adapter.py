"""Releases of PyPI packages behind FWT/1: `adapter.py pymodbus-3.6.1`. See libraries.py."""
import pathlib
import sys

import libraries

HOME = pathlib.Path(__file__).parents[2] / ".installed/rediscovered/python"


def decode(make, data, cuts):
    events, fed = [], 0
    decoder = make(data, lambda frame: events.append(f"{fed}:{frame.hex() or '_'}"))
    for cut in cuts:
        chunk, fed = data[fed:cut], cut
        try:
            decoder.feed(chunk)
        except Exception as e:
            name = "delimiter-too-far" if isinstance(e, libraries.TooLong) else "error"
            return events + [f"{fed}!{name} {type(e).__name__} {' '.join(str(e).split())}"]
    return events + ["?"]


def main():
    release = sys.argv[1]
    name = release.rpartition("-")[0]
    sys.path[1:1] = [str(HOME / release), str(HOME / f"{name}-needs")]
    served, make = 0, None
    for line in sys.stdin:
        op, *args = line.split()
        if op == "fwt":
            g = dict(arg.split("=") for arg in args[1:])
            try:
                libraries.need(g.get("oversize") != "skip" and g.get("reject", "close") == "close", "an error ends the stream")
                make, version = getattr(libraries, name)(g)
                print(f"fwt 1 name={name} version={version} language=python emits=frame ops=d checks=framing")
            except libraries.Unservable as e:
                print("skip", e)
        elif op == "d":
            data = bytes.fromhex(args[0].strip("_"))
            for seg in args[1:]:
                print("\t".join(decode(make, data, [int(cut) for cut in seg.strip("~-").split(",") if cut] + [len(data)])))
            served += len(args) - 1
        elif op == "q":
            print("bye", served)
            break
        sys.stdout.flush()


main()

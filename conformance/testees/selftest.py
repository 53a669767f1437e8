#!/usr/bin/env python3
"""Drives installed testees by hand: selftest.py [NAME…]. Prints what each serves and its segmentations per second."""
import pathlib, re, subprocess, sys, threading, time

ROOT = pathlib.Path(__file__).resolve().parents[2]
LENGTH = "framing=length-field offset=0 width={} endian={} signed=0 adjust={} strip={} max={}"
CASES = [  # geometry, stream, the frames as they must come out
    (LENGTH.format(4, "big", 0, 0, 65536), "00000002aabb0000000000000003ccddee00000009", "00000002aabb 00000000 00000003ccddee"),
    (LENGTH.format(2, "little", 0, 2, 100), "0200aabb0300ccddee0a00112233445566778899aa01", "aabb ccddee 112233445566778899aa"),
    (LENGTH.format(1, "big", -1, 1, 128), "03aabb04ccddee0b112233445566778899aa05", "aabb ccddee 112233445566778899aa"),
    (LENGTH.format(1, "big", 0, 1, 128), "02aabb03ccddee0a112233445566778899aa05", "aabb ccddee 112233445566778899aa"),
    ("framing=fixed size=4 strip=0 max=4", "00112233445566778899aabbccddeeff01", "00112233 44556677 8899aabb ccddeeff"),
    ("framing=delimiter delimiters=0d0a strip=1 max=20", "61620d0a630d0a0d646566670d0a6869", "6162 63 0d64656667"),
    ("framing=delimiter delimiters=0a,0d0a strip=1 max=20", "61620a630d0a646566670d0a6869", "6162 63 64656667"),
    ("framing=msgpack max=65536", "93010203a568656c6c6f81a161ccffcd0100c4020102", "93010203 a568656c6c6f 81a161ccff cd0100 c4020102"),
]

def square(n):
    """Every chunk [i,j): whole neighbours, an every-byte head, an every-byte tail, and itself cut to bytes."""
    runs = lambda a, b: list(range(a, b))
    return ["-", "~-", "0", "0,0", f"{n}", f"~{n},{n}", "1,1,1"] + [",".join(map(str, cuts)) for i in range(1, n) for j in range(i + 1, n)
                    for cuts in ([i, j], runs(1, i + 1) + [j], [i] + runs(j, n), runs(i, j + 1))]

def expected(reply, frames, rest):
    fields = reply.split("\t")
    return [f.split(":", 1)[-1].replace("_", "") for f in fields[:-1]] == frames and fields[-1] in (rest, "?")

def drive(name, command):
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        def ask(line):
            child.stdin.write(line.encode() + b"\n"); child.stdin.flush()
            return child.stdout.readline().decode().rstrip("\n")
        for geometry, stream, frames in CASES:
            said = ask(f"fwt 1 protocol=selftest {geometry} oversize=close reject=close")
            if not said.startswith("fwt 1 "): print(f"{name:16} {geometry.split(' signed')[0]}: {said}"); continue
            strip = int(geometry.partition("strip=")[2][:1] or 0)
            segs = square(len(stream) // 2)
            rest = "+" if stream.endswith(("09", "01", "05", "69")) else "."
            once, rounds = f"d {stream} {' '.join(segs)}\n".encode(), max(2, 200_000 // len(segs))
            pump = threading.Thread(target=lambda: (child.stdin.write(once * rounds), child.stdin.flush()))
            start, replies, lines = time.time(), [], 0
            pump.start()
            while lines < rounds * len(segs) and (text := child.stdout.read1(1 << 20)):
                replies.append(text); lines += text.count(b"\n")
            rate = lines / (time.time() - start)
            replies = b"".join(replies).decode().splitlines()
            bad = {seg: reply for seg, reply in zip(segs, replies) if not expected(reply, frames.split(), rest)}
            steady = replies == replies[:len(segs)] * rounds
            print(f"{name:16} {geometry}\n{'':16} {said[6:]}\n{'':16} {rate:,.0f} segmentations/s, {len(bad)} of {len(segs)} differ"
                  f"{'' if steady else ', AND ROUNDS DIFFER'}", *list(bad.items())[:2])
        print(f"{name:16}", ask("q"), "exit", child.wait())

listed = re.findall(r"- name: (\S+)\n(?:    .*\n)*?    command: \[(.*)\]", (ROOT / "conformance/testees.yaml").read_text())
for name, command in listed:
    if not sys.argv[1:] or name in sys.argv[1:]: drive(name, [word.strip(chr(34)) for word in command.split(", ")])

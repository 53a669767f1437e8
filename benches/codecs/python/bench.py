"""The generated decoder of record.yaml against struct loops, in one process: ns a frame, payload × chunk.

`bytes` keeps what is left of the stream in a bytes object, as is usual, and is quadratic where chunks are small; `bytearray` reads at an
offset and drops what it used. Both hand out the same values in a dataclass. What every decoder says is compared with what went in.
"""

from __future__ import annotations

import statistics
import struct
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from record import Decoder, Frame

HEAD = struct.Struct(">IQB")
LIMIT = 16 << 20
CYCLES = 5


@dataclass
class Record:
    """A frame of the struct loops."""

    __slots__ = ("length", "session", "opcode", "payload")

    length: int
    session: int
    opcode: int
    payload: bytes


class BytesLoop:
    """The usual loop: `buf + chunk`, `buf[end:]`."""

    def __init__(self) -> None:
        self.buf = b""

    def feed(self, chunk: bytes) -> Iterator[Record]:
        buf = self.buf + chunk
        while len(buf) >= 13:
            length, session, opcode = struct.unpack_from(">IQB", buf)
            end = 13 + length
            if end > LIMIT:
                raise ValueError(length)
            if len(buf) < end:
                break
            yield Record(length, session, opcode, buf[13:end])
            buf = buf[end:]
        self.buf = buf


class BytearrayLoop:
    """The careful loop: a bytearray, an offset, a precompiled head."""

    def __init__(self) -> None:
        self.buf = bytearray()

    def feed(self, chunk: bytes) -> Iterator[Record]:
        buf = self.buf
        buf += chunk
        at = 0
        while len(buf) - at >= 13:
            length, session, opcode = HEAD.unpack_from(buf, at)
            end = at + 13 + length
            if end - at > LIMIT:
                raise ValueError(length)
            if len(buf) < end:
                break
            yield Record(length, session, opcode, bytes(buf[at + 13 : end]))
            at = end
        del buf[:at]


def run_loop(loop: BytesLoop | BytearrayLoop, chunks: list[bytes]) -> list[Record]:
    last: list[Record] = []
    for chunk in chunks:
        for record in loop.feed(chunk):
            last = [record]
            COUNT[0] += 1
    return last


def run_generated(decoder: Decoder, chunks: list[bytes]) -> list[Frame]:
    last: list[Frame] = []
    for chunk in chunks:
        decoder.push(chunk)
        while (frame := decoder.next()) is not None:
            last = [frame]
            COUNT[0] += 1
    return last


COUNT = [0]


def measure(run: Callable[[], list[Record] | list[Frame]], wanted: Record, frames: int) -> float:
    """Nanoseconds a frame; the answer is checked."""
    COUNT[0] = 0
    begun = time.process_time_ns()
    last = run()
    took = time.process_time_ns() - begun
    (got,) = last
    assert COUNT[0] == frames, (COUNT[0], frames)
    assert (got.length, got.session, got.opcode, got.payload) == (
        wanted.length,
        wanted.session,
        wanted.opcode,
        wanted.payload,
    )
    return took / frames


def main() -> None:
    print(f"Python {sys.version.split()[0]}; ns a frame, medians of {CYCLES} interleaved cycles; ratio: loop / generated")
    print("| payload / chunk | generated | bytes loop | ratio | bytearray loop | ratio |")
    print("|---|---:|---:|---:|---:|---:|")
    for size in (16, 64, 256, 1024, 16384, 65536):
        for chunk in (1, 7, 64, 1460, 65536):
            frames = max(2, min(10000, (100_000 if chunk < 64 else 4_000_000) // (size + 13)))
            payload = bytes(k % 251 for k in range(size))
            stream = (HEAD.pack(size, 2**64 - 2, 3) + payload) * frames
            chunks = [stream[at : at + chunk] for at in range(0, len(stream), chunk)]
            wanted = Record(size, 2**64 - 2, 3, payload)
            times: tuple[list[float], list[float], list[float]] = ([], [], [])
            for _ in range(CYCLES):
                times[0].append(measure(lambda: run_generated(Decoder(), chunks), wanted, frames))
                times[1].append(measure(lambda: run_loop(BytesLoop(), chunks), wanted, frames))
                times[2].append(measure(lambda: run_loop(BytearrayLoop(), chunks), wanted, frames))
            ours, usual, careful = map(statistics.median, times)
            print(
                f"| {size} / {chunk} | {ours:.0f} | {usual:.0f} | {usual / ours:.2f} | {careful:.0f} | {careful / ours:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()

"""A client of session-record: opens a session, sends N frames of data in pieces of odd sizes, checks that each comes back.

    session-client.py HOST PORT SESSION N

Prints `ok N`; where anything else comes back than it must, says so on stderr and exits with 1.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections.abc import AsyncIterator

from session_record import Frame, Opcode, Reject, Serializer, frames

PIECES = (1, 2, 3, 5, 1460, 65536)


class Failed(Exception):
    """The server did not do what it must."""


def data(session: int, k: int) -> Frame:
    """The k-th frame of data."""
    serializer = Serializer(k % 3)
    if serializer is Serializer.RAW:
        size = k * 7919 % 70001
        start = k % 251
        body = bytes(itertools.islice(itertools.cycle([*range(start, 251), *range(start)]), size))
    elif serializer is Serializer.JSON:
        body = b'{"k":%d}' % k
    else:
        body = b"\xcd" + (k & 0xFFFF).to_bytes(2, "big")
    return Frame(version=1, serializer=serializer, opcode=Opcode.DATA, session=session, body=body)


async def send(writer: asyncio.StreamWriter, stream: bytes) -> None:
    """Writes the stream in pieces, each on its own."""
    at = 0
    for size in itertools.cycle(PIECES):
        if at >= len(stream):
            return
        writer.write(stream[at : at + size])
        await writer.drain()
        at += size


async def expect(answers: AsyncIterator[Frame], wanted: Frame) -> None:
    """The next frame is this one, whatever length it was given."""
    async for frame in answers:
        wanted.length = len(wanted.body)
        if frame != wanted:
            raise Failed(f"got {frame!r:.200}, not {wanted!r:.200}")
        return
    raise Failed("the server ended the stream early")


async def talk(host: str, port: int, session: int, count: int) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    answers = frames(reader)
    opening = Frame(version=1, serializer=Serializer.RAW, opcode=Opcode.OPEN, session=session, body=b"")
    closing = Frame(version=1, serializer=Serializer.RAW, opcode=Opcode.CLOSE, session=session, body=b"")
    try:
        await send(writer, opening.encode())
        await expect(answers, opening)
        # Sending and receiving at once: neither side waits for the other to read.
        stream = b"".join(data(session, k).encode() for k in range(count))
        sending = asyncio.ensure_future(send(writer, stream))
        for k in range(count):
            await expect(answers, data(session, k))
        await sending
        await send(writer, closing.encode())
        await expect(answers, closing)
        async for frame in answers:
            raise Failed(f"behind the end: {frame!r:.200}")
    finally:
        writer.close()


def main() -> int:
    host, port, session, count = sys.argv[1:]
    try:
        asyncio.run(talk(host, int(port), int(session), int(count)))
    except (Failed, Reject, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print("ok", count)
    return 0


if __name__ == "__main__":
    sys.exit(main())

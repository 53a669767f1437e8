"""A server of session-record: answers `open` and `close`, and sends back what it is given.

Prints `listening PORT`, then serves any number of connections until it is stopped.
"""

from __future__ import annotations

import asyncio

from session_record import Frame, Opcode, Reject, Serializer, frames

# What stands for no value, by serializer.
NOTHING = {Serializer.RAW: b"", Serializer.JSON: b"null", Serializer.MSGPACK: b"\xc0"}


def answer(frame: Frame) -> Frame:
    """What the server says to a frame."""
    if frame.opcode not in (Opcode.OPEN, Opcode.CLOSE):
        return frame
    return Frame(
        version=frame.version,
        serializer=frame.serializer,
        opcode=frame.opcode,
        session=frame.session,
        body=NOTHING[frame.serializer],
    )


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, up to its `close`, its end, or a byte that belongs to no frame."""
    try:
        async for frame in frames(reader):
            writer.write(answer(frame).encode())
            await writer.drain()
            if frame.opcode == Opcode.CLOSE:
                break
    except (Reject, ConnectionError):
        pass
    finally:
        writer.close()


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print("listening", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())

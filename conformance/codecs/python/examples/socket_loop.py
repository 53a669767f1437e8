"""The code of docs/codecs/python.md: a decoder fed from a socket, and an encoder. Run by conformance/codecs/python/test.sh."""

from __future__ import annotations

import socket

from session_record import Decoder, EncodeError, Frame, Opcode, Reject, Serializer


def receive(connection: socket.socket) -> list[Frame]:
    decoder = Decoder()
    received = []
    while data := connection.recv(65536):
        decoder.push(data)
        for frame in decoder:
            received.append(frame)
    decoder.finish()
    return received


def opening(session: int) -> bytes:
    frame = Frame(version=1, serializer=Serializer.RAW, opcode=Opcode.OPEN, session=session, body=b"")
    return frame.encode()


def main() -> None:
    ours, theirs = socket.socketpair()
    ours.sendall(opening(7) * 2)
    ours.close()
    assert [frame.session for frame in receive(theirs)] == [7, 7]

    ours, theirs = socket.socketpair()
    ours.sendall(opening(7) + b"\xca\xff")
    ours.close()
    try:
        receive(theirs)
        raise AssertionError("refused")
    except Reject as reject:
        assert str(reject) == "bad-const at byte 20", reject

    try:
        opening(1 << 64)
        raise AssertionError("refused")
    except EncodeError as error:
        assert (error.class_.value, error.field) == ("does-not-fit", "session"), error


if __name__ == "__main__":
    main()

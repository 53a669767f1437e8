"""For each PyPI package: what it cannot serve, then a decoder, which is made for a stream, is fed its chunks and hands
frames to `emit`. `self.stream` is there for a decoder that only says where a frame ends."""
import os
from types import SimpleNamespace


class Unservable(Exception):
    pass


class TooLong(Exception):
    pass


def need(holds, why):
    if not holds:
        raise Unservable(why)


def msgpack(g):
    os.environ["MSGPACK_PUREPYTHON"] = "1"
    import msgpack

    need(g["framing"] == "msgpack", "MessagePack only")

    class Decoder:
        def __init__(self, stream, emit):
            self.stream, self.emit, self.start = stream, emit, 0
            self.unpacker = msgpack.Unpacker(raw=True, max_buffer_size=int(g["max"]))

        def feed(self, chunk):
            self.unpacker.feed(chunk)
            for _ in self.unpacker:
                end = self.unpacker.tell()  # its bytes are those since the last object's end
                self.emit(self.stream[self.start:end])
                self.start = end

    return Decoder, ".".join(map(str, msgpack.version))


def pymodbus(g):
    import pymodbus
    from pymodbus.framer.socket_framer import ModbusSocketFramer

    need((g["offset"], g["width"], g["adjust"], g["strip"]) == ("4", "2", "0", "7"), "PDUs of Modbus TCP only")

    class Decoder:
        def __init__(self, stream, emit):
            self.emit = emit
            self.framer = ModbusSocketFramer(self)  # in the place of its table of function codes

        def decode(self, pdu):
            return SimpleNamespace(pdu=pdu, function_code=pdu[0] if pdu else 0)

        def feed(self, chunk):
            self.framer.processIncomingPacket(chunk, lambda result: self.emit(result.pdu), 0, single=True)

    return Decoder, pymodbus.__version__


def twisted(g):
    import twisted
    from twisted.protocols.basic import LineReceiver
    from twisted.test.proto_helpers import StringTransport

    need(g["framing"] == "delimiter" and "," not in g["delimiters"], "one delimiter only")
    end = bytes.fromhex(g["delimiters"])

    class Decoder(LineReceiver):
        delimiter, MAX_LENGTH = end, int(g["max"])

        def __init__(self, stream, emit):
            self.emit = emit
            self.makeConnection(StringTransport())

        def lineReceived(self, line):
            self.emit(line if g["strip"] == "1" else line + end)

        def feed(self, chunk):
            self.dataReceived(chunk)
            if self.transport.disconnecting:
                raise TooLong

    return Decoder, twisted.__version__

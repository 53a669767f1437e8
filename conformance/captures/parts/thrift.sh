# Thrift's Python library with its framed transport: the binary and the compact protocol, an exception of the service and of the server, one-way calls.
need thrift thrift-compiler
need_python thrift python3-thrift
packaged python3-thrift thrift-compiler
cat >"$work/shop.thrift" <<'IDL'
struct Item { 1: i32 id, 2: string name, 3: list<double> prices, 4: map<string, bool> flags, 5: optional binary data, 6: i64 big, 7: set<i16> few, 8: byte small }
exception Refused { 1: string why }
service Shop { Item find(1: i32 id) throws (1: Refused refused), oneway void note(1: string text), list<Item> all() }
IDL
thrift -out "$work" --gen py "$work/shop.thrift"
cat >"$work/serve.py" <<'PY'
import sys
from shop import Shop
from shop.ttypes import Item, Refused
from thrift.protocol.TBinaryProtocol import TBinaryProtocolFactory
from thrift.protocol.TCompactProtocol import TCompactProtocolFactory
from thrift.server.TServer import TThreadedServer
from thrift.transport.TSocket import TServerSocket, TSocket
from thrift.transport.TTransport import TFramedTransport, TFramedTransportFactory
from thrift.Thrift import TApplicationException

def item(id):
    return Item(id, "name", [1.5, -2.0], {"a": True}, b"\0\xff" * 800, -(2**40), {1, 2}, -1)

class Handler:
    def find(self, id):
        if id < 0:
            raise Refused("negative")
        return item(id)

    def note(self, text):
        pass

    def all(self):
        return None  # which the library answers with an exception of its own

port = int(sys.argv[2])
protocol = {9090: TBinaryProtocolFactory, 9091: TCompactProtocolFactory}[port]()
if sys.argv[1] == "serve":
    TThreadedServer(Shop.Processor(Handler()), TServerSocket("127.0.0.1", port), TFramedTransportFactory(), protocol, daemon=True).serve()
transport = TFramedTransport(TSocket("127.0.0.1", port))
client = Shop.Client(protocol.getProtocol(transport))
transport.open()
assert client.find(7) == item(7)
client.note("written down")
try:
    client.find(-1)
except Refused:
    pass
try:
    client.all()
except TApplicationException:
    pass
transport.close()
PY
talk() { # talk FILE PORT
    "$python" "$work/serve.py" serve "$2" 2>/dev/null &
    await "$2"
    record "$1" "$2"
    "$python" "$work/serve.py" call "$2"
    keep
}
talk thrift-binary 9090
talk thrift-compact 9091

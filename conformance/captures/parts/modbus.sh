# A client of pymodbus and its server: reading and writing coils and registers, exceptions, diagnostics, the device's identification.
need_python serial python3-serial
need_python serial_asyncio python3-serial-asyncio
need_python pymodbus python3-pymodbus
packaged python3-pymodbus
cat >"$work/server.py" <<'PY'
from pymodbus.datastore import ModbusSequentialDataBlock as Block, ModbusServerContext, ModbusSlaveContext
from pymodbus.device import ModbusDeviceIdentification
from pymodbus.server import StartTcpServer

slave = ModbusSlaveContext(*(Block(0, list(range(200))) for _ in range(4)))
identity = ModbusDeviceIdentification(info_name={"VendorName": "vendor", "ProductCode": "code", "MajorMinorRevision": "1.0"})
StartTcpServer(context=ModbusServerContext(slaves=slave, single=True), identity=identity, address=("127.0.0.1", 502))
PY
cat >"$work/client.py" <<'PY'
from pymodbus.client import ModbusTcpClient
from pymodbus.diag_message import ReturnQueryDataRequest
from pymodbus.mei_message import ReadDeviceInformationRequest

client = ModbusTcpClient("127.0.0.1", 502)
client.connect()
client.read_coils(0, 19, slave=1)
client.read_discrete_inputs(3, 1, slave=1)
client.read_holding_registers(0, 100, slave=1)
client.read_input_registers(7, 2, slave=2)
client.write_coil(1, True, slave=1)
client.write_register(1, 65535, slave=1)
client.write_coils(1, [True] * 9, slave=1)
client.write_registers(1, [1, 2, 3], slave=1)
client.readwrite_registers(read_address=1, read_count=2, write_address=5, write_registers=[7], slave=1)
client.mask_write_register(address=1, and_mask=255, or_mask=1, slave=1)
client.read_holding_registers(9999, 2, slave=1)
client.execute(ReturnQueryDataRequest(1, unit=1))
client.execute(ReadDeviceInformationRequest(unit=1))
client.close()
PY
"$python" "$work/server.py" &
await 502
record modbus 502
"$python" "$work/client.py"
keep

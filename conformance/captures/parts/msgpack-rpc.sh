# pynvim to Neovim: requests, notifications both ways, errors, extension types, values of every type.
need nvim neovim
need_python pynvim python3-pynvim
packaged neovim python3-pynvim
cat >"$work/client.py" <<'PY'
import pynvim

nvim = pynvim.attach("tcp", address="127.0.0.1", port=6666)
nvim.current.buffer[:] = ["one", "zwei", "x" * 300]
assert nvim.current.buffer[1] == "zwei"
nvim.vars["value"] = {"a": [1, -1, 255, -200, 70000, 2**40, -(2**40)], "b": 1.5, "c": None, "d": True}
assert nvim.vars["value"]["d"] is True
nvim.eval("map(range(40), 'v:val * 1000')")
nvim.request("nvim_list_wins")
try:
    nvim.command("nonsense")
except pynvim.NvimError:
    pass
nvim.subscribe("event")
nvim.command("call rpcnotify(0, 'event', 'something', {'happened': 1})")
assert nvim.next_message()[1] == "event"
nvim.command("echo 1", async_=True)
nvim.eval("1")
nvim.close()
PY
HOME=$work nvim --clean --headless --listen 127.0.0.1:6666 >/dev/null 2>&1 &
await 6666
record msgpack-rpc 6666
"$python" "$work/client.py"
keep

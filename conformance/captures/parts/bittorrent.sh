# Two peers of libtorrent, without encryption: handshake, extensions, bitfield, have, interested, unchoke, requests, pieces, keep going until the leecher has all.
need_python libtorrent python3-libtorrent
packaged python3-libtorrent
mkdir "$work/seed" "$work/leech"
head -c 20000 /dev/zero | tr '\0' z >"$work/seed/file"
cat >"$work/peer.py" <<'PY'
import sys, time, libtorrent as lt

kind, folder, port, whole = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
files = lt.file_storage()
lt.add_files(files, whole)
torrent = lt.create_torrent(files, 16384, lt.create_torrent.v1_only)
lt.set_piece_hashes(torrent, whole.rsplit("/", 1)[0])
session = lt.session({
    "listen_interfaces": f"127.0.0.1:{port}", "enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
    "enable_outgoing_utp": False, "enable_incoming_utp": False, "out_enc_policy": 2, "in_enc_policy": 2, "allow_multiple_connections_per_ip": True,
})
handle = session.add_torrent({"ti": lt.torrent_info(torrent.generate()), "save_path": folder})
if kind == "leech":
    handle.connect_peer(("127.0.0.1", 6881))
    for _ in range(200):
        if handle.status().is_seeding:
            break
        time.sleep(0.1)
    else:
        sys.exit("the leecher has not got all")
    time.sleep(1)
    session.remove_torrent(handle)
    time.sleep(1)
else:
    time.sleep(60)
PY
"$python" "$work/peer.py" seed "$work/seed" 6881 "$work/seed/file" &
await 6881
sleep 1
record bittorrent 6881
"$python" "$work/peer.py" leech "$work/leech" 6882 "$work/seed/file"
keep

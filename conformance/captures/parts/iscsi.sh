# libiscsi's tools to tgtd: login, discovery, inquiry, capacity, reading, logout.
need tgtd tgt
need iscsi-ls libiscsi-bin
packaged tgt libiscsi-bin
head -c 1048576 /dev/zero >"$work/disk"
tgtd -f -C 7 --iscsi portal=127.0.0.1:3260 >"$work/log" 2>&1 &
await 3260
name=iqn.2000-01.test:disk
tgtadm -C 7 --lld iscsi --op new --mode target --tid 1 -T "$name"
tgtadm -C 7 --lld iscsi --op new --mode logicalunit --tid 1 --lun 1 -b "$work/disk"
tgtadm -C 7 --lld iscsi --op bind --mode target --tid 1 -I ALL
record iscsi 3260
iscsi-ls -s iscsi://127.0.0.1:3260 >/dev/null
iscsi-inq "iscsi://127.0.0.1:3260/$name/1" >/dev/null
iscsi-readcapacity16 "iscsi://127.0.0.1:3260/$name/1" >/dev/null
iscsi-inq "iscsi://127.0.0.1:3260/$name/9" >/dev/null 2>&1 || true
keep

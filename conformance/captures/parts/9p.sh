# diod's clients to diod, 9P2000.L: version, attach, walk, getattr, reading a directory and files, an error.
need diod diod
packaged diod
mkdir "$work/export"
head -c 5000 /dev/zero | tr '\0' z >"$work/export/long"
for i in $(seq 20); do echo "$i" >"$work/export/file$i"; done
diod -f -n -N -l 127.0.0.1:5640 -e "$work/export" 2>"$work/log" &
await 5640
record 9p 5640
diodls -s 127.0.0.1:5640 -a "$work/export" -l / >/dev/null
diodcat -s 127.0.0.1:5640 -a "$work/export" long file3 >/dev/null
diodcat -s 127.0.0.1:5640 -a "$work/export" nothing 2>/dev/null || true
diodcat -s 127.0.0.1:5640 -a /nowhere nothing 2>/dev/null || true
keep

# dlt-receive from dlt-daemon, with messages of applications and of the daemon, and control requests.
need dlt-daemon dlt-daemon
need dlt-receive dlt-tools
packaged dlt-daemon dlt-tools
sed 's/^SendContextRegistration.*/SendContextRegistration = 1/' /etc/dlt.conf >"$work/conf"
export DLT_PIPE_DIR=$work/pipes
mkdir "$work/pipes"
dlt-daemon -c "$work/conf" -t "$work/pipes" -p 3490 >"$work/log" 2>&1 &
await 3490
record dlt 3490
timeout 5 dlt-receive -a 127.0.0.1 >/dev/null 2>&1 &
sleep 1
printf 'a line\nanother one\n%s\n' "$(head -c 900 /dev/zero | tr '\0' z)" | dlt-adaptor-stdin -a TEST -c STDI >/dev/null 2>&1
dlt-control -j 127.0.0.1 >/dev/null 2>&1 || true
dlt-control -a TEST -c STDI -l 3 127.0.0.1 >/dev/null 2>&1 || true
dlt-control -a TEST -c STDI -s 1 -m "a message" 127.0.0.1 >/dev/null 2>&1 || true
sleep 4
keep

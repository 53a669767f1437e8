# smbclient to smbd, SMB 2 and 3: a session, a listing, reading and writing a file, errors.
need smbd samba
need smbclient smbclient
packaged samba smbclient
mkdir "$work/share" "$work/state"
echo hello >"$work/share/short"
chmod -R a+rwX "$work/share"
cat >"$work/conf" <<CONF
[global]
interfaces = 127.0.0.1
bind interfaces only = yes
smb ports = 445
map to guest = Bad User
guest account = nobody
lock directory = $work/state
state directory = $work/state
cache directory = $work/state
pid directory = $work/state
private dir = $work/state
ncalrpc dir = $work/state/rpc
log file = $work/log
load printers = no
server role = standalone server
[share]
path = $work/share
guest ok = yes
read only = no
CONF
smbd -F --no-process-group -s "$work/conf" >/dev/null 2>&1 &
await 445
head -c 3000 /dev/zero | tr '\0' z >"$work/long"
record smb 445
for version in SMB2_02 SMB3_11; do
    smbclient -s "$work/conf" -N -m "$version" //127.0.0.1/share -c "ls; get short $work/got; put $work/long long; rename long longer; del longer; get nothing" >/dev/null 2>&1 || true
done
keep

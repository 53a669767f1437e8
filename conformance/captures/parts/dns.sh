# dig to BIND over TCP: several questions on one connection, a zone transfer in many records, DNSSEC's flags, cookies, names that do not exist, a refusal.
need named bind9
need dig bind9-dnsutils
packaged bind9
printf '$TTL 60\n@ SOA ns root 1 60 60 60 60\n@ NS ns\nns A 127.0.0.1\n@ MX 10 mail\nmail A 127.0.0.2\ntext TXT "%s"\n' "$(head -c 250 /dev/zero | tr '\0' z)" >"$work/zone"
for i in $(seq 200); do printf 'host%s A 10.0.%s.1\nhost%s AAAA fd00::%s\n' "$i" "$i" "$i" "$i"; done >>"$work/zone"
cat >"$work/conf" <<CONF
options { directory "$work"; listen-on port 5353 { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; pid-file none; session-keyfile none; allow-transfer { any; }; };
controls { };
zone "example.test" { type primary; file "$work/zone"; };
CONF
named -g -c "$work/conf" -n 1 >"$work/log" 2>&1 &
await 5353
ask() { dig @127.0.0.1 -p 5353 +tcp +tries=1 +time=3 "$@" >/dev/null; }
record dns 5353
ask +keepopen example.test SOA +keepopen mail.example.test A +keepopen host7.example.test AAAA +keepopen example.test ANY
ask +dnssec +cookie +nsid text.example.test TXT
ask nothing.example.test
ask example.org
ask +noedns CH TXT version.bind
ask example.test AXFR
keep

# Two routers of BIRD: OPEN with capabilities, UPDATE with announcements and withdrawals of IPv4 and IPv6, route refresh, KEEPALIVE, NOTIFICATION.
need bird bird2
packaged bird2
router() { # router NAME OWN PEER NUMBER AS PEERS-AS
    cat >"$work/$1.conf" <<CONF
log "$work/$1.log" all;
router id $2;
protocol device { }
protocol static four {
    ipv4;
include "$work/$1.routes";
}
protocol static six { ipv6; route fd00:$4::/32 blackhole; route fd00:$4:1::/48 blackhole; }
protocol bgp peer {
    local $2 as $5; neighbor $3 as $6; multihop 2; strict bind yes; hold time 9;
    ipv4 { import all; export all; next hop self; }; ipv6 { import all; export all; next hop address fd00::$4; };
}
CONF
    printf 'route 10.%s.0.0/16 blackhole;\nroute 10.%s.1.0/24 blackhole { bgp_community.add((65000,7)); bgp_large_community.add((1,2,3)); bgp_med = 5; };\n' "$4" "$4" >"$work/$1.routes"
    bird -f -c "$work/$1.conf" -s "$work/$1.ctl" &
}
record bgp 179
router a 127.0.0.1 127.0.0.2 1 64512 4200000000
router b 127.0.0.2 127.0.0.1 2 4200000000 64512
for _ in $(seq 100); do birdc -s "$work/a.ctl" show protocols peer | grep -q Established && break; sleep 0.3; done
birdc -s "$work/a.ctl" show protocols peer | grep -q Established
sleep 3
echo 'route 10.1.2.0/24 blackhole;' >"$work/a.routes"
birdc -s "$work/a.ctl" configure >/dev/null
sleep 1
birdc -s "$work/b.ctl" reload in peer >/dev/null
sleep 4
birdc -s "$work/a.ctl" disable peer >/dev/null
keep

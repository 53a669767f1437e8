# openssl's client and server: TLS 1.2 and 1.3, a session that is resumed, an alert.
need openssl openssl
packaged openssl
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$work/key" -out "$work/cert" -subj /CN=test -days 2 2>/dev/null
openssl s_server -accept 127.0.0.1:4433 -key "$work/key" -cert "$work/cert" -www -quiet 2>/dev/null &
await 4433
connect() { printf 'GET / HTTP/1.0\r\n\r\n' | timeout 5 openssl s_client -connect 127.0.0.1:4433 -ign_eof "$@" >/dev/null 2>&1 || true; }
record tls 4433
connect -tls1_3 -sess_out "$work/session"
connect -tls1_3 -sess_in "$work/session"
connect -tls1_2
connect -tls1_2 -cipher AES128-SHA -sigalgs RSA+SHA1
keep

# curl and nghttp to nginx with prior knowledge: several streams, a body both ways, priorities, PING, header blocks longer than a frame, GOAWAY.
need nginx nginx-light
need nghttp nghttp2-client
need curl curl
packaged nginx nghttp2-client curl
mkdir "$work/www"
head -c 4000 /dev/zero | tr '\0' z >"$work/www/long"
echo hello >"$work/www/short"
chmod -R a+rX "$work"
cat >"$work/conf" <<CONF
user root; daemon off; worker_processes 1; pid $work/pid; error_log $work/error;
events { }
http {
    access_log off; client_body_temp_path $work/body; large_client_header_buffers 4 40k; client_max_body_size 1m;
    proxy_temp_path $work/a; fastcgi_temp_path $work/b; uwsgi_temp_path $work/c; scgi_temp_path $work/d;
    server { listen 127.0.0.1:8080 http2; root $work/www; location = /echo { return 200 "posted"; } }
}
CONF
nginx -c "$work/conf" &
await 8080
record http2 8080
url=http://127.0.0.1:8080
nghttp -n -m 3 "$url/short" "$url/long" "$url/nothing"
nghttp -n -d "$work/www/long" "$url/echo"
nghttp -n -p 200 -H "x-long: $(head -c 19000 /dev/urandom | base64 -w 0 | head -c 25000)" "$url/short"
curl -s --http2-prior-knowledge "$url/short" --output /dev/null
curl -s --http2-prior-knowledge "$url/long" --output /dev/null
curl -s --http2-prior-knowledge -d 'a body' "$url/echo" --output /dev/null || true # nginx answers before it has read it
curl -s --http2-prior-knowledge -I "$url/short" --output /dev/null
keep

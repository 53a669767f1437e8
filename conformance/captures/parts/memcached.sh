# memccapable, which tries every command of the text and of the binary protocol, and commands of both with values of many sizes.
need memcached memcached
need memccapable libmemcached-tools
packaged memcached libmemcached-tools
memcached -u nobody -l 127.0.0.1 -p 11211 -U 0 &
await 11211
record memcached-text 11211
memccapable -h 127.0.0.1 -p 11211 -a >/dev/null
exec 3<>/dev/tcp/127.0.0.1/11211
printf 'set long 5 0 3000\r\n%s\r\ngets long missing\r\nmg long s v\r\nms meta 2\r\nhi\r\nmn\r\nverbosity 1\r\nnonsense\r\nquit\r\n' "$(head -c 3000 /dev/zero | tr '\0' z)" >&3
cat <&3 >/dev/null
exec 3>&-
keep
record memcached-binary 11211
memccapable -h 127.0.0.1 -p 11211 -b >/dev/null
keep

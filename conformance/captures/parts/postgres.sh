# psql and pgbench: simple and extended queries, errors, notices, COPY both ways, LISTEN, a password by SCRAM, a request for TLS that is declined.
need psql postgresql-client
need /usr/lib/postgresql/15/bin/postgres postgresql
bin=/usr/lib/postgresql/15/bin
version postgres "$("$bin/postgres" --version | sed 's/.*) //;s/ .*//')"
mkdir "$work/data"
chown postgres "$work/data"
cd /
runuser -u postgres -- "$bin/initdb" -D "$work/data" -A trust --no-sync >/dev/null
printf 'host all keeper 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n' >"$work/data/pg_hba.conf"
runuser -u postgres -- "$bin/postgres" -D "$work/data" -p 5432 -k "$work/data" -h 127.0.0.1 >"$work/log" 2>&1 &
await 5432
sleep 1
export PGHOST=127.0.0.1 PGUSER=postgres PGDATABASE=postgres PGSSLMODE=disable
psql -qc "create role keeper login password 'secret'"
record postgres 5432
psql -q >/dev/null 2>&1 <<'SQL'
create table t (id int primary key, name text, at timestamptz default '2000-01-01');
insert into t values (1, 'one'), (2, null), (3, repeat('x', 3000));
select * from t order by id;
select 1 / 0;
do $$ begin raise notice 'a notice'; end $$;
copy t (id, name) from stdin;
4	four
5	five
\.
copy t to stdout;
listen news;
notify news, 'something happened';
select 1;
;
SQL
PGUSER=keeper PGPASSWORD=secret psql -qc 'select current_user' >/dev/null
PGUSER=keeper PGPASSWORD=wrong psql -qc 'select 1' 2>/dev/null || true
printf '\\set id random(1, 3)\nselect name from t where id = :id;\nupdate t set name = null where id = 9;\n' >"$work/script"
pgbench -n -M prepared -t 3 -f "$work/script" >/dev/null
pgbench -n -M extended -t 1 -f "$work/script" >/dev/null
keep
record postgres-ssl-request 5432
PGSSLMODE=prefer psql -qc 'select 1' >/dev/null
keep

# MariaDB's client: a login, results, errors, NULL, a long row, several statements at once, LOAD DATA LOCAL, a password that is wrong.
need mariadbd mariadb-server
need mariadb mariadb-client
packaged mariadb-server
mariadb-install-db --no-defaults --user=mysql --datadir="$work/data" --auth-root-authentication-method=normal >/dev/null
mariadbd --no-defaults --user=mysql --datadir="$work/data" --port=3306 --bind-address=127.0.0.1 --socket="$work/data/socket" --local-infile=1 2>"$work/log" &
await 3306
client() { mariadb --no-defaults -h 127.0.0.1 -P 3306 -u "$@"; }
client root -e "create database d; create user keeper@localhost identified by 'secret'; grant all on d.* to keeper@localhost"
printf '7\tseven\n8\teight\n' >"$work/rows"
record mysql 3306
client keeper -psecret --local-infile=1 d >/dev/null <<SQL
create table t (id int primary key, name varchar(4000), price decimal(8,2), at datetime);
insert into t values (1, 'one', 1.5, '2000-01-01'), (2, null, null, null), (3, repeat('x', 3000), -9, now());
select * from t;
show warnings;
load data local infile '$work/rows' into table t (id, name);
select count(*), max(id) from t;
prepare p from 'select name from t where id = ?';
set @id = 1;
execute p using @id;
delete from t where id > 6;
SQL
client keeper -psecret d -e 'select nothing from nowhere' 2>/dev/null || true
client keeper -pwrong d -e "select 1" 2>/dev/null || true
mariadb-admin --no-defaults -h 127.0.0.1 -u keeper -psecret ping status >/dev/null
keep

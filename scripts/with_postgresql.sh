#!/usr/bin/env bash
# Run a command with TANHENG_DATABASE_URL pointing at a throw-away PostgreSQL cluster on a Unix socket.
set -euo pipefail
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || { echo "PostgreSQL 未安装：apt-get install postgresql / PostgreSQL is not installed" >&2; exit 1; }
home=$(mktemp -d /tmp/tanheng-pg.XXXXXX)
as=""
if [ "$(id -u)" = 0 ]; then
  chown postgres "$home"
  as="runuser -u postgres --"
fi
stop() { $as "$bin/pg_ctl" -D "$home/data" -m immediate -s stop || true; rm -rf "$home"; }
trap stop EXIT
cd /
$as "$bin/initdb" -D "$home/data" -U tanheng -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
$as "$bin/pg_ctl" -D "$home/data" -s -w -o "-k $home -c listen_addresses='' -c fsync=off" -l "$home/log" start
$as "$bin/createdb" -h "$home" -U tanheng tanheng
cd - >/dev/null
TANHENG_DATABASE_URL="postgresql://tanheng@/tanheng?host=$home" "$@"

# A Postgres for as long as standard input stays open; says "ready DIR" when it listens on a socket in DIR.
set -eu
trap '' INT TERM
bin=${PG_BIN:-$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)}
if [ -z "$bin" ] && command -v pg_config >/dev/null; then bin=$(pg_config --bindir); fi
[ -n "$bin" ] && [ -x "$bin/initdb" ] || { echo "no Postgres server found: install postgresql, or set PG_BIN"; exit 1; }
dir=$(mktemp -d /tmp/tandem-test.XXXXXX)
exec 2>"$dir/setup.log"
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
    user=postgres
    id -u postgres >/dev/null 2>&1 || user=nobody
    chown "$user" "$dir"
    as() { runuser -u "$user" -- "$@"; }
fi
cd /
clean() {
    as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null || true
    rm -rf "$dir"
}
trap clean EXIT
# Nothing of it outlives the test, so that nothing needs to reach a disk.
as "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >/dev/null
as "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" -o "-k $dir -c listen_addresses='' -c fsync=off \
    -c synchronous_commit=off -c full_page_writes=off -c max_connections=300" start >/dev/null
echo "ready $dir"
cat >/dev/null

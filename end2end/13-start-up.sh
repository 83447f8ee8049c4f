#!/usr/bin/env bash
# What can be wrong at start: one sentence each, a non-zero exit, nothing left behind.
. "$(dirname "$0")/instance.sh"

# sentence WHAT PATTERN COMMAND...: the command must fail with one line that has the pattern.
sentence() {
  local what=$1 pattern=$2 status=0
  shift 2
  "$@" >"$work/out" 2>"$work/err" || status=$?
  if [ "$status" -eq 1 ] && [ "$(wc -l <"$work/err")" -eq 1 ] && grep -qE "$pattern" "$work/err"; then
    pass "$what: $(sed 's/^tandem: //' "$work/err")"
  else
    fail "$what is one clear sentence" "exit $status: $(head -3 "$work/err")"
  fi
}

sentence "no Postgres" "no Postgres 15" env PG_BIN=/nonexistent "$tandem" --state "$work/a"
sentence "an unreachable database" "cannot be reached" "$tandem" --state "$work/b" --database-url postgres://x@127.0.0.1:1/x
sentence "an unreadable database URL" "URL" "$tandem" --state "$work/b" --database-url nonsense
: >"$work/file"
sentence "a file in the place of the state directory" "state directory" "$tandem" --state "$work/file"
mkdir "$work/thesis" && : >"$work/thesis/chapter-1"
sentence "a directory with other files" "holds other files" "$tandem" --state "$work/thesis"
sentence "a question to an empty place" "no state directory" "$tandem" ledger check --state "$work/none"
sentence "a password too short" "10 characters" env TANDEM_ADMIN_PASSWORD=short "$tandem" --state "$work/short"

start_tandem
sentence "a second process in the same state" "already runs" "$tandem" --state "$state"
sentence "a record that is not there" "no call record" command_on cdr 0199d5a0-0000-7000-8000-000000000001
sentence "a taken portal address" "for the portal.*in use" "$tandem" --state "$work/c" --http "$http"
sentence "a taken SIP address" "for SIP on $sip.*in use" "$tandem" --state "$work/c" --sip "$sip"
socket=$(readlink -f "$state/postgres/socket")
sentence "a database that is not there" 'no database "nothing"' "$tandem" --state "$work/d" \
  --database-url "postgres://tandem@localhost/nothing?host=$socket"
sentence "a user whom Postgres does not know" '"stranger"' "$tandem" --state "$work/d" \
  --database-url "postgres://stranger@localhost/postgres?host=$socket"
equal "nothing of the failed starts runs on" "" "$(pgrep -f "$work/[abcd]" || true)"

# A Postgres of the user's own: here the private one of the first switch serves a second.
sql "create database own" >/dev/null
own="postgres://tandem@localhost/own?host=$socket"
"$tandem" --state "$work/e" --database-url "$own" --demo >"$work/own.out" 2>"$work/own.err" &
second=$!
tries=0
until [ -s "$work/e/running" ] || [ $((tries += 1)) -gt 300 ]; do sleep 0.1; done
check "a Postgres of one's own is used" grep -q '^pid=' "$work/e/running"
check "no private one is made beside it" test ! -e "$work/e/postgres"
kill -TERM "$second"
check "it stops cleanly" wait "$second"
check "the demo was loaded into it" grep -q 'name = "Demo customer"' <("$tandem" export --database-url "$own")
kill_tandem

# The database lives on without its switch; the next start must cope.
check "after kill -9 the database is still there" pgrep -f "$state/postgres/data"
start_tandem
check "the next start comes up with it" curl -fsS "http://$http/readyz"
check "the administrator's password stays" grep -q 'password as it was' "$work/tandem.out"
stop_tandem

if [ "$(id -u)" = 0 ]; then
  mkdir -m 700 "$work/closed"
  state=$work/closed/state
  start_tandem
  check "root may keep the state where Postgres' user cannot go" curl -fsS "http://$http/readyz"
  stop_tandem
  elsewhere=$(readlink -f "$state/postgres")
  start_tandem
  equal "it is found again" "$elsewhere" "$(readlink -f "$state/postgres")"
  stop_tandem
  rm -rf "$elsewhere"
fi
state=$work/$(printf 'deep-%.0s' {1..30})/state
mkdir -p "$(dirname "$state")"
start_tandem
check "a path too long for a socket is no obstacle" command_on ledger check
stop_tandem
rm -rf "$(readlink -f "$state/postgres/socket")"
finish

#!/usr/bin/env bash
# Deletes the state directory, after stopping a database that a killed process may have left running in it.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh
state=${TANDEM_STATE:-./state}
[ -e "$state" ] || { say "there is no state in $state"; exit 0; }
[ -f "$state/tandem.lock" ] || refuse "$state is no state directory of tandem: not deleted."
if ! flock --nonblock "$state/tandem.lock" true; then
  refuse "A tandem (process $(cat "$state/tandem.lock")) runs in $state: stop it first."
fi
mark=$state/postgres/data/postmaster.pid
if [ -f "$mark" ]; then
  pid=$(head -1 "$mark")
  data=$(readlink -f "$state/postgres/data")
  if tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qxF "$data"; then
    say "stopping the database that was left running"
    kill -INT "$pid"
    while [ -f "$mark" ]; do sleep 0.1; done
  fi
fi
# The database may lie elsewhere, behind a link.
[ ! -L "$state/postgres" ] || rm -rf "$(readlink -f "$state/postgres")"
rm -rf "$state"
say "deleted $state"

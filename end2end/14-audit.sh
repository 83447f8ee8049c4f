#!/usr/bin/env bash
# The record of who changed what: it holds as long as nobody alters it, and an alteration is told by its line (SEC-8).
. "$(dirname "$0")/instance.sh"

start_tandem --demo
command_on user password admin --new-password 'violet tramway 59' >"$work/said"
check "the record of a switch in use is as it was written" command_on audit verify
equal "it tells the last line's hash, to be noted elsewhere" 1 "$(command_on audit verify | grep -cE '[0-9a-f]{64}$')"

if sql "update portal.audit_log set user_name = 'nobody' where id = 3" >"$work/said" 2>&1; then
  fail "a line cannot be changed"
else
  pass "a line cannot be changed"
fi
sql "set session_replication_role = replica; update portal.audit_log set user_name = 'nobody' where id = 3" >/dev/null
status=0
command_on audit verify >"$work/verdict" 2>&1 || status=$?
equal "a line that was altered behind the triggers ends the check with code 1" 1 "$status"
check "and its number is told" grep -q 'line 3 of' "$work/verdict"

equal "the key of sealed secrets is its owner's alone" 600 "$(stat -c %a "$state/seal.key")"
key=$(sha256sum <"$state/seal.key")
stop_tandem
start_tandem
equal "the key stays the same over starts" "$key" "$(sha256sum <"$state/seal.key")"
stop_tandem
printf short >"$state/seal.key"
if "$tandem" --state "$state" >"$work/broken" 2>&1; then fail "a broken key is told"; else pass "a broken key is told"; fi
check "with what to do" grep -q 'seal.key.*backup' "$work/broken"
finish

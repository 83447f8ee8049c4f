#!/usr/bin/env bash
# kill -9 in the middle of the load: after the restart every answered call has exactly one record.
. "$(dirname "$0")/instance.sh"
rate=${LOAD_RATE:-20} seconds=${LOAD_SECONDS:-8}
start_tandem
apply_file "$here/configuration.toml" >/dev/null
callee callee "$callee_port"
caller caller 4930123456 -r "$rate" -m $((rate * seconds)) -d 1500 -l 100000 -timeout $((seconds + 30)) -max_retrans 2 >/dev/null &
load=$!
sleep $((seconds / 2))
kill_tandem
# The calls that were open now fail on SIPp's side, and so does every new one.
wait "$load" || true
no_callees

# The callers write the Call-ID of each call when they are told that it is answered.
grep -o '[0-9]*-[0-9]*@127\.0\.0\.1' "$work/caller.log" | sort >"$work/answered"
answered=$(wc -l <"$work/answered")
check "calls had been answered before the crash ($answered)" test "$answered" -ge "$rate"
start_tandem
wait_sql "$answered" "select count(*) from cdr.calls where answered_at is not null" 10 >"$work/records"
sql "select call_id_in from cdr.calls" | sort >"$work/recorded"
equal "every answered call has a record" "" "$(comm -23 "$work/answered" <(uniq "$work/recorded") | head -3)"
equal "no call has two" "" "$(uniq -d "$work/recorded" | head -3)"
interrupted=$(sql "select count(*) from cdr.calls where end_reason = 'SwitchRestarted'")
check "the calls that the crash cut ($interrupted) were closed at the restart" test "$interrupted" -ge 1
equal "none is billed beyond the moment it was last known to live" t \
  "$(sql "select coalesce(bool_and(ended_at <= now() and duration_ms between 0 and 60000), true) from cdr.calls")"
check "the ledger adds up" command_on ledger check
callee callee "$callee_port"
check "calls go through again" caller caller 4930123456 -d 500
kill_tandem
start_tandem
equal "a second crash brings nothing twice" "" "$(sql "select call_id_in from cdr.calls group by 1 having count(*) > 1")"
check "the ledger still adds up" command_on ledger check
finish

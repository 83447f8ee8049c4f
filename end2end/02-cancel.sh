#!/usr/bin/env bash
# The caller gives up while it rings.
. "$(dirname "$0")/instance.sh"
start_tandem
apply_file "$here/configuration.toml" >/dev/null
callee callee-rings "$callee_port" -m 1
check "the caller gets 200 for its CANCEL and 487 for the call" caller caller-cancels 441612345678
check "the called side gets the CANCEL" wait "${far_pids[0]}"
expected="CallerCancelled|487|caller|f|0.000000|0"
equal "the record says who gave up, and costs nothing" "$expected" \
  "$(wait_sql "$expected" "select end_reason, sip_code, released_by, answered_at is not null, fee, billed_seconds from cdr.calls")"
equal "nothing is booked for it" 0 "$(sql "select count(*) from billing.ledger where call_id is not null")"
finish

#!/usr/bin/env bash
# Either side may end a call, and so may the stop of the switch.
. "$(dirname "$0")/instance.sh"
start_tandem
apply_file "$here/configuration.toml" >/dev/null
callee callee "$callee_port"
check "the caller hangs up" caller caller 441600000001 -d 700
equal "the record says so" "caller|NormalClearing" \
  "$(wait_sql "caller|NormalClearing" "select released_by, end_reason from cdr.calls where callee_in = '441600000001'")"
no_callees
callee callee-hangs-up "$callee_port" -d 700
check "the called side hangs up" caller caller-listens 441600000002
equal "the record says so" "callee|NormalClearing" \
  "$(wait_sql "callee|NormalClearing" "select released_by, end_reason from cdr.calls where callee_in = '441600000002'")"
no_callees
callee callee "$callee_port" -m 1
caller caller-listens 441600000003 &
far=$!
sleep 2
check "the switch stops during a call" stop_tandem
check "it has hung up on the caller" wait "$far"
check "it has hung up on the called side" wait "${far_pids[0]}"
start_tandem
equal "the record says that the switch ended it" "switch|SwitchStopped|t" \
  "$(wait_sql "switch|SwitchStopped|t" "select released_by, end_reason, fee > 0 from cdr.calls where callee_in = '441600000003'")"
check "the ledger adds up" command_on ledger check
finish

#!/usr/bin/env bash
# Money: no call without it, none that costs more than there is.
. "$(dirname "$0")/instance.sh"
start_tandem
apply_file "$here/configuration.toml" >/dev/null
callee callee "$callee_port"
caller_address=127.0.0.3
check "a call that the balance does not cover is refused with 402" refused 402 441612345678
equal "the record says why" "AccountBalanceNotEnough|402" \
  "$(wait_sql "AccountBalanceNotEnough|402" "select end_reason, sip_code from cdr.calls")"
printf '[[account]]\nname = "Poor customer"\ncredit_limit = "5"\n' >"$work/credit.toml"
check "credit is granted on the running switch" command_on apply "$work/credit.toml"
sleep 1.5
check "the next call goes through" caller caller 441612345678 -d 500
finish

#!/usr/bin/env bash
# A busy gateway: the next one is tried; the only one's answer is the caller's.
. "$(dirname "$0")/instance.sh"
start_tandem
apply_file "$here/configuration.toml" >/dev/null
callee callee-busy "$callee_port"
callee callee "$second_port"
check "the second gateway takes the call that the first refuses" caller caller 4930123456 -d 1000
expected='Second|2|486|200|NormalClearing'
equal "the record names both attempts and the gateway that took it" "$expected" "$(wait_sql "$expected" \
  "select routing_gateway_name, jsonb_array_length(attempts), attempts->0->>'sip_code', attempts->1->>'sip_code', end_reason
   from cdr.calls where callee_in = '4930123456'")"
check "the only gateway's 486 reaches the caller" refused 486 441612345678
expected='CalleeBusy|486|17|callee|First'
equal "the record says busy" "$expected" "$(wait_sql "$expected" \
  "select end_reason, sip_code, q850, released_by, routing_gateway_name from cdr.calls where callee_in = '441612345678'")"
finish

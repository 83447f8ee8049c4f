#!/usr/bin/env bash
# A gateway that cannot take the call: the next one is tried. A person who is busy is busy everywhere: the caller is told.
. "$(dirname "$0")/instance.sh"
start_tandem
apply_file "$here/configuration.toml" >/dev/null
callee callee-unavailable "$callee_port"
callee callee "$second_port"
check "the second gateway takes the call that the first cannot" caller caller 4930123456 -d 1000
expected='Second|2|503|200|NormalClearing'
equal "the record names both attempts and the gateway that took it" "$expected" "$(wait_sql "$expected" \
  "select routing_gateway_name, jsonb_array_length(attempts), attempts->0->>'sip_code', attempts->1->>'sip_code', end_reason
   from cdr.calls where callee_in = '4930123456'")"
no_callees
callee callee-busy "$callee_port"
callee callee "$second_port"
check "a busy person's 486 reaches the caller, whatever other gateways there are" refused 486 4930123457
check "so does that of the only gateway" refused 486 441612345678
expected='CalleeBusy|486|17|callee|First|1'
for number in 4930123457 441612345678; do
  equal "the record says busy, after one attempt" "$expected" "$(wait_sql "$expected" \
    "select end_reason, sip_code, q850, released_by, routing_gateway_name, jsonb_array_length(attempts)
     from cdr.calls where callee_in = '$number'")"
done
finish

#!/usr/bin/env bash
# Numbers that nobody takes.
. "$(dirname "$0")/instance.sh"
start_tandem
apply_file "$here/configuration.toml" >/dev/null
check "a number without a routing gateway is refused with 503" refused 503 39061234567
expected='NoAvailableRouter|503|switch|0'
equal "the record says why" "$expected" \
  "$(wait_sql "$expected" "select end_reason, sip_code, released_by, jsonb_array_length(attempts) from cdr.calls where callee_in = '39061234567'")"
check "a number without a price is refused with 503" refused 503 8613912345678
equal "the record says that the price is missing" "NoRate" \
  "$(wait_sql "NoRate" "select end_reason from cdr.calls where callee_in = '8613912345678'")"
# Nobody listens at the second gateway, nor at the first: the last one's silence is the reason.
check "a gateway that says nothing is a time-out" refused 408 33123456789
equal "the record names the silence" "GatewayTimeout|First" \
  "$(wait_sql "GatewayTimeout|First" "select end_reason, routing_gateway_name from cdr.calls where callee_in = '33123456789'")"
finish

#!/usr/bin/env bash
# A call with audio both ways, its record and its exact price.
. "$(dirname "$0")/instance.sh"
start_tandem
check "the configuration is taken up" apply_file "$here/configuration.toml"

# 2.5 s are 3 s, one unit of 6 s: 6 × 0.03 / 60 = 0.0030. The vendor bills the 3 s: 3 × 0.012 / 60 = 0.0006.
callee callee "$callee_port"
check "a call with audio goes through" caller caller-speaks 441612345678 -d 2500
row="answered_at is not null, rounded_seconds, billed_seconds, fee, cost, profit, end_reason, sip_code, released_by, codec"
equal "its record has the exact price, cost and profit" "t|3|6|0.003000|0.000600|0.002400|NormalClearing|200|caller|PCMU" \
  "$(wait_sql "t|3|6|0.003000|0.000600|0.002400|NormalClearing|200|caller|PCMU" "select $row from cdr.calls")"
# 2.5 s of 20 ms packets are 125; the first may meet a port that has not learnt its sender.
equal "audio flows both ways through the relay" t \
  "$(sql "select caller_packets between 100 and 130 and callee_packets between 100 and 130 from cdr.calls")"
equal "charge and cost reach the balances with the record" "Customer|99.997000,Poor customer|0.000000,Vendor|-0.000600" \
  "$(sql "select string_agg(name || '|' || paid - charged, ',' order by name) from billing.accounts")"
text=$(command_on cdr --last)
check "the record is printed with the arithmetic of its price" grep -qF '6 s × 0.0300/min = 0.003' <<<"$text"
check "the printed record names the profit" grep -qE '^Profit +0\.0024 USD$' <<<"$text"
check "the printed record counts the packets" grep -qE '^Media +PCMU: 1[0-9]{2} packets .* 1[0-9]{2} packets' <<<"$text"

# The longer prefix wins, with its own unit and a connect fee: 30 × 0.035 / 60 + 0.01 = 0.0275.
check "a call to a number with a longer prefix goes through" caller caller 442079460000 -d 1200
equal "the longer prefix, its unit and its connect fee make the price" "4420|30|0.027500" \
  "$(wait_sql "4420|30|0.027500" "select rate_prefix, billed_seconds, fee from cdr.calls where callee_in = '442079460000'")"
check "the ledger adds up" command_on ledger check
check "the process says that it is ready" curl -fsS "http://$http/readyz"
check "Ctrl-C or SIGTERM stops it cleanly" stop_tandem
equal "nothing of the database is left running" "" "$(pgrep -f "$state" || true)"
finish

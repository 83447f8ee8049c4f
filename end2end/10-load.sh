#!/usr/bin/env bash
# 20 calls a second (LOAD_RATE) for LOAD_SECONDS: none fails, each has its record, the money adds up.
. "$(dirname "$0")/instance.sh"
rate=${LOAD_RATE:-20} seconds=${LOAD_SECONDS:-10}
calls=$((rate * seconds))
start_tandem
apply_file "$here/configuration.toml" >/dev/null
callee callee "$callee_port"
before=$(awk '{ print $14 + $15 }' "/proc/$tandem_pid/stat")
check "$calls calls at $rate a second go through without a failure" caller caller 4930123456 \
  -r "$rate" -m "$calls" -d 2500 -l 100000 -timeout $((seconds + 60))
after=$(awk '{ print $14 + $15 }' "/proc/$tandem_pid/stat")
equal "each has one record" "$calls|$calls" \
  "$(wait_sql "$calls|$calls" "select count(*), count(distinct call_id_in) from cdr.calls where answered_at is not null" 20)"
# Each of 2.5 s is 3 s by the second: 3 × 0.02 / 60 = 0.001.
equal "the sum of the prices is exact" "$(awk "BEGIN { printf \"%.6f\", $calls * 0.001 }")" \
  "$(sql "select sum(fee) from cdr.calls where rounded_seconds = 3")"
check "the ledger adds up" command_on ledger check
awk -v t=$((after - before)) -v hz="$(getconf CLK_TCK)" -v n="$calls" \
  'BEGIN { printf "        %.2f ms of CPU a call, its record included\n", t / hz / n * 1000 }'
finish

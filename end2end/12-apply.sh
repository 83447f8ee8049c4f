#!/usr/bin/env bash
# Configuration by file on the running switch: the next call obeys it.
. "$(dirname "$0")/instance.sh"
start_tandem
check "the configuration is taken up" apply_file "$here/configuration.toml"
equal "taken up again, it changes nothing" "" "$(apply_file "$here/configuration.toml" | grep -E '^(created|updated) ' || true)"
callee callee "$callee_port"
check "a call goes through" caller caller 441612345678 -d 500

cat >"$work/dearer.toml" <<'TOML'
[[rate_table]]
name = "Sell"
rates = [ { prefix = "44", rate = "0.6000" } ]
TOML
command_on apply --dry-run "$work/dearer.toml" >"$work/dry"
check "a dry run names the change" grep -q '0.0300.*0.6000' "$work/dry"
equal "a dry run changes nothing" 0.030000000 "$(sql "select rate from billing.rates where prefix = '44'")"
check "the price is changed" command_on apply "$work/dearer.toml"
sleep 1.5
check "the next call goes through" caller caller 441612345679 -d 500
equal "the next call has the new price" "0.003000,0.060000" \
  "$(wait_sql "0.003000,0.060000" "select string_agg(fee::text, ',' order by started_at) from cdr.calls")"

printf '[[routing_gateway]]\nname = "First"\nenabled = false\n' >"$work/off.toml"
check "a gateway is switched off" command_on apply "$work/off.toml"
sleep 1.5
check "calls to it are refused" refused 503 441612345678

command_on export >"$work/exported.toml"
command_on apply "$work/exported.toml" >"$work/again"
equal "what is exported changes nothing when applied" "" "$(grep -E '^(created|updated) ' "$work/again" || true)"

before=$(sql "select sum(version) from sys.change_counters")
printf '[[account]]\nname = "New"\nkind = "customer"\n\n[[mapping_gateway]]\nname = "Bad"\naccount = "Nobody"\nsources = ["10.0.0.1"]\n' >"$work/bad.toml"
if command_on apply "$work/bad.toml" >"$work/bad.out" 2>&1; then fail "a wrong file is refused"; else pass "a wrong file is refused"; fi
check "the refusal names the table, the entry and the fault" grep -q 'mapping_gateway "Bad".*Nobody' "$work/bad.out"
equal "nothing of a wrong file is taken up" "$before" "$(sql "select sum(version) from sys.change_counters")"
printf 'nonsense = 1\n' >"$work/unknown.toml"
if command_on apply "$work/unknown.toml" >"$work/bad.out" 2>&1; then fail "an unknown key is refused"; else pass "an unknown key is refused"; fi
check "the refusal names the key" grep -q nonsense "$work/bad.out"
stop_tandem
check "a file is taken up while no switch runs" command_on apply "$work/dearer.toml"
equal "nothing is left running" "" "$(pgrep -f "$state" || true)"
finish

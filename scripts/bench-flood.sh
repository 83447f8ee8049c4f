#!/usr/bin/env bash
# bench-flood.sh: what a flood from unknown sources does to the calls of a known gateway, and to the memory of the switch.
#
# Calls at 20 a second, first alone, then while INVITEs of strangers come: from few addresses, which the guard refuses unread, and
# from many addresses that each stay below its limit, so that every one is read and answered.
#
# FLOOD_RATE     requests a second, 20000
# FLOOD_SECONDS  seconds of each, 20
set -euo pipefail
cd "$(dirname "$0")/.."
: "${CARGO_TARGET_DIR:=$HOME/.cache/tandem-target}"
: "${TANDEM_BINARY:=$CARGO_TARGET_DIR/release/tandem}"
export TANDEM_BINARY
. end2end/instance.sh
rate=${FLOOD_RATE:-20000} seconds=${FLOOD_SECONDS:-20}
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
start_tandem
apply_file end2end/configuration.toml >/dev/null
callee callee "$callee_port"

memory() { awk '/VmRSS/ { printf "%d MB", $2 / 1024 }' "/proc/$tandem_pid/status"; }
cpu() { awk '{ print $14 + $15 }' "/proc/$tandem_pid/stat"; }

# calls_while NAME: INVITE to 200, in milliseconds.
calls_while() {
  rm -f "$here"/sipp/caller_*_rtt.csv
  local before after
  before=$(cpu)
  check "no call fails $1" caller caller 4930123456 -r 20 -m $((20 * seconds)) -d 1000 -l 10000 -timeout $((seconds + 60)) \
    -trace_rtt -rtt_freq 1
  after=$(cpu)
  tail -q -n +2 "$here"/sipp/caller_*_rtt.csv | cut -d';' -f2 | sort -n | awk -v name="$1" -v memory="$(memory)" \
    -v load="$(awk -v t=$((after - before)) -v hz="$(getconf CLK_TCK)" -v s="$seconds" 'BEGIN { printf "%.0f", t / hz / s * 100 }')" \
    '{ v[NR] = $1 } END { printf "        %-28s p50 %6.2f ms   p99 %6.2f ms   most %6.2f ms   %s   %s %% of a core\n", name, v[int(NR * .5) + 1], v[int(NR * .99)], v[NR], memory, load }'
  rm -f "$here"/sipp/caller_*_rtt.csv
}

flooded_by() {
  python3 bench/flood.py "${sip%:*}" "${sip##*:}" "$rate" $((seconds + 3)) "$1" >"$work/flood-$1" &
  local flood=$!
  sleep 1
  calls_while "in a flood from $1 addresses"
  wait "$flood"
  printf '        %s\n' "$(cat "$work/flood-$1")"
}

calls_while "alone"
flooded_by 20
flooded_by 4000
sleep 35
printf '        afterwards: %s\n' "$(memory)"
finish

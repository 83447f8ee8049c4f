#!/usr/bin/env bash
# bench-sip.sh: what a complete call costs in CPU time, ours and Kamailio's, one after the other in the same minute.
#
# Ours: recognised, routed, its money held, media ports opened and both descriptions rewritten, billed, its record synced to
# the disk and brought to Postgres. Kamailio's, where it is installed: passed on by a bare stateful proxy (bench/kamailio.cfg).
# CPU time and not throughput, because it holds on a busy machine; processes of Postgres are not counted.
#
# BENCH_RATES   calls a second, "500 1000"
# BENCH_SECONDS seconds of each rate, 20
# BENCH_HIGHEST 0 leaves out the search for the highest rate without a failed call
set -euo pipefail
cd "$(dirname "$0")/.."
bench=$PWD/bench
: "${CARGO_TARGET_DIR:=$HOME/.cache/tandem-target}"
: "${TANDEM_BINARY:=$CARGO_TARGET_DIR/release/tandem}"
export TANDEM_BINARY
[ -x "$TANDEM_BINARY" ] || { echo "there is no $TANDEM_BINARY: make build first, or name one in TANDEM_BINARY" >&2; exit 1; }
for program in sipp psql; do
  command -v "$program" >/dev/null || { echo "$program is missing: scripts/setup.sh calls installs it" >&2; exit 1; }
done
. end2end/instance.sh
# More calls at once than those of the end-to-end scripts.
export TANDEM_RTP_PORTS=20000-59999
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true

rates=${BENCH_RATES:-500 1000} seconds=${BENCH_SECONDS:-20}
call_ms=1000
# One SIPp places about 1,200 calls a second at most.
most_per_caller=800
hz=$(getconf CLK_TCK)
kamailio_pid=''

# --- both sides of the call -------------------------------------------------------------------------------------------------

{
  echo SEQUENTIAL
  for i in $(seq 0 999); do printf '%s;%s;\n' $((88017000000000 + i)) $((442000000000 + i)); done
} >"$work/numbers.csv"

start_callee() {
  (cd "$bench" && exec sipp -sf callee.xml -i 127.0.0.1 -p "$callee_port" -nostdin >"$work/callee.out" 2>&1) &
  far_pids+=($!)
  until grep -qi ":$(printf '%04X' "$callee_port") " /proc/net/udp; do sleep 0.05; done
}

# place RATE CALLS TARGET: several SIPp share the calls; sets ok and bad.
place() {
  local callers=$((($1 + most_per_caller - 1) / most_per_caller)) n pids=()
  for n in $(seq "$callers"); do
    # One that hangs over a lost call is ended: what has not succeeded has failed.
    (cd "$bench" && exec sipp -sf caller.xml -inf "$work/numbers.csv" -i 127.0.0.1 -p "$(free_port)" "$3" -r $(($1 / callers)) \
      -m $(($2 / callers)) -d "$call_ms" -l 100000 -nostdin -timeout $(($2 / $1 + 40)) >"$work/caller-$n.out" 2>&1) &
    pids+=($!)
  done
  for n in "${pids[@]}"; do wait "$n" || true; done
  ok=0
  for n in $(seq "$callers"); do
    ok=$((ok + $(grep 'Successful call' "$work/caller-$n.out" | tail -1 | awk -F'|' '{ print $3 + 0 }')))
  done
  bad=$(($2 / callers * callers - ok))
}

# --- what it costs ----------------------------------------------------------------------------------------------------------

# ticks PID...: CPU time of processes.
ticks() { local pid; for pid in "$@"; do cat "/proc/$pid/stat"; done | awk '{ sum += $14 + $15 } END { print sum }'; }

# measure NAME RATE SECONDS TARGET PID...: prints a line of the table; fails when a call failed.
measure() {
  local name=$1 rate=$2 calls=$(($2 * $3)) target=$4 before after began ended
  shift 4
  start_callee
  before=$(ticks "$@") began=$(date +%s%N)
  place "$rate" "$calls" "$target"
  # The records of the last calls are part of the work.
  sleep 1
  after=$(ticks "$@") ended=$(date +%s%N)
  no_callees
  awk -v name="$name" -v rate="$rate" -v ok="$ok" -v bad="$bad" -v cpu=$(((after - before) * 1000000 / hz)) \
    -v wall=$(((ended - began) / 1000000 - 1000 - call_ms)) -v load="$(cut -d' ' -f1 /proc/loadavg)" 'BEGIN {
      printf "%-10s %9d %9d %7d %12.3f %15.0f %6s\n", name, rate, ok, bad, ok ? cpu / ok / 1000 : 0, wall ? ok / wall * 1000 : 0, load }'
  [ "$bad" -eq 0 ] && [ "$ok" -gt 0 ]
}

start_kamailio() {
  command -v kamailio >/dev/null || return 0
  local modules
  modules=$(find /usr/lib -type d -path '*/kamailio/modules' 2>/dev/null | head -1)
  kamailio_port=$(free_port)
  sed -e "s/@PORT@/$kamailio_port/" -e "s/@CALLEE@/$callee_port/" -e "s|@MODULES@|$modules/|" "$bench/kamailio.cfg" >"$work/kamailio.cfg"
  kamailio -f "$work/kamailio.cfg" -m 512 -M 32 -P "$work/kamailio.pid" -DD -E >"$work/kamailio.log" 2>&1 &
  kamailio_pid=$!
  sleep 2
  kill -0 "$kamailio_pid" 2>/dev/null || { echo "kamailio did not start: $(tail -1 "$work/kamailio.log")" >&2; kamailio_pid=''; }
  mapfile -t kamailio_pids < <(echo "$kamailio_pid"; pgrep -P "${kamailio_pid:-0}" || true)
}

# highest NAME TARGET PID...: raises the rate by a quarter until a call fails.
highest() {
  local name=$1 rate=1000 best=0
  shift
  while measure "$name" "$rate" 10 "$@"; do
    best=$rate
    rate=$((rate * 5 / 4))
    [ "$rate" -le 20000 ] || break
  done
  echo "$name: the highest rate without a failed call is $best a second; both SIPp and the database run on the same machine"
}

stop_kamailio() {
  if [ -n "$kamailio_pid" ]; then
    kill "$kamailio_pid" 2>/dev/null || true
    wait "$kamailio_pid" 2>/dev/null || true
  fi
}
trap 'status=$?; stop_kamailio; (exit "$status"); cleanup' EXIT

start_tandem
sed "s/@CALLEE@/$callee_port/" "$bench/switch.toml" >"$work/switch.toml"
command_on apply "$work/switch.toml" >/dev/null
start_kamailio
[ -n "$kamailio_pid" ] || echo "kamailio is not installed: there is nothing to compare with"

echo "$(nproc) cores ($(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)), Linux $(uname -r), calls of $call_ms ms"
printf '%-10s %9s %9s %7s %12s %15s %6s\n' system 'calls/s' good failed 'CPU ms/call' 'achieved/s' load
for rate in $rates; do
  measure tandem "$rate" "$seconds" "$sip" "$tandem_pid" || true
  [ -z "$kamailio_pid" ] || measure kamailio "$rate" "$seconds" "127.0.0.1:$kamailio_port" "${kamailio_pids[@]}" || true
done
if [ "${BENCH_HIGHEST:-1}" != 0 ]; then
  highest tandem "$sip" "$tandem_pid"
  [ -z "$kamailio_pid" ] || highest kamailio "127.0.0.1:$kamailio_port" "${kamailio_pids[@]}"
fi
records=$(sql "select count(*) from cdr.calls where answered_at is not null")
echo "records in the database: $records; the money: $(command_on ledger check)"

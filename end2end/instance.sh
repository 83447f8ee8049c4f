# Sourced by every end-to-end script: a switch of its own, SIPp on both sides, and checks that print a line each.
#
# Everything an instance uses is its own: a state directory in a temporary one, ports that the system chooses, a callee port. So
# scripts can run beside one another and beside a switch in use. All of it ends with the script.

set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${CARGO_TARGET_DIR:=$HOME/.cache/tandem-target}"
tandem=${TANDEM_BINARY:-$CARGO_TARGET_DIR/debug/tandem}
[ -x "$tandem" ] || { echo "there is no $tandem: build it first" >&2; exit 1; }

# The environment of the person who runs this must not reach the instances.
unset DATABASE_URL TANDEM_STATE TANDEM_HTTP TANDEM_SIP TANDEM_RTP_PORTS TANDEM_ADVERTISE TANDEM_ADMIN_PASSWORD TANDEM_DEMO
unset "${!PG@}"
# Media ports that neither SIPp takes nor the system gives to others, and not those of the default: a switch in use may have those.
media_ports=$((26100 + RANDOM % 8 * 800))
export TANDEM_RTP_PORTS=$media_ports-$((media_ports + 799))
export TANDEM_HTTP=127.0.0.1:0 TANDEM_SIP=127.0.0.1:0 TANDEM_ADMIN_PASSWORD=end-to-end-password

work=$(mktemp -d "${TMPDIR:-/tmp}/tandem-end2end.XXXXXX")
# Postgres runs as another user when this is root.
chmod 711 "$work"
state=$work/state
passed=0 failed=0 tandem_pid='' far_pids=()

# --- checks ---------------------------------------------------------------------------------------------------------------

pass() { passed=$((passed + 1)); printf 'ok      %s\n' "$1"; }
fail() { failed=$((failed + 1)); printf 'FAILED  %s\n' "$1"; [ -z "${2:-}" ] || printf '        %s\n' "$2"; }

# check SENTENCE COMMAND...: holds when the command succeeds.
check() {
  local sentence=$1
  shift
  # Not in a subshell: what it waits for must be a child of this shell.
  if "$@" >"$work/said" 2>&1; then pass "$sentence"; else fail "$sentence" "$(tail -3 "$work/said")"; fi
}

# equal SENTENCE EXPECTED ACTUAL
equal() {
  if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "expected: $2; found: $3"; fi
}

# --- the switch -----------------------------------------------------------------------------------------------------------

# start_tandem [FLAG...]: returns when calls and pages can come. Sets http, sip and callee_port.
start_tandem() {
  "$tandem" --state "$state" "$@" >>"$work/tandem.out" 2>>"$work/tandem.err" &
  tandem_pid=$!
  local tries=0
  until [ -s "$state/running" ] && grep -q "^pid=$tandem_pid$" "$state/running"; do
    kill -0 "$tandem_pid" 2>/dev/null || { cat "$work/tandem.out" "$work/tandem.err"; echo "tandem did not start" >&2; exit 1; }
    tries=$((tries + 1))
    [ "$tries" -lt 1200 ] || { echo "tandem is not ready after two minutes" >&2; exit 1; }
    sleep 0.1
  done
  http=$(sed -n 's/^http=//p' "$state/running")
  sip=$(sed -n 's/^sip=//p' "$state/running")
}

stop_tandem() {
  kill -TERM "$tandem_pid"
  local status=0
  wait "$tandem_pid" || status=$?
  tandem_pid=''
  return "$status"
}

kill_tandem() {
  kill -KILL "$tandem_pid"
  wait "$tandem_pid" 2>/dev/null || true
  tandem_pid=''
}

# command ARGUMENT...: a command of the binary on this state.
command_on() { "$tandem" "$@" --state "$state"; }

# apply_file FILE: with this instance's ports put in.
apply_file() {
  sed -e "s/@CALLEE@/$callee_port/g" -e "s/@SECOND@/$second_port/g" "$1" >"$work/applied.toml"
  command_on apply "$work/applied.toml"
}

# sql QUERY: asks the database directly, past all code of the switch.
sql() { psql -h "$(readlink -f "$state/postgres/socket")" -p 5432 -U tandem -d postgres -X -At -v ON_ERROR_STOP=1 -c "$1"; }

# wait_sql EXPECTED QUERY [SECONDS]: records reach the database a moment after their call; prints what was found last.
wait_sql() {
  local found='' end=$((SECONDS + ${3:-10}))
  while :; do
    found=$(sql "$2")
    [ "$found" != "$1" ] && [ "$SECONDS" -lt "$end" ] || break
    sleep 0.2
  done
  printf '%s' "$found"
}

# --- SIPp on both sides ---------------------------------------------------------------------------------------------------

# free_port: a UDP port that nobody uses now, outside the range from which the system gives ports to others.
free_port() {
  local port
  while :; do
    port=$((10000 + RANDOM % 8000 * 2))
    grep -qi ":$(printf '%04X' "$port") " /proc/net/udp /proc/net/udp6 2>/dev/null || break
  done
  echo "$port"
}

# callee SCENARIO PORT [OPTION...]: a called side in the background.
callee() {
  local scenario=$1 port=$2 log
  shift 2
  log=$work/$scenario-$port
  (cd "$here/sipp" && exec sipp -sf "$scenario.xml" -i 127.0.0.1 -mi 127.0.0.1 -p "$port" -mp "$(free_port)" -rtp_echo -nostdin \
    -trace_err -error_file "$log.err" -trace_logs -log_file "$log.log" "$@" >"$log.out" 2>&1) &
  far_pids+=($!)
  local tries=0
  until grep -qhi ":$(printf '%04X' "$port") 0000" /proc/net/udp /proc/net/tcp; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || { echo "the called side does not listen on $port: $(tail -1 "$log.out")" >&2; exit 1; }
    sleep 0.05
  done
}

# no_callees: ends all of them.
no_callees() {
  local pid
  for pid in "${far_pids[@]}"; do
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  far_pids=()
}

# caller SCENARIO NUMBER [OPTION...]: places the call and waits for its end; succeeds when the scenario went as written.
caller() {
  local scenario=$1 number=$2 log
  shift 2
  log=$work/$scenario
  if ! (cd "$here/sipp" && exec sipp -sf "${scenario_file:-$scenario.xml}" -i "${caller_address:-127.0.0.1}" -mi 127.0.0.1 \
    -mp "$(free_port)" "${caller_remote:-$sip}" -s "$number" -key caller 12025550100 -m 1 -nostdin -timeout 60 -timeout_error \
    -trace_err -error_file "$log.err" -trace_logs -log_file "$log.log" "$@" >"$log.out" 2>&1); then
    grep -h -E '^SIP/2.0|[Aa]bort|[Tt]imeout|[Ff]ail' "$log.err" 2>/dev/null | head -3
    return 1
  fi
}

# caller_over ADDRESS SCENARIO NUMBER [OPTION...]: as caller, to another address of the switch.
caller_over() {
  local caller_remote=$1
  shift
  caller "$@"
}

# refused CODE NUMBER [OPTION...]: the call must be answered with that status.
refused() {
  local code=$1 number=$2
  shift 2
  sed "s/@CODE@/$code/" "$here/sipp/caller-refused.xml" >"$work/refused.xml"
  scenario_file=$work/refused.xml caller refused "$number" "$@"
}

# --- the end --------------------------------------------------------------------------------------------------------------

cleanup() {
  local status=$?
  no_callees
  if [ -n "$tandem_pid" ]; then stop_tandem || true; fi
  if [ "$status" -ne 0 ] || [ "$failed" -gt 0 ]; then
    echo "what tandem said:"
    tail -20 "$work/tandem.out" "$work/tandem.err" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap cleanup EXIT

# finish: the closing line and the exit code.
finish() {
  printf '%s: %d passed, %d failed\n' "$(basename "$0" .sh)" "$passed" "$failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

callee_port=$(free_port)
second_port=$((callee_port + 1000))

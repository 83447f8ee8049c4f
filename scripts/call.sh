#!/usr/bin/env bash
# Places a call through the running switch: a SIPp caller that speaks, a SIPp callee that sends all it hears back, and then the
# record that the switch made of it. The demo configuration lets 127.0.0.1 call and routes everything to 127.0.0.1:5080.
# CALLEE is the number called, CALL_SECONDS how long.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh
scripts/setup.sh calls
tandem=${CARGO_TARGET_DIR:-$HOME/.cache/tandem-target}/debug/tandem
[ -x "$tandem" ] || tandem=${CARGO_TARGET_DIR:-$HOME/.cache/tandem-target}/release/tandem
state=${TANDEM_STATE:-$PWD/state}
callee=${CALLEE:-442079460000} caller=${CALLER:-12025550100} seconds=${CALL_SECONDS:-8}

[ -r "$state/running" ] || refuse "No switch runs in $state: start it first with make run."
sip=$(sed -n 's/^sip=//p' "$state/running")
sip=${sip/#0.0.0.0:/127.0.0.1:}
sip=${sip/#\[::\]:/127.0.0.1:}

work=$(mktemp -d)
echo_pid=
trap '[ -z "$echo_pid" ] || kill "$echo_pid" 2>/dev/null || true; rm -rf "$work"' EXIT
began=$(date -u +%Y-%m-%dT%H:%M:%S.%NZ)

say "calling $callee from $caller through $sip for $seconds seconds"
cd end2end/sipp
sipp -sf callee.xml -i 127.0.0.1 -mi 127.0.0.1 -p 5080 -mp 6000 -rtp_echo -m 1 -nostdin \
  -trace_err -error_file "$work/callee.err" >"$work/callee.out" 2>&1 &
echo_pid=$!
sleep 0.5
kill -0 "$echo_pid" 2>/dev/null || refuse "The called side cannot listen on 127.0.0.1:5080: $(tail -1 "$work/callee.out")"
if ! sipp -sf caller-speaks.xml -i 127.0.0.1 -mi 127.0.0.1 -mp 6100 "$sip" -s "$callee" -key caller "$caller" \
  -d $((seconds * 1000)) -m 1 -nostdin -timeout $((seconds + 40)) -timeout_error \
  -trace_err -error_file "$work/caller.err" >"$work/caller.out" 2>&1; then
  say "the call failed:" && grep -h -m 5 -E 'SIP/2.0 [3-6]|abort|[Tt]imeout' "$work"/*.err || true
fi
cd ../..
say ""
"$tandem" cdr --last --since "$began" --wait 15 --state "$state"

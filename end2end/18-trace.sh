#!/usr/bin/env bash
# The debug trace: both legs of a call, what was dropped and why, a file that tcpdump reads, captures, and HEP.
. "$(dirname "$0")/instance.sh"
start_tandem
apply_file "$here/configuration.toml" >/dev/null
base=http://$http

# page PATH: prints a page of the portal as the administrator sees it.
page() { curl -fsS -b "$work/jar" "$base$1"; }
# send PATH FIELD=VALUE...: sends a form; prints where it leads.
send() {
  local path=$1 fields=() field
  shift
  for field in "$@"; do fields+=(--data-urlencode "$field"); done
  curl -sS -o "$work/answer" -w '%{http_code} %{redirect_url}' -b "$work/jar" -c "$work/jar" -H "Origin: $base" "${fields[@]}" "$base$path"
}
# has PATH TEXT: the page has the text.
has() { page "$1" >"$work/page" && grep -qF -- "$2" "$work/page"; }

equal "the administrator logs in" "303 $base/" "$(send /login name=admin password="$TANDEM_ADMIN_PASSWORD")"
check "the trace of a fresh switch is empty" has /operation/trace "The trace has seen nothing yet."

# A collector that keeps what it gets.
collector=$(free_port)
socat -u "UDP4-RECV:$collector,bind=127.0.0.1" "CREATE:$work/hep" & far_pids+=($!)
command_on apply - >/dev/null <<TOML
[parameters]
SERVER_HEP_COLLECTOR = "127.0.0.1"
SERVER_HEP_COLLECTOR_PORT = "$collector"
TOML
for _ in $(seq 100); do grep -qi ":$(printf '%04X' "$collector") " /proc/net/udp && break || sleep 0.1; done

equal "a capture of a number begins" "303 $base/operation/trace/captures" \
  "$(send /operation/trace/captures/new row_version= number=4416 minutes=5 megabytes=1 gateway= address= call=)"
check "and is listed as running" has /operation/trace/captures running

callee callee "$callee_port"
check "a call goes through" caller caller 441612345678 -d 500
caller_address=127.0.0.9
check "a stranger is refused" refused 403 441699999999
printf 'GET / HTTP/1.1\r\nHost: x\r\n\r\n' >"/dev/udp/${sip%:*}/${sip##*:}"
equal "the call has its record" 1 "$(wait_sql 1 "select count(*) from cdr.calls")"
id=$(sql "select id from cdr.calls")

check "the call's ladder is there" has "/operation/trace/ladder?call=$id" "Both legs of call $id"
both=$(grep -oE '(INVITE|180 Ringing|200 OK|ACK|BYE)' <(page "/operation/trace/ladder?call=$id" | grep -oE 'class="label-text">[^<]*') | sort | uniq -c | awk '{ printf "%s %s,", $2, $1 }')
equal "with the messages of both legs" "180 2,200 4,ACK 2,BYE 2,INVITE 2," "$both"
check "and the names of both gateways" sh -c "grep -qF 'Customer trunk' '$work/page' && grep -qF 'First' '$work/page'"
check "the call's record leads to it" has "/cdrs/$id" "/operation/trace/ladder?call=$id"
check "the stranger is in the trace with the reason" has "/operation/trace?address=127.0.0.9" "refused: unknown source"
check "what is no SIP is there too" has "/operation/trace?refused=yes" "dropped: not SIP"
check "a call that the trace does not have is said to be lost" \
  has "/operation/trace/ladder?call=01936b1c-7f3a-7000-8000-000000000001" "The trace has none of these messages"

page "/operation/trace/ladder.pcapng?call=$id" >"$work/call.pcapng"
# As text: it takes SIP apart on some ports only.
tcpdump -nnqA -r "$work/call.pcapng" >"$work/packets" 2>"$work/packets.err"
tcpdump -nnv -r "$work/call.pcapng" >"$work/sums" 2>>"$work/packets.err"
equal "tcpdump reads a file of both legs" "2 2 0" \
  "$(grep -c 'INVITE sip:.* SIP/2.0' "$work/packets") $(grep -c 'BYE sip:.* SIP/2.0' "$work/packets") $(grep -c 'bad\|truncated' "$work/sums")"
check "with the addresses of the call" grep -q "> 127.0.0.1.$callee_port: " "$work/packets"

check "the capture has the calls of its number alone" has "/operation/trace/ladder?capture=1" "INVITE"
page "/operation/trace/ladder.pcapng?capture=1" | tcpdump -nnqA -r - >"$work/captured" 2>/dev/null
equal "from both legs" 2 "$(grep -c 'INVITE sip:441612345678@.* SIP/2.0' "$work/captured")"
equal "it stops when somebody says so" "303 $base/operation/trace/captures" "$(send /operation/trace/captures id=1 action=stop)"
equal "who began and stopped it stands in the audit log" "start|admin,stop|admin" \
  "$(sql "select string_agg(action || '|' || user_name, ',' order by id) from portal.audit_log where subject = 'capture 1'")"

sleep 1
check "the collector got HEP packets" grep -aq HEP3 "$work/hep"
equal "the INVITEs of both legs among them" 2 \
  "$(grep -ao 'INVITE sip:441612345678@' "$work/hep" | wc -l)"
check "the legs carry the call's key" sh -c "[ \$(grep -aoF '$id' '$work/hep' | wc -l) -ge 10 ]"
command_on apply - >/dev/null <<TOML
[parameters]
SERVER_HEP_COLLECTOR = ""
TOML
before=$(wc -c <"$work/hep")
caller_address=127.0.0.1
check "another call goes through" caller caller 441612345679 -d 200
sleep 1
equal "the export ends when it is switched off" "$before" "$(wc -c <"$work/hep")"

check "it stops cleanly" stop_tandem
tcpdump -nnqA -r "$(find "$state" -name last-stop.pcapng)" >"$work/last" 2>/dev/null
check "what was signalled before the stop is kept in a file" grep -q "INVITE sip:441612345679@" "$work/last"
finish

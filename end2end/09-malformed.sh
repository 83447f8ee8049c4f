#!/usr/bin/env bash
# Rubbish on the SIP port while calls go on.
. "$(dirname "$0")/instance.sh"
start_tandem
apply_file "$here/configuration.toml" >/dev/null
callee callee "$callee_port"

datagram() { cat >"/dev/udp/${sip%:*}/${sip##*:}" || true; }
rubbish() {
  local round=0
  while [ $((round += 1)) -le 200 ]; do
    head -c $((RANDOM % 1400 + 1)) /dev/urandom | datagram
    printf 'INVITE sip:441612345678@127.0.0.1 SIP/2.0\r\n\r\n' | datagram
    printf 'INVITE sip:44\0161@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP [::::;branch=\r\nCSeq: 99999999999 INVITE\r\n\r\n' | datagram
    printf 'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:1;branch=z9hG4bK%s\r\nCSeq: 1 BYE\r\n\r\n' "$RANDOM" | datagram
    printf 'BYE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKx%s\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: x%s\r\nCSeq: 1 BYE\r\nContent-Length: 100000\r\n\r\n' "$RANDOM" "$RANDOM" | datagram
    { printf 'INVITE sip:1@127.0.0.1 SIP/2.0\r\n'; head -c 60000 /dev/zero | tr '\0' 'A'; } | datagram
    printf '\r\n\r\n' | datagram
  done
}
rubbish &
noise=$!
check "calls go through while rubbish arrives" caller caller 441612345678 -r 5 -m 20 -d 500
kill "$noise" 2>/dev/null || true
wait "$noise" 2>/dev/null || true
check "the process lives" kill -0 "$tandem_pid"
check "the process is ready" curl -fsS "http://$http/readyz"
equal "every real call has its record" "20" \
  "$(wait_sql "20" "select count(*) from cdr.calls where answered_at is not null and end_reason = 'NormalClearing'")"
equal "no panic stands in its log" "" "$(grep -i panicked "$work/tandem.err" || true)"
finish

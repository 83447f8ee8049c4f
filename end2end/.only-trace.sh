. "$(dirname "$0")/instance.sh"
chromium=$(command -v chromium)
start_tandem --demo
printf '[[routing_gateway]]\nname = "%s"\naddress = "127.0.0.1:%s"\n' "$(sql "select name from sip.routing_gateways limit 1")" "$callee_port" >"$work/demo-port.toml"
command_on apply "$work/demo-port.toml" >/dev/null
sleep 1.5
callee callee "$callee_port"
caller caller-speaks 442079460000 -r 5 -m 10 -d 1500
no_callees
callee callee-busy "$callee_port"
refused 486 442079460000 || true
wait_sql 11 "select count(*) from cdr.calls" >/dev/null
no_callees
callee callee "$callee_port"
caller_address=127.0.0.9 refused 403 4412 || true
printf 'GET / HTTP/1.1\r\nHost: <script>alert(1)</script>\r\n\r\n' >"/dev/udp/${sip%:*}/${sip##*:}"
cd "$here/browser"
[ -d node_modules ] || npm ci --silent --no-audit --no-fund
export TANDEM_URL="http://$http" TANDEM_CHROMIUM="$chromium" TANDEM_SIP_ADDRESS="$sip"
node --test ${TESTS:-trace.test.mjs}

#!/usr/bin/env bash
# browser.sh [FILE...]: the portal in a real browser, on a switch with the demo configuration and calls; all files or these.
. "$(dirname "$0")/instance.sh"
chromium=$(command -v chromium || command -v chromium-browser) || { echo "chromium is missing: make setup installs it" >&2; exit 1; }
start_tandem --demo
# The demo's vendor is at 127.0.0.1:5080, which another switch on this machine may use: ours goes where it is free.
# One of each other kind, so that every page has something to show; nobody answers at the registration's server.
cat >"$work/demo-port.toml" <<TOML
[[routing_gateway]]
name = "$(sql "select name from sip.routing_gateways limit 1")"
address = "127.0.0.1:$callee_port"

[[account]]
name = "Reseller"
kind = "customer"

[[agent]]
name = "Reseller"
account = "Reseller"

[[phone]]
number = "2001"
account = "Reseller"
password = "quiet-Heron-42"

[[registration]]
name = "Upstream"
server = "127.0.0.1:9"
user = "tandem"
password = "quiet-Heron-42"
enabled = false
TOML
command_on apply "$work/demo-port.toml" >/dev/null
sleep 1.5
callee callee "$callee_port"
check "calls are placed for the pages to show" caller caller-speaks 442079460000 -r 5 -m 10 -d 1500
no_callees
callee callee-busy "$callee_port"
check "a busy call is placed for the pages to show" refused 486 442079460000
wait_sql 11 "select count(*) from cdr.calls" >/dev/null
no_callees
callee callee "$callee_port"

cd "$here/browser"
echo "installing the browser test's packages"
npm ci --silent --no-audit --no-fund
export TANDEM_URL="http://$http" TANDEM_CHROMIUM="$chromium" TANDEM_SIP_ADDRESS="$sip"
node --test "$@"

#!/usr/bin/env bash
# Who is there: gateways asked by OPTIONS, suspensions over a restart, and a receiver that is told of it all.
. "$(dirname "$0")/instance.sh"
receiver_port=$((callee_port + 3001)) phone_port=$((callee_port + 3003))

# A receiver: a line for each event, with whether its signature is right.
receiver() {
  node - "$receiver_port" "$work/events" <<'JS' >"$work/receiver.out" 2>&1 &
const [port, file] = process.argv.slice(2);
const { createHmac } = require('node:crypto');
const { appendFileSync } = require('node:fs');
require('node:http')
  .createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      const id = request.headers['webhook-id'], at = request.headers['webhook-timestamp'];
      const mac = createHmac('sha256', 'end-to-end-secret').update(`${id}.${at}.${body}`).digest('base64');
      const event = JSON.parse(body);
      const right = request.headers['webhook-signature'] === `v1,${mac}` && event.id === id;
      appendFileSync(file, `${event.type} ${right ? 'signed' : 'forged'} ${event.data.name ?? event.data.user ?? ''}\n`);
      response.writeHead(204).end();
    });
  })
  .listen(Number(port), '127.0.0.1', () => appendFileSync(file, ''));
JS
  far_pids+=($!)
}
# told LINE: within ten seconds the receiver has been told so.
told() {
  for _ in $(seq 50); do grep -qx "$1" "$work/events" 2>/dev/null && return; sleep 0.2; done
  cat "$work/events"
  return 1
}
ask() {
  local method=$1 path=$2
  shift 2
  curl -sS -m 10 -X "$method" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' "http://$http/api/v1/$path" "$@"
}
# state_of_gateway STATE SECONDS: waits until the first gateway stands there; prints where it stood last.
state_of_gateway() {
  local found='' end=$((SECONDS + $2))
  while [ "$SECONDS" -lt "$end" ]; do
    found=$(ask GET online/gateways | node -p 'JSON.parse(require("fs").readFileSync(0)).items.find((g) => g.name === "First").state')
    [ "$found" != "$1" ] || break
    sleep 0.3
  done
  printf '%s' "$found"
}

start_tandem --webhooks-to-private-addresses
token=$(command_on user token admin "End to end" --days 1 2>"$work/said")
receiver
{
  cat "$here/configuration.toml"
  printf '\n[[phone]]\nnumber = "1003"\naccount = "Customer"\npassword = "quiet-Heron-42"\n'
} | sed 's/^SS_SIP_OPTIONS_CHECK_PERIOD = 0/SS_SIP_OPTIONS_CHECK_PERIOD = 5/' >"$work/online.toml"
callee answers-options "$callee_port"
check "a configuration with checks is taken up" apply_file "$work/online.toml"

webhook='{"name":"Receiver","url":"http://127.0.0.1:'$receiver_port'/events","secret":"end-to-end-secret","events":["gateway.offline","gateway.online","suspension.begun"]}'
id=$(ask POST webhooks -d "$webhook" | node -p 'JSON.parse(require("fs").readFileSync(0)).id')
ask POST "webhooks/$id/test" >/dev/null
check "a test arrives, with a signature that is right" told "test signed "

equal "a gateway that answers OPTIONS is online" online "$(state_of_gateway online 15)"
check "with the way and the time of its answer" \
  sh -c "echo '$(ask GET online/gateways)' | grep -q '\"way\":\"UDP 127.0.0.1:$callee_port\".*\"round_trip_us\":[0-9]'"
no_callees
receiver

# While the gateway is silent: who guesses is suspended, and stays so over a restart.
sed "s/@CODE@/401/" "$here/sipp/phone-registers.xml" >"$work/registers.xml"
for _ in 1 2 3 4 5 6 7; do
  scenario_file=$work/registers.xml caller_address=127.0.0.9 caller registers 1003 -ap wrong-Heron-42 -key seconds 600 -au 1003 \
    -p "$phone_port" >/dev/null || true
done
caller_address=127.0.0.9 check "who guesses is shut out" caller phone-refused 1003 -p "$phone_port"
check "and the receiver is told" told "suspension.begun signed 1003"
equal "silence of one that answered is offline" offline "$(state_of_gateway offline 60)"
check "and the receiver is told" told "gateway.offline signed First"
check "calls pass it over, and there is no other one for them" refused 503 441612345678
callee answers-options "$callee_port"
equal "when it answers again it is online" online "$(state_of_gateway online 60)"
check "and the receiver is told of that too" told "gateway.online signed First"

equal "the suspension is written down" t "$(wait_sql t "select count(*) > 0 from sip.suspensions")"
check "the switch stops" stop_tandem
start_tandem --webhooks-to-private-addresses
caller_address=127.0.0.9 check "after a restart who guessed is still shut out" caller phone-refused 1003 -p "$phone_port"
ask POST suspensions/release -d '{"user":"1003","address":"127.0.0.9"}' >/dev/null
equal "released, it is no longer written down" 0 "$(wait_sql 0 "select count(*) from sip.suspensions where user_name = '1003'")"
check "a stop is clean" stop_tandem
finish

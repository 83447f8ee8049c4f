#!/usr/bin/env bash
# The contacts of phones: renewed, replaced by another device's, kept open by heartbeats, run out.
. "$(dirname "$0")/instance.sh"
phone_port=$((callee_port + 2003))
start_tandem
{
  cat "$here/configuration.toml"
  for number in 442001 442002 442003; do
    printf '\n[[phone]]\nnumber = "%s"\naccount = "Customer"\npassword = "quiet-Heron-42"\n' "$number"
  done
} | sed 's/^\[parameters\]/&\nSS_SIP_NAT_KEEP_ALIVE_PERIOD = 10\nSS_ENDPOINT_REGISTER_REPLACE_NOTIFY = "on"/' >"$work/phones.toml"
check "a document makes phones" apply_file "$work/phones.toml"
set_parameter() {
  printf '[parameters]\n%s = "%s"\n' "$1" "$2" >"$work/parameter.toml"
  command_on apply "$work/parameter.toml"
}
# from ADDRESS SCENARIO NUMBER: a device of that number at that address.
from() { caller_address=$1 caller "$2" "$3" -ap quiet-Heron-42 -au "$3" -key seconds 600 -p "$phone_port"; }
registers() {
  sed "s/@CODE@/$3/" "$here/sipp/phone-registers.xml" >"$work/registers.xml"
  scenario_file=$work/registers.xml from "$1" registers "$2"
}
contacts() { printf "select count(*) from sip.bindings join sip.phones on phones.id = phone_id where number = '%s'" "$1"; }
behind_translation() { node "$here/sipp/register.mjs" "$sip" 442003 quiet-Heron-42 private for-30 "$@"; }

# The one that runs out comes first: it takes half a minute.
equal "a phone behind address translation registers for half a minute" 200 "$(behind_translation ask answer)"
equal "where it is has been written down" 1 "$(wait_sql 1 "$(contacts 442003)")"

check "a phone renews its registration in time" from 127.0.0.9 phone-refreshes 442001
equal "that is the same contact, with its new time" "1|4|t" "$(wait_sql "1|4|t" \
  "select count(*), max(cseq), max(expires) > now() + interval '800 seconds' from sip.bindings where not nat")"

check "a phone registers" registers 127.0.0.9 442002 200
callee phone-notified "$phone_port" -i 127.0.0.9
check "another device with its number takes its place" registers 127.0.0.10 442002 200
for _ in $(seq 50); do grep -q told: "$work/phone-notified-$phone_port.log" && break; sleep 0.1; done
check "and the first is told so" grep "told: reg.*rejected" "$work/phone-notified-$phone_port.log"
no_callees
equal "only the second is left" "127.0.0.10" "$(wait_sql 127.0.0.10 \
  "select host(remote_address) from sip.bindings join sip.phones on phones.id = phone_id where number = '442002'")"
callee callee "$phone_port" -i 127.0.0.10
check "it is the one that rings" caller caller 442002 -d 300
no_callees
check "replacement is switched off" set_parameter SS_ENDPOINT_REGISTER_REPLACE off
check "a third device is refused then" registers 127.0.0.9 442002 403
check "the second may renew" registers 127.0.0.10 442002 200

equal "what has run out is gone" 0 "$(wait_sql 0 "$(contacts 442003)" 40)"
check "and its number is not there" refused 480 442003
equal "heartbeats keep the way to a phone behind translation open" "heard HELLO" "$(behind_translation ask answer hear)"
finish

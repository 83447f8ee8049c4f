#!/usr/bin/env bash
# Phones: they register, call, are called and stay known over a restart; who guesses is shut out. Registrations of ours elsewhere.
. "$(dirname "$0")/instance.sh"
upstream_port=$((callee_port + 2001)) phone_port=$((callee_port + 2003)) other_port=$((callee_port + 2005))
start_tandem
{
  cat "$here/configuration.toml"
  phone() { printf '\n[[phone]]\nnumber = "%s"\naccount = "Customer"\npassword = "quiet-Heron-42"\n' "$1"; }
  phone 441001
  phone 1002
  phone 1003
  phone 441004
} >"$work/phones.toml"
check "a document makes phones" apply_file "$work/phones.toml"

# registers CODE NUMBER PASSWORD SECONDS [OPTION...]
registers() {
  local code=$1 number=$2 password=$3 seconds=$4
  shift 4
  sed "s/@CODE@/$code/" "$here/sipp/phone-registers.xml" >"$work/registers.xml"
  scenario_file=$work/registers.xml caller_address=127.0.0.9 caller registers "$number" -ap "$password" -key seconds "$seconds" \
    -au "$number" -p "$phone_port" "$@"
}
phone_calls() {
  local user=$1 number=$2
  shift 2
  caller_address=127.0.0.9 caller phone-calls "$number" -key user "$user" -au "$user" -ap quiet-Heron-42 -d 500 "$@"
}
contacts() { wait_sql "$1" "select count(*) from sip.bindings"; }

check "a phone registers with its password" registers 200 441001 quiet-Heron-42 600
equal "where it is has been written down" 1 "$(contacts 1)"
check "a wrong password is challenged again" registers 401 441001 wrong-Heron-42 600
check "so is a name that nobody has" registers 401 99999 wrong-Heron-42 600
check "too short a time is refused with the least" registers 423 441001 quiet-Heron-42 20

callee callee "$callee_port"
check "a phone calls a number that a vendor takes" phone_calls 1002 441612345678
equal "its account pays, and the record names the phone" "1002|Customer|t|0.003000" \
  "$(wait_sql "1002|Customer|t|0.003000" "select mapping_gateway_name, account_name, mapping_gateway_id is null, fee from cdr.calls where routing_gateway_name = 'First'")"
no_callees
callee callee "$phone_port" -i 127.0.0.9
check "a trunk calls the phone" caller caller 441001 -d 500
equal "its record names the phone and no vendor" "441001|t" \
  "$(wait_sql "441001|t" "select routing_gateway_name, vendor_account_id is null from cdr.calls where callee_phone_id is not null")"
check "a phone calls a phone of its account for nothing" phone_calls 1003 441001
check "a phone that is not registered is not there" refused 480 441004

check "the switch stops" stop_tandem
start_tandem
check "after a restart the phone is still called" caller caller 441001 -d 300
no_callees
check "it takes itself away" registers 200 441001 quiet-Heron-42 0
equal "nothing of it is left" 0 "$(contacts 0)"
check "and nobody reaches it" refused 480 441001

# Six wrong passwords in one authentication suspend; the right one is refused then too.
for _ in 1 2 3 4 5 6 7; do registers 401 1003 wrong-Heron-42 600 >/dev/null || true; done
caller_address=127.0.0.9 check "who guesses is shut out before any password is looked at" caller phone-refused 1003 -p "$phone_port"

# The cancellation has the Call-ID of the registration, which SIPp must not take for an old story.
callee upstream "$upstream_port" -deadcall_wait 0
printf '\n[[registration]]\nname = "Upstream"\nserver = "127.0.0.1:%s"\nuser = "tandem"\npassword = "quiet-Heron-42"\n' "$upstream_port" >"$work/upstream.toml"
check "a registration of ours is configured" command_on apply "$work/upstream.toml"
for _ in $(seq 50); do grep -q expires=3600 "$work/upstream-$upstream_port.log" && break; sleep 0.2; done
check "it is made, with the challenge answered" grep -q expires=3600 "$work/upstream-$upstream_port.log"
check "a stop is clean" stop_tandem
check "and withdraws it" grep -q expires=0 "$work/upstream-$upstream_port.log"
finish

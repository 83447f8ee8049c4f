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

# What becomes of credentials that are not simply right or wrong.
by_hand() { node "$here/sipp/register.mjs" "$sip" "$@"; }
equal "right credentials are taken" 200 "$(by_hand 1002 quiet-Heron-42 ask answer)"
equal "sent once more they are stale: the same nonce and count" "401 stale" "$(by_hand 1002 quiet-Heron-42 ask answer replay)"
equal "a nonce that was given to another address is stale" "401 stale" "$(by_hand 1002 quiet-Heron-42 ask move answer)"
equal "credentials of another realm are challenged again" 401 "$(by_hand 1002 quiet-Heron-42 ask realm)"
equal "so are those on a nonce that nobody gave" 401 "$(by_hand 1002 wrong-Heron-42 ask forge)"
equal "a name that nobody has is challenged like others" 401 "$(by_hand 99998 quiet-Heron-42 ask answer)"
printf '[parameters]\nSS_REPLY_UNAUTHORIZED = "off"\n' >"$work/silent.toml"
check "strangers get no answer from now on" command_on apply "$work/silent.toml"
equal "nor does a name that nobody has" silence "$(by_hand 99998 quiet-Heron-42 ask)"
equal "a phone is still challenged, and let in" 200 "$(by_hand 1002 quiet-Heron-42 ask answer)"
printf '[parameters]\nSS_REPLY_UNAUTHORIZED = "on"\n' >"$work/silent.toml"
check "strangers are answered again" command_on apply "$work/silent.toml"

# Six wrong passwords in one authentication suspend; the right one is refused then too.
for _ in 1 2 3 4 5 6 7; do registers 401 1003 wrong-Heron-42 600 >/dev/null || true; done
caller_address=127.0.0.9 check "who guesses is shut out before any password is looked at" caller phone-refused 1003 -p "$phone_port"

# The cancellation has the Call-ID of the registration, which SIPp must not take for an old story.
callee upstream "$upstream_port" -deadcall_wait 0
printf '\n[[registration]]\nname = "Upstream"\nserver = "127.0.0.1:%s"\nuser = "tandem"\npassword = "quiet-Heron-42"\n' "$upstream_port" >"$work/upstream.toml"
check "a registration of ours is configured" command_on apply "$work/upstream.toml"
for _ in $(seq 50); do grep -q expires=3600 "$work/upstream-$upstream_port.log" && break; sleep 0.2; done
check "it is made, with the challenge answered" grep -q expires=3600 "$work/upstream-$upstream_port.log"

# Servers that do not take ours, each in its own way.
token=$(command_on user token admin "End to end" --days 1 2>"$work/said")
forbidden_port=$((callee_port + 2007)) away_port=$((callee_port + 2009)) brief_port=$((callee_port + 2011)) nobody_port=$((callee_port + 2013))
refuses() {
  sed -e "s/@CODE@/$2/" -e "s/@HEADER@/$3/" "$here/sipp/upstream-refuses.xml" >"$work/refuses-$2.xml"
  (cd "$work" && exec sipp -sf "refuses-$2.xml" -i 127.0.0.1 -p "$1" -nostdin -deadcall_wait 0 >"$work/refuses-$2.out" 2>&1) &
  far_pids+=($!)
}
refuses "$forbidden_port" 403 "Reason: SIP;cause=403"
refuses "$away_port" 503 "Retry-After: 20"
callee upstream-brief "$brief_port" -deadcall_wait 0
for one in "Forbidden $forbidden_port" "Away $away_port" "Brief $brief_port" "Nobody $nobody_port"; do
  printf '\n[[registration]]\nname = "%s"\nserver = "127.0.0.1:%s"\nuser = "tandem"\npassword = "quiet-Heron-42"\n' ${one% *} ${one#* }
done >"$work/refusals.toml"
check "four more registrations are configured" command_on apply "$work/refusals.toml"
# standing NAME WANTED SECONDS: what the API tells of a registration, once it is as wanted; what it told last otherwise.
standing() {
  local end=$((SECONDS + $3)) found=''
  while [ "$SECONDS" -lt "$end" ]; do
    found=$(for list in registrations online/registrations; do
      curl -sS -m 10 -H "Authorization: Bearer $token" "http://$http/api/v1/$list"; echo; done |
      node -e '
        const [known, status] = require("fs").readFileSync(0, "utf8").trim().split("\n").map((line) => JSON.parse(line).items);
        const id = known.find((one) => one.name === process.argv[1]).id;
        const one = status.find((one) => one.registration === id) ?? {};
        console.log(`${one.state}: ${one.last_failure ?? ""}`);' "$1")
    [ "$found" != "$2" ] || break
    sleep 0.3
  done
  printf '%s' "$found"
}
equal "403 is told with its words" "failed: refused with 403 No" "$(standing Forbidden "failed: refused with 403 No" 15)"
equal "503 is tried again later" "failed: refused with 503 No" "$(standing Away "failed: refused with 503 No" 15)"
equal "423 is asked for longer, and taken" "registered: " "$(standing Brief "registered: " 15)"
equal "silence is told as no answer" "failed: no answer" "$(standing Nobody "failed: no answer" 45)"
check "a stop is clean" stop_tandem
check "and withdraws it" grep -q expires=0 "$work/upstream-$upstream_port.log"
finish

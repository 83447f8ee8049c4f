#!/usr/bin/env bash
# Every call of sipp/matrix: both sides' messages as written there, and the record of each. All at once through one switch.
# The results are the last part of docs/conformance.md; TANDEM_WRITE_CONFORMANCE=1 writes it, else it must be the same.
. "$(dirname "$0")/instance.sh"
export TANDEM_SIP_LISTEN=tcp:127.0.0.1:0,ws:127.0.0.1:0,udp:[::1]:0,udp:127.0.0.2:0
page=$here/../docs/conformance.md
began=$SECONDS
names=()
for file in "$here"/sipp/matrix/${1:-*}.call; do names+=("$(basename "$file" .call)"); done

# field NAME KEY: what a call's file says under a key, a line for each.
field() { sed -n -e '/^\(caller\|callee\)$/q' -e "s/^$2 *//p" "$here/sipp/matrix/$1.call"; }

# over NAME SIDE: udp, udp6, tcp or ws; trusted is udp from the trunk whose word about its callers counts.
over() {
  local way
  way=$(field "$1" over | sed -n "s/^$2 //p")
  printf '%s' "${way:-udp}"
}

# A gateway, a port and a number of its own for each call; SIPp needs two ports for media too, which it never uses here. None of
# them may be one of the relay's.
declare -A port number
base=$((10000 + RANDOM % 140 * 100))
configuration() {
  printf '[parameters]\nSS_SIP_OPTIONS_CHECK_PERIOD = 0\nSS_SIP_SESSION_UPDATE_SEGMENT = "10"\nSS_SIP_NO_TIMER_REINVITE_INTERVAL = "60"\nSS_LOCAL_IP_DOMAIN = "sip.tandem.example"\n\n'
  # Its gateways would be asked after those of the matrix.
  sed '/^\[\[routing_gateway\]\]$/,$d' "$here/configuration.toml"
  printf '\n[[mapping_gateway]]\nname = "Over IPv6"\naccount = "Customer"\nsources = ["::1"]\n'
  printf '\n[[mapping_gateway]]\nname = "Trusted"\naccount = "Customer"\nsources = ["127.0.0.4"]\n'
  printf 'caller_field = "remote_party_id"\nsupport_privacy = true\n'
  local name index=0 parameters host transport
  for name in "${names[@]}"; do
    port[$name]=$((base + 2 * (index += 1)))
    number[$name]=447$(printf '%03d' "$index")000000
    parameters=$(field "$name" gateway | paste -sd,)
    case $(over "$name" callee) in udp6) host='[::1]' transport=udp ;; tcp) host=127.0.0.1 transport=tcp ;; *) host=127.0.0.1 transport=udp ;; esac
    printf '\n[[routing_gateway]]\nname = "%s"\naccount = "Vendor"\naddress = "%s:%s"\ntransport = "%s"\nprefixes = ["%s"]\nparameters = { %s }\n' \
      "$name" "$host" "${port[$name]}" "$transport" "${number[$name]:0:6}" "$parameters"
    field "$name" set
  done
}

# side NAME caller|callee: options of SIPp that the two have in common, and the call's own.
side() {
  printf '%s\n' -sf "$work/$1-$2.xml" -mp "$((media += 4))" -m 1 -nostdin -trace_err -error_file "$work/$1-$2.err"
  case "$(field "$1" heard)" in "$2 "*) printf '%s\n' -trace_msg -message_file "$work/$1-$2.messages" ;; esac
  case $(over "$1" "$2") in
    udp6) printf '%s\n' -i ::1 -mi ::1 ;;
    tcp) printf '%s\n' -i 127.0.0.1 -mi 127.0.0.1 -t t1 ;;
    trusted) printf '%s\n' -i 127.0.0.4 -mi 127.0.0.1 ;;
    *) printf '%s\n' -i 127.0.0.1 -mi 127.0.0.1 ;;
  esac
  field "$1" options | sed -n "s/^$2 //p" | tr ' ' '\n'
}

# written NAME SIDE: whether its messages went as written.
written() { grep -qx 0 "$work/$1-$2.status" 2>/dev/null; }

# run_side NAME SIDE PROGRAM ARGUMENT...: one side, and how it ended.
run_side() {
  local name=$1 which=$2 program=$3 status=0
  shift 3
  (cd "$here/sipp" && exec "$program" "$@" >"$work/$name-$which.out" 2>&1) || status=$?
  echo "$status" >"$work/$name-$which.status"
}

start_tandem
# Addresses that it listens at.
listens() { sed -n "s/^$1=//p" "$state/running"; }
tcp=$(listens tcp) ws=$(listens ws) udp6=$(listens udp | grep '^\[::1\]')
configuration >"$work/matrix.toml"
check "each call of the matrix has a gateway" apply_file "$work/matrix.toml"
media=$((base + 500))
callees=() callers=()
for name in "${names[@]}"; do
  for which in caller callee; do
    awk -v side="$which" -f "$here/sipp/scenario.awk" "$here/sipp/matrix/$name.call" >"$work/$name-$which.xml"
  done
  mapfile -t options < <(side "$name" callee)
  media=$((media + 4))
  run_side "$name" callee sipp "${options[@]}" -p "${port[$name]}" -timeout 88 -timeout_error &
  callees+=($!)
done
for name in "${names[@]}"; do
  for ((tries = 0; tries < 200; tries++)); do
    grep -qhi ":$(printf '%04X' "${port[$name]}") 0000" /proc/net/udp /proc/net/udp6 /proc/net/tcp && break
    sleep 0.05
  done
  case $(over "$name" caller) in
    udp6) remote=$udp6 ;;
    tcp) remote=$tcp ;;
    ws)
      run_side "$name" caller node websocket.mjs "$ws" "${number[$name]}" &
      callers+=($!)
      continue
      ;;
    *) remote=$sip ;;
  esac
  mapfile -t options < <(side "$name" caller)
  media=$((media + 4))
  run_side "$name" caller sipp "${options[@]}" "$remote" -s "${number[$name]}" -key caller 12025550100 \
    -timeout 85 -timeout_error &
  callers+=($!)
done
wait "${callers[@]}" "${callees[@]}"

# --- results --------------------------------------------------------------------------------------------------------------

# heard NAME: whether a side got a message as often as its file says, repetitions included.
heard() {
  local who what times
  read -r who what times <<<"$(field "$1" heard)"
  [ -n "$who" ] || return 0
  case $what in
    # A line of a description.
    [a-z]=*) awk -v line="$what $times" '/message (received|sent)/ { ours = /received/ } ours && $0 ~ "^" line "\\r?$" { found = 1 } END { exit !found }' \
      "$work/$1-$who.messages"
      return ;;
  esac
  case $what in [0-9]*) what="SIP/2.0 $what " ;; *) what="$what sip:" ;; esac
  [ "$(grep -A3 'message received' "$work/$1-$who.messages" | grep -c "^$what")" -ge "$times" ]
}

record_of() {
  wait_sql "$(field "$1" record)" "select end_reason || ' ' || sip_code || ' ' || released_by || ' ' ||
    case when answered_at is null then 'unanswered' else 'answered' end from cdr.calls where callee_in = '${number[$1]}'" 5
}

rows='' met_all=0
for name in "${names[@]}"; do
  wanted=$(field "$name" record) found=$(record_of "$name") wrong=()
  written "$name" caller || wrong+=("the caller")
  written "$name" callee || wrong+=("the called side")
  heard "$name" || wrong+=("what was heard")
  [ "$wanted" = "$found" ] || wrong+=("the record: $found")
  told=$(IFS=,; printf '%s' "${wrong[*]}")
  if [ -z "$told" ]; then
    pass "$name: $(field "$name" title)"
    met_all=$((met_all + 1))
  else
    fail "$name: not as written: $told" "$(grep -hE 'unexpected|[Aa]bort|[Ff]ail|not found|timeout' "$work/$name"-*.err 2>/dev/null | head -2)"
  fi
  rows+="| $name | $(field "$name" rule) | $(field "$name" title) | $wanted | ${found:-none} | $([ -z "$told" ] && echo yes || echo '**no**') |"$'\n'
done
echo "        the matrix took $((SECONDS - began)) s"

section() {
  printf '## Calls\n\n'
  printf 'Written by `TANDEM_WRITE_CONFORMANCE=1 end2end/17-matrix.sh`; the same script fails when this part is stale.\n\n'
  printf 'Both sides of each call are SIPp; their messages stand in `end2end/sipp/matrix/NAME.call`. A call is *met* when both saw exactly\n'
  printf 'those and its record (end reason, status, who released it, whether it was answered) is the demanded one. Transports, long\n'
  printf 'messages, the end of the money and a killed process are the scripts beside this one.\n\n'
  printf '%s of %s met.\n\n' "$met_all" "${#names[@]}"
  printf '| call | rule | what it is | demanded record | seen | met |\n|---|---|---|---|---|---|\n%s' "$rows"
}
if [ $# -eq 0 ]; then
  # The command substitution drops the blank line before.
  printf '%s\n' "$(sed '/^## Calls$/,$d' "$page")" >"$work/page"
  { echo; section; } >>"$work/page"
  [ -z "${TANDEM_WRITE_CONFORMANCE:-}" ] || cp "$work/page" "$page"
  check "docs/conformance.md tells these results" diff "$page" "$work/page"
fi
check "the ledger adds up" command_on ledger check
check "it stops cleanly" stop_tandem
equal "no panic stands in its log" "" "$(grep -i panicked "$work/tandem.err" || true)"
finish

#!/usr/bin/env bash
# Calls over TCP and TLS on either side, and messages that are too long for a datagram.
. "$(dirname "$0")/instance.sh"
export TANDEM_SIP_LISTEN=tcp:127.0.0.1:0,tls:127.0.0.1:0
start_tandem
tcp=$(sed -n 's/^tcp=//p' "$state/running") tls=$(sed -n 's/^tls=//p' "$state/running")
tls_vendor=$((callee_port + 1)) tls_caller=$((callee_port + 3)) long_port=$((callee_port + 5)) plain_port=$((callee_port + 7))
{
  cat "$here/configuration.toml"
  gateway() { printf '\n[[routing_gateway]]\nname = "%s"\naccount = "Vendor"\naddress = "127.0.0.1:%s"\ntransport = "%s"\nprefixes = ["%s"]\n' "$@"; }
  gateway "Over TCP" "$((callee_port + 9))" tcp 39
  gateway "Over TLS" "$tls_vendor" tls 34
  gateway "Over either" "$long_port" auto 4477
  gateway "Only UDP" "$plain_port" auto 4478
} >"$work/transports.toml"
check "the gateways have their transports" apply_file "$work/transports.toml"
answered() { wait_sql "$1" "select count(*) from cdr.calls where end_reason = 'NormalClearing' and routing_gateway_name = '$2'"; }

callee callee "$callee_port"
check "a caller over TCP reaches a vendor over UDP" caller_over "$tcp" caller 441612345678 -t t1 -d 500
equal "its record says so" 1 "$(answered 1 First)"

callee callee "$((callee_port + 9))" -t t1
check "a caller over UDP reaches a vendor over TCP" caller caller 390612345678 -d 500
check "twenty calls share the connection to him" caller_over "$sip" caller 390612345678 -m 20 -r 20 -d 200
equal "each has its record" 21 "$(answered 21 'Over TCP')"

# SIPp speaks no TLS here: what is put before it does.
certificate=$state/tls
socat "TCP-LISTEN:$tls_caller,bind=127.0.0.1,fork,reuseaddr" "OPENSSL:$tls,verify=0" 2>>"$work/socat.err" & far_pids+=($!)
callee callee "$((callee_port + 11))" -t t1
socat "OPENSSL-LISTEN:$tls_vendor,bind=127.0.0.1,fork,reuseaddr,verify=0,cert=$certificate/certificate.pem,key=$certificate/key.pem" \
  "TCP:127.0.0.1:$((callee_port + 11))" 2>>"$work/socat.err" & far_pids+=($!)
sleep 0.5
check "a caller over TLS reaches a vendor over TLS" caller_over "127.0.0.1:$tls_caller" caller 340612345678 -t t1 -d 500
equal "its record says so" 1 "$(answered 1 'Over TLS')"

# A description of some 1.5 kB.
long=$(for n in $(seq 40); do printf 'a=x-long-attribute-%02d:0123456789abcdef\\n' "$n"; done)
sed "s/^a=ptime:20\$/a=ptime:20\n$long/" "$here/sipp/caller.xml" >"$work/long.xml"
callee callee "$long_port" -t t1
scenario_file=$work/long.xml check "what is too long for a datagram goes over TCP" caller long 447712345678 -d 300
callee callee "$plain_port"
scenario_file=$work/long.xml check "and over UDP all the same to a vendor without TCP" caller long 447812345678 -d 300
equal "both have their records" "1 1" "$(answered 1 'Over either') $(answered 1 'Only UDP')"

check "the ledger adds up" command_on ledger check
check "it stops cleanly" stop_tandem
finish

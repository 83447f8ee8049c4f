#!/usr/bin/env bash
# A re-INVITE passes through: the called side sees sendonly, the caller recvonly.
. "$(dirname "$0")/instance.sh"
start_tandem
apply_file "$here/configuration.toml" >/dev/null
callee callee-holds "$callee_port" -m 1
check "hold is asked for and granted through the switch" caller caller-holds 441612345678 -d 1000
check "the called side saw it" wait "${far_pids[0]}"
equal "it stays one call with one record" "1|NormalClearing|caller" \
  "$(wait_sql "1|NormalClearing|caller" "select count(*), max(end_reason), max(released_by) from cdr.calls")"
finish

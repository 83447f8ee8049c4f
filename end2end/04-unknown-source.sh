#!/usr/bin/env bash
# Who is no gateway gets nothing but a refusal, and no record.
. "$(dirname "$0")/instance.sh"
start_tandem
apply_file "$here/configuration.toml" >/dev/null
callee callee "$callee_port"
caller_address=127.0.0.9
check "a call from an unknown address is refused" refused 403 441612345678
caller_address=127.0.0.1
check "a call from the known address goes through" caller caller 441612345678 -d 500
equal "only the known call has a record" "1|127.0.0.1" \
  "$(wait_sql "1|127.0.0.1" "select count(*), max(host(source_address)) from cdr.calls")"
finish

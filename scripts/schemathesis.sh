#!/usr/bin/env bash
# schemathesis.sh: sends the REST API what no person would think of, made from its own description, on a switch of its own with
# the demo configuration. Every answer must be one that the description names, of the shape that it names, and none a 5xx; the
# books must add up afterwards.
#
# SCHEMATHESIS           the program; else it is installed from PyPI beside the build
# SCHEMATHESIS_EXAMPLES  requests of each operation in each phase, 50
# SCHEMATHESIS_SEED      a number, to send the same again
set -euo pipefail
cd "$(dirname "$0")/.."
: "${CARGO_TARGET_DIR:=$HOME/.cache/tandem-target}"
if [ -z "${SCHEMATHESIS:-}" ]; then
  SCHEMATHESIS=$CARGO_TARGET_DIR/schemathesis/bin/schemathesis
  if [ ! -x "$SCHEMATHESIS" ]; then
    python3 -m venv "$CARGO_TARGET_DIR/schemathesis"
    "$CARGO_TARGET_DIR/schemathesis/bin/pip" install --quiet 'schemathesis==4.32.5'
  fi
fi
. end2end/instance.sh
start_tandem --demo
key=$(command_on user token admin "Schemathesis" --days 1 2>/dev/null)
# Not the tokens themselves: the run would revoke its own. The pace is below the one at which programs are told to wait.
cd "$work"
status=0
"$SCHEMATHESIS" run "http://$http/api/v1/openapi.json" -H "Authorization: Bearer $key" \
  --exclude-path-regex '^/api/v1/tokens/' --phases examples,coverage,fuzzing,stateful --continue-on-failure \
  --max-examples "${SCHEMATHESIS_EXAMPLES:-50}" ${SCHEMATHESIS_SEED:+--seed "$SCHEMATHESIS_SEED"} --rate-limit 40/s \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,unsupported_method \
  || status=$?
check "the books add up after it" command_on ledger check
check "nobody has altered the audit log" command_on audit verify
[ "$status" -eq 0 ] && [ "$failed" -eq 0 ]

#!/usr/bin/env bash
# The REST API from the outside: the journeys of a program by curl, on a running switch with a call in it. What no person would
# think of is sent by scripts/schemathesis.sh.
. "$(dirname "$0")/instance.sh"
# Media ports of its own: a load test beside it takes all of the usual ones.
first_port=$((31000 + RANDOM % 700 * 2))
export TANDEM_RTP_PORTS=$first_port-$((first_port + 99))
start_tandem
apply_file "$here/configuration.toml" >/dev/null
key=$(command_on user token admin "End to end" --days 1 2>"$work/said")
base=http://$http/api/v1

# call METHOD PATH [CURL ARGUMENT...]: prints the status; the body is in $work/body, the headers in $work/headers.
call() {
  local method=$1 path=$2
  shift 2
  curl -sS -o "$work/body" -D "$work/headers" -w '%{http_code}' -X "$method" -H "Authorization: Bearer ${token-$key}" "$@" "$base$path"
}
json() { call "$1" "$2" -H 'Content-Type: application/json' --data "$3" "${@:4}"; }
header() { sed -n "s/^$1: *//Ip" "$work/headers" | tr -d '\r'; }
# value NAME: the first value of that name in the body.
value() { { grep -oE "\"$1\":(\"[^\"]*\"|[^,}\"]*)" "$work/body" || true; } | head -1 | sed -E 's/^"[^"]*"://; s/^"//; s/"$//'; }

check "a token is printed alone" test "${key:0:4}-${#key}" = tdm_-47
equal "without a token nothing is answered" 401 "$(token='' call GET /accounts)"
equal "and the program is told how" 'Bearer realm="tandem", error="invalid_token"' "$(header WWW-Authenticate)"
equal "the description is served to everybody" 200 "$(token='' call GET /openapi.json)"
check "it is OpenAPI" grep -q '"openapi":"3.1' "$work/body"

equal "an account is added" 201 "$(json POST /accounts '{"name":"Acme","kind":"customer","currency":"USD"}')"
place=$(header Location) tag=$(header ETag)
place=${place#/api/v1}
equal "and found" 200 "$(call GET "$place")"
equal "a change without its version is refused" 428 "$(json PUT "$place" '{"name":"Acme Ltd","kind":"customer","currency":"USD"}')"
equal "with it, it is made" 200 "$(json PUT "$place" '{"name":"Acme Ltd","kind":"customer","currency":"USD"}' -H "If-Match: $tag")"
equal "an older version is refused" 412 "$(json PUT "$place" '{"name":"Other","kind":"customer","currency":"USD"}' -H "If-Match: $tag")"
check "with both values" grep -q '"current":.*"Acme Ltd".*"sent":.*"Other"' "$work/body"
equal "a wrong field is refused" 422 "$(json POST /accounts '{"name":"B","kind":"customer","currency":"USD","credit_limit":"lots"}')"
equal "at its name" credit_limit "$(value field)"

for _ in 1 2; do
  equal "a payment is booked" 201 "$(json POST "$place/payments" '{"amount":"12.50"}' -H 'Idempotency-Key: e2e-1')"
done
call GET "$place" >/dev/null
equal "once, however often it is sent" 12.50 "$(value balance)"
equal "an account with money on it stays" 409 "$(call DELETE "$place" -H 'If-Match: *')"

callee callee "$callee_port" -m 1
caller caller-listens 441600000042 &
far=$!
answered() { call GET /calls >/dev/null && [ "$(value state)" = answered ]; }
for _ in $(seq 100); do answered && break || sleep 0.2; done
equal "a call in progress is listed" 200 "$(call GET /calls)"
equal "with its number" 441600000042 "$(value callee)"
id=$(value id)
few=$(command_on user token admin "Looks only" --may ViewCalls,ViewCdrs --days 1 2>/dev/null)
equal "who may only look cannot end it" 403 "$(token=$few call DELETE "/calls/$id")"
equal "nor see which way it went" null "$(token=$few call GET "/calls/$id" >/dev/null; value routing_gateway)"
equal "who may, ends it" 204 "$(call DELETE "/calls/$id")"
check "the caller hears of it" wait "$far"
equal "it has a record" "switch" "$(wait_sql switch "select released_by from cdr.calls where callee_in = '441600000042'")"
equal "which is found under the same id" 200 "$(call GET "/cdrs/$id")"
equal "a page of records has a link to the next" 200 "$(call GET '/cdrs?limit=1&callee=4416')"
no_callees

equal "a parameter is set" 200 "$(json PUT /parameters/SS_SIP_TIMEOUT_INVITE '{"value":"8"}' -H 'If-Match: "0"')"
equal "and reset" 204 "$(call DELETE /parameters/SS_SIP_TIMEOUT_INVITE -H 'If-Match: *')"
equal "who did it stands in the audit log" 200 "$(call GET '/audit?subject=SS_SIP_TIMEOUT_INVITE')"
equal "with the token" "admin (token End to end)" "$(value user_name)"
check "which nobody has altered" command_on audit verify
check "and the books add up" command_on ledger check
equal "a word that the query does not know is told" 400 "$(call GET '/accounts?colour=red')"

finish

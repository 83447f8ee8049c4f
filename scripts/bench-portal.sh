#!/usr/bin/env bash
# bench-portal.sh: how long the portal's server takes for each list with a million calls in the database. A switch of its own is
# filled by bench/portal.sql (about a minute and 2 GB); every address is asked for several times, one request after another, on a
# warm cache. p95 beyond the budget fails.
#
# BENCH_CALLS   calls in the database, 1000000
# BENCH_DAYS    days over which they lie, 10
# BENCH_ASKED   requests of each address, 40
# BENCH_BUDGET  milliseconds that a list may take, 50
# BENCH_STATE   a directory in which the filled database stays, for the next run
set -euo pipefail
cd "$(dirname "$0")/.."
bench=$PWD/bench
: "${CARGO_TARGET_DIR:=$HOME/.cache/tandem-target}"
: "${TANDEM_BINARY:=$CARGO_TARGET_DIR/release/tandem}"
export TANDEM_BINARY
[ -x "$TANDEM_BINARY" ] || { echo "there is no $TANDEM_BINARY: make build first, or name one in TANDEM_BINARY" >&2; exit 1; }
for program in psql curl; do
  command -v "$program" >/dev/null || { echo "$program is missing: scripts/setup.sh build calls installs it" >&2; exit 1; }
done
. end2end/instance.sh
calls=${BENCH_CALLS:-1000000} days=${BENCH_DAYS:-10} asked=${BENCH_ASKED:-40} budget=${BENCH_BUDGET:-50}

state=${BENCH_STATE:-$state}
start_tandem
if [ "$(sql "select count(*) from billing.accounts where name like 'Customer %'")" = 0 ]; then
  echo "filling the database with $calls calls over $days days"
  began=$SECONDS
  psql -h "$(readlink -f "$state/postgres/socket")" -p 5432 -U tandem -d postgres -X -q -At -v calls="$calls" -v days="$days" \
    -v customers=500 -v vendors=40 -f "$bench/portal.sql"
  echo "filled in $((SECONDS - began)) s: $(sql "select count(*) from cdr.calls") calls, $(sql "select count(*) from cdr.hours") sums, \
$(sql "select pg_size_pretty(pg_database_size('postgres'))")"
fi

# --- who asks ---------------------------------------------------------------------------------------------------------------

# session WORD: a session that a cookie with this word opens.
session() {
  sql "insert into portal.sessions (token_hash, user_id, address, user_agent, idle, expires_at)
       select sha256('$1'), id, '127.0.0.1', 'bench', '1 day', now() + interval '1 day' from portal.users where name = '$2'
       on conflict do nothing" >/dev/null
}
session administrator admin
sql "insert into portal.users (name, password_hash, role_id, agent_id, account_id)
     select 'reseller', 'none', r.id, a.id, null::bigint from portal.roles r, billing.agents a where r.built_in = 'reseller'
     union all
     select 'customer', 'none', r.id, null, a.id from portal.roles r, billing.accounts a
     where r.built_in = 'customer' and a.name = 'Customer 1'
     on conflict do nothing" >/dev/null
session reseller reseller
session customer customer

customer=$(sql "select id from billing.accounts where name = 'Customer 1'")
vendor_trunk=$(sql "select min(id) from sip.routing_gateways")
trunk=$(sql "select min(id) from sip.mapping_gateways")
table=$(sql "select min(id) from billing.rate_tables")
call=$(sql "select id from cdr.calls order by started_at desc limit 1")
deep=$(sql "select (extract(epoch from started_at) * 1000000)::bigint || '.' || id from cdr.calls order by started_at desc, id desc offset $((calls / days / 4)) limit 1")
from=$(date -u -d "$days days ago" +%F)
day=$(date -u -d "$((days > 1 ? 1 : 0)) days ago" +%F)
over=0

# milliseconds of one request, of each of "asked"
ask() {
  local who=$1 path=$2 n config
  config=$work/curl
  for n in $(seq "$asked"); do
    printf 'url = "http://%s%s"\noutput = /dev/null\nwrite-out = "%%{http_code} %%{time_starttransfer}\\n"\n' "$http" "$path"
    [ "$n" = "$asked" ] || echo next
  done >"$config"
  # Options do not survive "next" in a file: what holds for all stands on the command line of each.
  sed -i "s|^url|cookie = \"tandem=$who\"\nsilent\nurl|" "$config"
  curl -K "$config"
}

# list WHO PATH WORDS [BUDGET]
list() {
  local most=${4:-$budget} line
  ask "$1" "$2" >/dev/null
  line=$(ask "$1" "$2" | awk -v most="$most" '
    { if ($1 != 200) wrong = $1; ms[NR] = $2 * 1000 }
    END {
      n = asort_(ms, NR); p50 = ms[int((NR + 1) / 2)]; p95 = ms[int(NR * 0.95 + 0.999)]
      told = ""
      if (p95 > most + 0) told = "OVER " most " ms"
      if (wrong) told = "answers " wrong
      printf "%7.1f %7.1f  %s\n", p50, p95, told
    }
    function asort_(a, n,   i, j, t) {
      for (i = 2; i <= n; i++) { t = a[i]; for (j = i - 1; j > 0 && a[j] > t; j--) a[j + 1] = a[j]; a[j + 1] = t }
      return n
    }')
  printf '%-46s %s\n' "$3" "$line"
  case $line in *OVER* | *answers*) over=$((over + 1)) ;; esac
}

printf '%-46s %7s %7s\n' "milliseconds until the answer begins" p50 p95
list administrator / "dashboard"
list administrator /load/day "dashboard, read anew"
list administrator /cdrs "calls of today"
list administrator "/cdrs?from=$day" "calls since yesterday"
list administrator "/cdrs?from=$from" "calls of all days"
list administrator "/cdrs?from=$from&after=$deep" "calls, a page far behind"
list administrator "/cdrs?from=$from&callee=44207" "calls, called number begins"
list administrator "/cdrs?from=$from&caller=12025" "calls, caller begins"
list administrator "/cdrs?from=$from&account=$customer" "calls of an account"
list administrator "/cdrs?from=$from&mapping_gateway=$trunk" "calls of a mapping gateway"
list administrator "/cdrs?from=$from&routing_gateway=$vendor_trunk" "calls of a routing gateway"
list administrator "/cdrs?from=$from&answered=no" "calls not answered"
list administrator "/cdrs?from=$from&end_reason=CallerCancelled" "calls by end reason"
list administrator "/cdrs?from=$from&end_reason=NoRoute" "calls by an end reason that none has"
list administrator "/cdrs/$call" "one call"
list administrator /business/accounts "accounts"
list administrator "/business/accounts?sort=-balance" "accounts by balance"
list administrator "/business/accounts/$customer" "one account with its movements"
list administrator /operation/mapping-gateways "mapping gateways"
list administrator /operation/routing-gateways "routing gateways"
list administrator /business/rate-tables "rate tables"
list administrator "/business/rate-tables/$table" "rates of a table"
list administrator "/business/rate-tables/$table?search=12" "rates, prefix begins"
list administrator "/load/palette?text=customer" "palette"
list administrator /system/audit "audit log"
list administrator /system/people "people"
list reseller / "a reseller's first page"
list reseller "/cdrs?from=$from" "a reseller's calls"
list customer / "a customer's first page"
list customer "/cdrs?from=$from" "a customer's calls"
list customer "/business/accounts/$customer" "a customer's account"

read -r rows began_after whole < <(curl -s -b tandem=administrator -o "$work/calls.csv" \
  -w '%{size_download} %{time_starttransfer} %{time_total}\n' "http://$http/cdrs/export.csv?from=$from")
printf 'file of %s calls: begins after %s s, complete after %s s, %s bytes\n' \
  "$(($(wc -l <"$work/calls.csv") - 1))" "$began_after" "$whole" "$rows"
[ "$over" -eq 0 ] || { echo "$over lists are over their budget"; exit 1; }

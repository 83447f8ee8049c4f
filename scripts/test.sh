#!/usr/bin/env bash
# Everything that CI runs: format, lints, tests of every crate, calls by SIPp, the portal in a browser.
# The first step that fails ends the run, except that all end-to-end scripts are run before it is said which failed.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh
: "${CARGO_TARGET_DIR:=$HOME/.cache/tandem-target}"
export CARGO_TARGET_DIR
timings=()

# step NAME COMMAND...
step() {
  local name=$1 began=$SECONDS
  shift
  say "== $name"
  "$@" || refuse "== FAILED: $name (after $((SECONDS - began)) s)"
  timings+=("$(printf '%5d s  %s' $((SECONDS - began)) "$name")")
}

tests() {
  if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --locked --workspace --no-fail-fast --status-level fail
  else
    cargo test --locked --workspace --no-fail-fast --quiet
  fi
}

calls() {
  local script failures=() log
  log=$(mktemp)
  for script in end2end/[0-9]*.sh; do
    "$script" 2>&1 | tee -a "$log" || failures+=("$script")
  done
  local passed failed
  passed=$(grep -c '^ok ' "$log" || true) failed=$(grep -c '^FAILED ' "$log" || true)
  rm -f "$log"
  say "end-to-end calls: $passed passed, $failed failed"
  [ ${#failures[@]} -eq 0 ] || { say "failed: ${failures[*]}"; return 1; }
  [ "$passed" -gt 0 ]
}

step "install what is missing" scripts/setup.sh build calls browser
step "format and lints" scripts/check.sh
step "build" scripts/build.sh
[ -f "$CARGO_TARGET_DIR/site/pkg/portal.json" ] || refuse "== FAILED: the portal's files are missing: see above"
step "tests of the crates" tests
step "end-to-end calls" calls
step "the portal in a browser" end2end/browser.sh

say "== passed"
printf '%s\n' "${timings[@]}"

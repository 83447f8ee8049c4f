#!/usr/bin/env bash
# setup.sh [build] [calls] [browser]: installs what is missing for building and running, for calls by SIPp, for browser tests.
# Says nothing and takes no time when nothing is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh

has() { command -v "$1" >/dev/null 2>&1; }

wanted() {
  local part
  for part in "${parts[@]}"; do [ "$part" = "$1" ] && return 0; done
  return 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif has sudo; then
    sudo "$@"
  else
    refuse "These Debian packages are missing and you are not root: run as root: apt-get install -y ${packages[*]}"
  fi
}

has_postgres() {
  [ -n "${PG_BIN:-}" ] && [ -x "$PG_BIN/initdb" ] && return 0
  has initdb && return 0
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

missing_packages() {
  packages=()
  if wanted build; then
    has cc || packages+=(build-essential)
    # A Postgres of the user's own needs no other one.
    [ -n "${DATABASE_URL:-}" ] || has_postgres || packages+=(postgresql)
  fi
  if wanted calls; then
    has sipp || packages+=(sip-tester)
    has socat || packages+=(socat)
    has baresip || packages+=(baresip-core)
    has psql || packages+=(postgresql-client)
    has node || packages+=(nodejs)
    has tcpdump || packages+=(tcpdump)
  fi
  if wanted browser; then
    { has chromium || has chromium-browser; } || packages+=(chromium)
    has npm || packages+=(nodejs npm)
    has curl || packages+=(curl)
  fi
}

install_packages() {
  missing_packages
  [ ${#packages[@]} -gt 0 ] || return 0
  has apt-get || refuse "These programs are missing, under their Debian names: ${packages[*]}. Install them and run this again."
  say "installing Debian packages: ${packages[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}"
}

install_rust() {
  if ! has cargo; then
    refuse "Rust is missing (Debian's own is too old): install it by rustup, see https://rustup.rs, and run this again."
  fi
  if has rustup; then
    if ! rustc --version >/dev/null 2>&1; then
      say "installing the Rust toolchain that rust-toolchain.toml names"
      rustup toolchain install || refuse "The Rust toolchain of rust-toolchain.toml cannot be installed: see above."
    fi
    if [ ! -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ]; then
      say "installing the Rust target wasm32-unknown-unknown"
      rustup target add wasm32-unknown-unknown ||
        say "the target cannot be installed: the portal will work without its live parts"
    fi
  fi
}

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(build)
install_packages
install_rust

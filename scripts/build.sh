#!/usr/bin/env bash
# build.sh [--release]: the binary and the portal's files, into $CARGO_TARGET_DIR.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh
: "${CARGO_TARGET_DIR:=$HOME/.cache/tandem-target}"
export CARGO_TARGET_DIR

profile=debug flags=()
if [ "${1:-}" = --release ]; then
  profile=release flags=(--release)
fi

[ -x "$CARGO_TARGET_DIR/$profile/tandem" ] || say "building tandem for the first time (some minutes)"
cargo build --quiet --locked --package server "${flags[@]}"

if [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ]; then
  [ -d "$CARGO_TARGET_DIR/site" ] || say "building the portal's files for the first time (some minutes)"
  cargo xtask portal "${flags[@]}"
else
  say "no Rust target wasm32-unknown-unknown: the portal is built without its live parts"
fi

if [ "$profile" = release ]; then
  rm -rf "$CARGO_TARGET_DIR/release/site"
  [ ! -d "$CARGO_TARGET_DIR/site" ] || cp -R "$CARGO_TARGET_DIR/site" "$CARGO_TARGET_DIR/release/site"
  say "built $CARGO_TARGET_DIR/release/tandem"
fi

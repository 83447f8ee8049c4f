#!/usr/bin/env bash
# Format and lints, warnings as errors. The browser's half of the portal is another target with other features.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo fmt --all --check
cargo clippy --quiet --locked --workspace --all-targets -- -D warnings
cargo clippy --quiet --locked --package app --lib --features hydrate --target wasm32-unknown-unknown -- -D warnings

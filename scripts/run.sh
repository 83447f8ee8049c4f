#!/usr/bin/env bash
# Installs what is missing, builds, and becomes the switch.
#
# The development profile: it builds in about a third of the time of the release profile and carries far more than the calls of a
# first look. `make build` makes the release binary.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh build
scripts/build.sh
exec "${CARGO_TARGET_DIR:-$HOME/.cache/tandem-target}/debug/tandem" --demo

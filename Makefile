# Tandem. `make run` starts everything; `make help` lists the rest.

export CARGO_TARGET_DIR ?= $(HOME)/.cache/tandem-target
export TANDEM_STATE ?= $(CURDIR)/state

.PHONY: help run build test call load bench-sip bench-flood bench-portal schemathesis check setup clean-state bench-registrar

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: ## Install what is missing, build, start the switch and the portal (Ctrl-C stops)
	@scripts/run.sh

call: ## Place a call of a few seconds through the running switch and print its record
	@scripts/call.sh

build: ## The release binary, in $$CARGO_TARGET_DIR/release, the portal's files beside it
	@scripts/setup.sh build
	@scripts/build.sh --release

test: ## Everything that CI runs
	@scripts/test.sh

load: ## 20 calls a second for a minute through a switch of their own
	@scripts/setup.sh build calls
	@scripts/build.sh
	@LOAD_SECONDS=60 end2end/10-load.sh

bench-sip: ## CPU time of a complete call in release, beside Kamailio's where it is installed
	@scripts/setup.sh build calls
	@scripts/build.sh --release
	@scripts/bench-sip.sh

bench-portal: ## How long each list of the portal takes with a million calls in the database
	@scripts/setup.sh build calls
	@scripts/build.sh --release
	@scripts/bench-portal.sh

bench-flood: ## What a flood from unknown sources does to calls, in release
	@scripts/setup.sh build calls
	@scripts/build.sh --release
	@scripts/bench-flood.sh

schemathesis: ## What nobody would think of, sent to the REST API: every answer is a described one (needs PyPI)
	@scripts/setup.sh build calls
	@scripts/build.sh
	@scripts/schemathesis.sh

bench-registrar: ## CPU of a REGISTER and memory of a binding, 100,000 phones, in release
	@scripts/setup.sh build
	@cargo run --release --quiet -p registrar --example bindings $${BENCH_PHONES:-100000}

check: ## Format and clippy
	@scripts/check.sh

setup: ## Only install what is missing
	@scripts/setup.sh build calls browser

clean-state: ## Delete the state directory: calls, configuration, passwords
	@scripts/clean-state.sh

# Scorehold's one entry point. Bare `make` explains itself.
#
# Building needs Rust, Node 20, make and a C compiler. Testing also needs PostgreSQL's server programs,
# Chromium and Python's venv, which `make check` and `make test` install from Debian's packages.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Whatever the shell says: the program is target/release/scorehold of this checkout.
export CARGO_TARGET_DIR := $(CURDIR)/target
PROGRAM := target/release/scorehold
# Always with the app: a build without it would take the program's place and serve no pages.
CARGO_BUILD := cargo build --locked --features app

APP := frontend/dist/index.html
APP_PACKAGES := frontend/node_modules/.package-lock.json
LINT_PACKAGES := tools/node_modules/.package-lock.json
PYTHON_PACKAGES := .cache/venv/complete
# What the app is built from, and nothing that a test leaves beside it. Directories are listed too: the removal of
# a file changes nothing else.
APP_SOURCES := $(shell find frontend/src frontend/public frontend/vite frontend/scripts -name '*.test.ts' -prune -o -print) \
	$(filter-out frontend/playwright%, $(wildcard frontend/*.*))

##@ Use it
.PHONY: help run fresh env
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Build and serve at http://127.0.0.1:8080, with SQLite under data/
	@exec scripts/development serve

fresh: build ## Point `make run` at a new, empty database; the old one stays
	@scripts/fresh-database

env: ## Write .env with new secrets, for `docker compose up`
	@scripts/write-env

##@ Work on it
.PHONY: dev build openapi fmt lint tools
dev: build ## Serve the app from its sources (http://127.0.0.1:5173) beside the server
	@scripts/develop

build: $(APP) ## Build the app and the server: target/release/scorehold
	$(CARGO_BUILD) --release

openapi: build ## Write openapi/openapi.json and the app's types from the server's code
	@mkdir -p openapi
	$(PROGRAM) openapi > openapi/openapi.json.new
	mv openapi/openapi.json.new openapi/openapi.json
	npm --prefix frontend run api:types

fmt: $(APP_PACKAGES) ## Format everything
	cargo fmt --all
	npm --prefix frontend run format

lint: tools $(APP) ## Every linter, nothing else
	@scripts/gate lint

tools: $(APP_PACKAGES) $(LINT_PACKAGES) $(PYTHON_PACKAGES) ## Install what the checks need
	@scripts/install-system postgresql pgbackrest chromium shellcheck

##@ Prove it
.PHONY: check test drill drill-full verify
check: ## The quick gate: lints, unit tests, the API on both databases, a few browser flows
	@scripts/gate check

test: ## Everything that must hold
	@scripts/gate test

drill: build $(PYTHON_PACKAGES) ## Fire real faults at a scratch copy that is marked production, on both databases
	@scripts/install-system postgresql pgbackrest
	@target/release/drill

drill-full: build $(PYTHON_PACKAGES) ## The same with 5,000,000 scores, in rounds of three seeds, in an hour; its report goes to docs/drills/
	@scripts/install-system postgresql pgbackrest
	@scripts/drill-full

verify: ## What takes too long for every change: fuzz, benchmarks, both commands of the README in a fresh clone
	@scripts/verify

##@ Ship it
.PHONY: dist clean
dist: $(APP) ## Build the release artefact, with TLS to PostgreSQL (needs perl): target/dist/scorehold
	$(CARGO_BUILD),postgres-tls --package scorehold --profile dist

clean: ## Remove what builds left behind; never data/
	rm -rf target target-noapp frontend/dist frontend/test-results frontend/playwright-report .cache

# npm writes node_modules/.package-lock.json last, so it marks a complete installation.
%/node_modules/.package-lock.json: %/package-lock.json %/package.json
	npm --prefix $* ci
	@touch $@

$(APP): $(APP_PACKAGES) $(APP_SOURCES)
	npm --prefix frontend run build
	@touch $@

$(PYTHON_PACKAGES): requirements-dev.txt
	@scripts/install-system python
	python3 -m venv --clear .cache/venv
	.cache/venv/bin/pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

# Everything a person or a machine runs. `make up` and `make test` do all the set-up that they need.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
READY := $(VENV)/.ready
ENGINE := .nautilus/engine
ENV ?= prod
# Two workers, a file to each at a time, the federation's first.
SHARED := -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: help setup engine up preview refresh destroy check fmt test test-fast bench generate clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) engine ## Virtual environment, packages from the hashed constraints, Pulumi's engine

$(READY): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "error: Python 3.11 or newer is needed (make PYTHON=…)" >&2; exit 1; }
	@echo "setup: Python packages into $(VENV), about 2 minutes the first time"
	@start=$$SECONDS; $(PYTHON) -m venv $(VENV); \
	  $(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r constraints.txt --progress-bar off \
	    | awk '/^Collecting/ { if (++n % 20 == 0) { print "setup: " n " packages collected"; fflush() } } /^Installing/ { print "setup: installing " n; fflush() }'; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	  echo "setup: packages in place after $$((SECONDS - start)) s"
	@touch $@

engine: $(READY)
	@$(BIN)/python -m nautilus.sandbox.engine $(ENGINE)

up: setup ## Bring the federation up in the sandbox (ENV=dev|staging|prod), with the policy gate on
	@$(BIN)/nautilus up --env $(ENV) --yes

preview: setup ## Say what `make up` would change, and stop where a rule is broken
	@$(BIN)/nautilus preview --env $(ENV)

refresh: setup ## Say what differs between the state and the clouds
	@$(BIN)/nautilus refresh --env $(ENV)

destroy: setup ## Take the federation down, but for what is protected
	@$(BIN)/nautilus destroy --env $(ENV) --yes

check: setup ## Lint, types, architecture, catalogue, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m config.schema --check
	$(BIN)/python -m config.reference --check
	$(BIN)/python -m nautilus.federation.reference --check
	$(BIN)/python -m policies.reference --check
	$(BIN)/python -m nautilus.sandbox.coverage --check
	$(BIN)/python -m nautilus.cli.requirements --check
	$(BIN)/python -m nautilus.cli.verdict_schema --check
	$(BIN)/nautilus check

fmt: setup ## Format and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

generate: setup ## Write every generated file anew
	$(BIN)/python -m config.schema
	$(BIN)/python -m config.reference
	$(BIN)/python -m nautilus.federation.reference
	$(BIN)/python -m policies.reference
	$(BIN)/python -m nautilus.sandbox.coverage
	$(BIN)/python -m nautilus.cli.requirements
	$(BIN)/python -m nautilus.cli.verdict_schema

test: setup ## Every test, the real engine included
	$(BIN)/pytest $(SHARED)

test-fast: setup ## The tests that do not run the engine
	$(BIN)/pytest $(SHARED) -m "not e2e"

bench: setup ## Seconds and resources a stack beside a bare loop, as ratios
	@$(BIN)/python -m tests.bench

clean: ## Remove what was made here; the sandbox is stopped first
	@[ ! -x $(BIN)/nautilus ] || $(BIN)/nautilus sandbox stop
	rm -rf $(VENV) .nautilus .mypy_cache .ruff_cache .pytest_cache .hypothesis

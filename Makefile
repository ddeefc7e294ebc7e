# Every target does its own set-up, in .venv, and costs nothing the second time.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
BENCH_INSTALLED := .venv/.installed-bench
SAMPLE := examples/flower-supernode/context.sh

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(INSTALLED) ## Make .venv with ctxschema and its test tools in it

$(INSTALLED): pyproject.toml constraints.txt
	@echo 'Setting up .venv (once; a minute or two) ...'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

$(BENCH_INSTALLED): $(INSTALLED)
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	@touch $@

demo: $(INSTALLED) ## The main job on real input: block, validated context, docker command
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh tools/demo.sh $(SAMPLE)

lint: $(INSTALLED) ## ruff, mypy --strict and the import contracts
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo | tail -n 5

test: lint ## Everything that decides whether a change is fit
	$(BIN)/python -m pytest --numprocesses 2 --quiet

bench: $(BENCH_INSTALLED) ## Ratios against named peers, measured in one run
	$(BIN)/python tools/bench/bench.py

clean: ## Remove what make made
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# Every target does its own set-up, in .venv, and costs nothing the second time.
PYTHON ?= python3
BIN := .venv/bin
# The stamps name the folder: a virtual environment does not survive being moved.
INSTALLED := .venv/.installed-$(shell pwd | cksum | cut -d ' ' -f 1)
WEB_INSTALLED := tools/web/node_modules/.installed
BENCH_INSTALLED := $(INSTALLED)-bench
MUTANTS_INSTALLED := $(INSTALLED)-mutants
PEERS_FETCHED := $(INSTALLED)-peers
REACHED := $(foreach package,context core grammar model declaration lint,--cov=ctxschema/$(package))
EXAMPLE := examples/flower-supernode/context.sh
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check
# Everything that is fetched is one of the files whose hashes are pinned, hatchling, which builds, among them; pip is to
# look for nothing else, or a new release of what is wanted with an extra ends it (coverage[toml]).
PINNED := --require-hashes --no-deps --only-binary :all: -r

.DEFAULT_GOAL := help
.PHONY: help setup pins demo test quick coverage mutants lint agent schemas reference picture site docs bench attack vm vm-test clean site-tests all-tests

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(INSTALLED) ## Make .venv with ctxschema and its test tools in it
	@echo 'ctxschema is installed in .venv; ". .venv/bin/activate" puts it on the PATH.'

$(INSTALLED): pyproject.toml requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'make needs Python 3.11 or newer; name one with PYTHON=...'; exit 1; }
	@echo 'Setting up .venv (once; a minute or two) ...'
	@rm -f .venv/.installed-* && $(PYTHON) -m venv --clear .venv
	@$(PIP_INSTALL) $(PINNED) requirements/dev.txt && $(PIP_INSTALL) --no-deps --no-build-isolation -e . || { echo 'Setting up failed; it needs the package index, once.'; exit 1; }
	@touch $@

pins: $(INSTALLED) ## Renew the versions and the hashes of everything that is fetched
	@tools/pins.sh $(BIN)/python

$(WEB_INSTALLED): tools/web/package-lock.json
	@echo 'Fetching what the site needs from npm (once) ...'
	@npm ci --prefix tools/web --ignore-scripts --no-audit --no-fund --silent
	@touch $@

$(BENCH_INSTALLED): $(INSTALLED) requirements/bench.txt
	@$(PIP_INSTALL) $(PINNED) requirements/bench.txt
	@touch $@

$(MUTANTS_INSTALLED): $(INSTALLED) requirements/mutants.txt
	@$(PIP_INSTALL) $(PINNED) requirements/mutants.txt
	@touch $@

# Flower's own argument parsers and programs of Debian judge what we write; without them those tests skip.
$(PEERS_FETCHED): $(INSTALLED) requirements/flower.txt tools/fetch_flower.py tools/fetch_debian.sh
	@$(BIN)/python tools/fetch_flower.py .venv/flower
	@sh tools/fetch_debian.sh .venv/debian
	@touch $@

demo: $(INSTALLED) ## The main job on real input: block, validated context, docker command
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh tools/demo.sh $(EXAMPLE)

lint: $(INSTALLED) ## ruff, mypy --strict and the import contracts
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo | tail -n 5

schemas: $(INSTALLED) ## Generate schemas anew, after a change of the catalog or of the model
	$(BIN)/ctxschema generate all --out schemas/flower
	$(BIN)/ctxschema generate declaration-schema -o schemas/appliance.schema.json

test: $(WEB_INSTALLED) $(PEERS_FETCHED) ## Everything that decides whether a change is fit, a browser included
	@tools/web/chromium.sh > /dev/null || echo 'Without a browser, the tests of the site in one are skipped.'
	@$(MAKE) --no-print-directory --jobs 3 lint site-tests all-tests

# The tests start Python a thousand times, which must not compile everything anew where the environment says so.
all-tests site-tests quick coverage: export PYTHONDONTWRITEBYTECODE :=

# The tests of one mark are measured, which takes twice the time. The others wait as much as they work, so that four run at
# once on two cores, neighbours in one process.
all-tests: $(INSTALLED)
	$(BIN)/ctxschema generate all --out schemas/flower --check
	$(BIN)/ctxschema generate declaration-schema -o schemas/appliance.schema.json --check
	$(BIN)/python -m pytest --numprocesses 3 --quiet -m measured $(REACHED) --cov-report=
	$(BIN)/coverage report
	$(BIN)/python -m pytest --numprocesses 4 --dist worksteal --quiet -m 'not measured' --ignore tests/site

# One browser, in one process: each process that has one needs ten seconds to start it and Python in it.
site-tests: $(INSTALLED)
	$(BIN)/python -m pytest --quiet tests/site

quick: $(INSTALLED) ## The tests that ask no other program, in under a minute
	$(BIN)/python -m pytest --numprocesses 3 --quiet -m 'not slow'

# Measuring takes twice the time, so make test does it with the quick tests, and for the packages that they are about.
coverage: $(INSTALLED) ## All tests, and every line and branch that none of them reaches
	$(BIN)/python -m pytest --numprocesses 3 --quiet --cov --cov-report=term

mutants: $(MUTANTS_INSTALLED) ## Change what differs from main, or ONLY="context gpu/decision.py", and see whether a test notices
	$(BIN)/python tools/mutants.py $(ONLY)

agent: $(INSTALLED) ## The boot agent as one file that needs nothing but Python
	$(BIN)/ctxschema generate agent -o dist/ctxschema-agent.pyz

reference: $(INSTALLED) ## Render docs/reference anew from the declarations
	$(BIN)/ctxschema generate docs --out docs/reference --examples tests/cases/lint

picture: $(INSTALLED) ## Take the README's picture anew, from the form preview in a browser
	$(BIN)/python tools/site/picture.py

site: $(INSTALLED) $(WEB_INSTALLED) ## Build the documentation and the form preview into site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

docs: site ## The same, served at http://127.0.0.1:8000, or at a free port where that is taken
	@$(BIN)/python tools/site/serve.py site

bench: $(BENCH_INSTALLED) ## Ratios against named peers, measured in one run of less than two minutes
	$(BIN)/python tools/bench/bench.py

attack: $(INSTALLED) ## Attack the boot agent: what must hold it up, fill it or make it talk, as a table
	$(BIN)/python tools/attack.py $(TABLE)

vm: $(INSTALLED) ## Disks of Debian machines with the agent, its unit and Docker, for qemu, under build/vm
	@$(BIN)/python -m tools.vm build

vm-test: $(INSTALLED) ## Boot such machines, cut their power, or ONLY="superlink broken"; takes an hour where there is no KVM
	@RECORD="$${RECORD-$(if $(ONLY),,docs/records/$$(date +%F)-vm)}" $(BIN)/python -m tools.vm test $(ONLY)

clean: ## Remove what make made
	rm -rf .venv build dist site tools/web/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

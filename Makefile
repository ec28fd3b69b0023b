# `make` shows what there is. Every target sets up what it needs in .venv, so each works in a fresh clone on a machine
# with Python 3.11 or newer. The same steps with plain pip or uv stand in README.md.

# python3 may be a shim for a version that is not installed: take the first that starts and is new enough.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
    $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN = .venv/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
SET_UP = pyproject.toml constraints.txt hatch_build.py catalogues.py $(wildcard src/budgetaudit/locales/*/LC_MESSAGES/*.po)

.DEFAULT_GOAL = help
.PHONY: help demo test deep mutants coverage check format bench peers docs wheel catalogues rewrite constraints clean

help:  ## show this list
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "make %-12s %s\n", $$1, $$2 }'

demo: .venv/.core  ## audit the example report and print what does not add up (core dependencies only)
	$(BIN)/budgetaudit check examples/county-report.txt --verbose

test: .venv/.test  ## run every test, doctest, page and the notebook (make test ARGS="tests/money -q")
	$(BIN)/python -m pytest --numprocesses auto --dist loadgroup $(ARGS)

deep: .venv/.test  ## search at random with 10,000 examples a law; before a release, takes long
	HYPOTHESIS_PROFILE=deep $(BIN)/python -m pytest --numprocesses auto $(ARGS)

mutants: .venv/.test  ## change finished modules of the kernel one place at a time; a change that no test notices must be explained (ARGS="tie")
	$(BIN)/python tests/mutants/run.py $(ARGS)

coverage: .venv/.test  ## lines and branches of the kernel that its tests run; docs/contributing tells why the others do not
	$(PIP) coverage
	HYPOTHESIS_PROFILE=ci $(BIN)/python -m coverage run --branch --source src/budgetaudit -m pytest --quiet $(ARGS)
	$(BIN)/python -m coverage report --show-missing --skip-covered --include '*/money/*,*/check/*,*/explain/*,*/testing/*'

check: .venv/.dev  ## lint, format, types (mypy and pyright), architecture
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/pyright

format: .venv/.dev  ## mend what ruff can mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: .venv/.test peers  ## costs as ratios within one run: import, help, a 20-page report; millions of figures beside the peers
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/millions.py $(ARGS)

peers:  ## set up what others use for the same question, in an environment of its own (benchmarks/peers.txt)
	@test -x .peers/bin/python || $(PYTHON) -m venv .peers
	@.peers/bin/python -m pip install --quiet --disable-pip-version-check --requirement benchmarks/peers.txt || \
	    echo "not every peer could be installed; those that are missing are named as absent"

docs: .venv/.dev  ## build the documentation, warnings are errors
	$(BIN)/sphinx-build -W --keep-going --quiet -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

wheel: .venv/.dev  ## build the wheel and audit the example with it in an empty environment, away from the sources
	$(BIN)/python tests/wheel/check_wheel.py

catalogues: .venv/.core  ## extract messages, merge them into the catalogues, compile; names what waits for translation
	$(BIN)/python catalogues.py

rewrite: .venv/.test  ## write what the documentation's examples print now into the pages; read the diff
	BUDGETAUDIT_REWRITE=1 $(BIN)/python -m pytest --quiet tests/docs

constraints:  ## resolve constraints.txt anew (needs uv)
	@{ sed -n '/^#/p' constraints.txt; uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
	    --no-header --no-annotate --no-emit-index-url --quiet; } > constraints.new && mv constraints.new constraints.txt

clean:  ## remove the environment and everything built
	rm -rf .venv dist build docs/_build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "budgetaudit needs Python 3.11 or newer; name one: make PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv .venv

# Three sizes of the same environment; each is set up again when what it is made of changes.
.venv/.core: .venv/bin/python $(SET_UP)
	$(PIP) --editable .
	@touch $@

.venv/.test: .venv/bin/python $(SET_UP)
	$(PIP) --editable '.[test]'
	@touch $@ .venv/.core

.venv/.dev: .venv/bin/python $(SET_UP)
	$(PIP) --editable '.[dev]'
	@touch $@ .venv/.core .venv/.test

# make demo: see the main job done.  make test: run the whole suite, on up to four cores.  Both set up .venv by themselves.
# ARGS goes to pytest: make test ARGS="-k retry", or ARGS="-n0 --pdb" for one process and the debugger.
# make test-long: what takes some twenty minutes: thousands of generated flows, and of inputs for each promise of make fuzz.
# Where Node.js 20.10+ and npm are there, make test fetches Backendless's JavaScript SDK into tests/sdk/node_modules, and tries it.
# make fuzz: try expressions, values and flows with millions of inputs, for FUZZ_SECONDS seconds, in .venv-fuzz.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
FUZZ_VENV ?= .venv-fuzz
PARALLEL := --numprocesses auto --maxprocesses 4 --dist worksteal
FUZZ_SECONDS ?= 120
SOURCES := runtime blocks flows tests benchmarks

.PHONY: demo test test-long fuzz lint types bench format clean

demo: $(VENV)/.ready
	@$(BIN)/python flows/demo.py

test: $(VENV)/.ready-dev
	$(BIN)/python -m pytest -m "not long" $(PARALLEL) $(ARGS)

test-long: $(VENV)/.ready-dev
	$(BIN)/python -m pytest -m long $(PARALLEL) $(ARGS)

fuzz: $(FUZZ_VENV)/.ready
	PYTHONPATH= $(FUZZ_VENV)/bin/python -m tests.fuzzing --seconds $(FUZZ_SECONDS) $(ARGS)

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/lint-imports

types: $(VENV)/.ready-dev
	$(BIN)/mypy

bench: $(VENV)/.ready-dev
	$(BIN)/python -m benchmarks

format: $(VENV)/.ready-dev
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

clean:
	rm -rf $(VENV) $(FUZZ_VENV) .fuzz build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache tests/sdk/node_modules

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Blockwright needs Python 3.11 or newer; name yours with: make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --constraint constraints.txt --editable ".[all]"
	@touch $@

$(VENV)/.ready-dev: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --constraint constraints.txt --editable ".[all,dev]"
	@touch $@ $(VENV)/.ready

$(FUZZ_VENV)/.ready: pyproject.toml constraints.txt requirements-fuzz.txt
	@test -n "$(PYTHON)" || { echo "Blockwright needs Python 3.11 or newer; name yours with: make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(FUZZ_VENV)
	$(FUZZ_VENV)/bin/python -m pip --disable-pip-version-check --quiet install --constraint constraints.txt --editable . --requirement requirements-fuzz.txt
	@touch $@

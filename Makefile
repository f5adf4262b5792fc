# Each target does all its own set-up; what it needs is Python 3.11 or newer, and make.

PYTHON ?= $(firstword $(foreach name,python3.11 python3 python3.12 python3.13 python3.14, \
  $(shell $(name) -c 'import sys; sys.version_info >= (3, 11) and print("$(name)")' 2>/dev/null)))
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
SLOW := any_date or browser or processes or properties or slow or story or table

# Settings of the machine's own that would get into a virtual environment.
unexport PYTHONHOME PYTHONPATH PYTHONOPTIMIZE PYTHONWARNINGS PYTHONSAFEPATH PYTHONDONTWRITEBYTECODE
unexport PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV
unexport FLASHSYNC_TEST_NOW FLASHSYNC_EXAMPLES

.PHONY: help demo test test-fast properties bench soak schema readme pictures fmt clean

help:
	@echo "make demo         a guided tour against a throw-away sandbox"
	@echo "make test         everything that has to be true"
	@echo "make test-fast    unit tests without coverage, in less than a minute"
	@echo "make properties   20 times as many random examples as make test, new ones each time"
	@echo "make bench        speed and memory, as ratios within one run"
	@echo "make soak         1,000 random fault runs; SEED=7 RUNS=1 runs one of them again"
	@echo "make fmt          format, and fix what the linter can"
	@echo "make schema       regenerate schema/"
	@echo "make readme       run the README's session and write down what it prints, and the help"
	@echo "make pictures     draw the reference pictures of pages again; needs a Chromium"
	@echo "make clean        remove the virtual environment, caches and builds"

demo: .venv/sandbox
	@$(BIN)/flashsync demo

# What fails soonest comes first; the last line is the summary of the tests. Three workers keep two
# cores busy: tests wait for servers, for processes, and for intervals of real time.
test: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 3 --cov --cov-branch --cov-report=term

test-fast: .venv/dev
	$(BIN)/python -m pytest -n 3 -m "not ($(SLOW))"

properties: .venv/dev
	FLASHSYNC_EXAMPLES=$(or $(EXAMPLES),20) $(BIN)/python -m pytest -n 2 --timeout 0 -m properties

bench: .venv/bench
	$(BIN)/python -m benchmarks

soak: .venv/sandbox
	$(BIN)/python -m benchmarks.soak $(if $(SEED),--seed $(SEED)) $(if $(RUNS),--runs $(RUNS))

schema: .venv/dev
	for name in schedule config plan; do \
	  $(BIN)/python -m flashsync schema $$name > schema/$$name.new && \
	  mv schema/$$name.new schema/$$name.schema.json || exit 1; \
	done

readme: .venv/dev
	$(BIN)/python -m tests.readme
	$(BIN)/python -m tests.reference

pictures: .venv/dev
	$(BIN)/python -m tests.browser.pictures

fmt: .venv/dev
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* build dist
	find flashsync tests benchmarks -type d -name __pycache__ -prune -exec rm -rf {} +

# One environment; a stamp for each set of extras that is in it.

.venv/sandbox: pyproject.toml | $(BIN)/pip
	@echo "Installing flashsync and its sandbox into .venv ..."
	@$(INSTALL) -e '.[sandbox]'
	@touch $@

.venv/dev: pyproject.toml | $(BIN)/pip
	@echo "Installing flashsync and what it is tested with into .venv ..."
	@$(INSTALL) -e '.[dev]'
	@touch .venv/sandbox $@

.venv/bench: pyproject.toml | $(BIN)/pip
	@echo "Installing flashsync and what it is measured against into .venv ..."
	@$(INSTALL) -e '.[sandbox,bench]'
	@touch .venv/sandbox $@

$(BIN)/pip:
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "flashsync needs Python 3.11 or newer; install one, or set PYTHON=/path/to/it" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv" >&2; \
	  exit 1; }
	@$(PYTHON) -m venv --clear .venv

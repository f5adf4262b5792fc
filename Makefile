# Each target does all its own set-up; what it needs is Python 3.11 or newer and make.

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
BIN := .venv/bin
READY := .venv/ready

.PHONY: help demo test bench schema readme fmt clean

help:
	@echo "make demo    a guided tour against a throw-away sandbox"
	@echo "make test    everything that has to be true"
	@echo "make bench   speed and memory, as ratios within one run"
	@echo "make fmt     format and mend what ruff can"
	@echo "make schema  write schema/ anew"
	@echo "make readme  run the session of the README, and write down what it prints"
	@echo "make clean   remove the virtual environment and all caches"

$(READY): pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "flashsync needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	"$(PYTHON)" -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $(READY)

demo: $(READY)
	@$(BIN)/flashsync demo

test: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term

bench: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python -m benchmarks

schema: $(READY)
	for name in schedule config plan; do $(BIN)/flashsync schema $$name > schema/$$name.schema.json; done

readme: $(READY)
	$(BIN)/python -m tests.readme

fmt: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.*

# Two commands do everything on a machine with Python 3.11+, make and git: `make build` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: build test lint docs bench clean help

build: .venv/ready  ## compile services/ into rendered/
	@$(BIN)/sailwright build

test: .venv/ready-dev  ## run every test
	@$(BIN)/python -m pytest

lint: .venv/ready-dev  ## ruff and mypy, strict
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

docs: .venv/ready-dev  ## write the rule reference in docs/rules anew
	@$(BIN)/python -m pytest -q --update tests/policies/test_reference.py

bench: .venv/ready  ## measure the speed claims of the README
	@$(BIN)/python -m benchmarks

clean:  ## remove everything that was made here, rendered/ aside
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/'

.venv/pip:
	@echo "sailwright: preparing a virtual environment in .venv (once)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "sailwright: Python 3.11 or newer is needed; name one with make PYTHON=python3.x"; exit 2; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@touch $@

.venv/ready: .venv/pip pyproject.toml
	@echo "sailwright: installing sailwright and its dependencies into .venv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@$(BIN)/python -m compileall -q compiler policies templates
	@touch $@

.venv/ready-dev: .venv/ready
	@echo "sailwright: installing the tools that tests need into .venv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $@

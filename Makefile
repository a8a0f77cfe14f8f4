# Two commands do everything on a machine with Python 3.11+, make and git: `make build` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
NEW_VENV = { $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "sailwright: Python 3.11 or newer is needed; name one with make PYTHON=python3.x"; exit 2; }; } && \
	$(PYTHON) -I -m venv $(@D)

.PHONY: build test fuzz changes faults test-versions test-oldest test-newest lint rules docs schemas templates bench release lock clean help

build: .venv/ready  ## compile services/ into rendered/
	@$(BIN)/sailwright build

PYTEST := -m pytest -n auto --dist worksteal
test: .venv/ready-dev  ## run every test, one process per processor
	@$(BIN)/python $(PYTEST)

RUNS ?= 2000
fuzz: .venv/ready-dev  ## try every road with odd input, RUNS times each (RUNS=100000 for a long run)
	@SAILWRIGHT_FUZZ_RUNS=$(RUNS) $(BIN)/python $(PYTEST) -q tests/fuzz

changes: .venv/ready-dev  ## edit projects at random, RUNS times: what is kept of earlier runs gives what a run without cache gives
	@SAILWRIGHT_FUZZ_RUNS=$(RUNS) $(BIN)/python -m pytest -q -k any tests/lint/test_after_change.py tests/lint/test_linked_changes.py tests/lint/test_long_chains.py tests/lint/test_services_that_come_and_go.py tests/lint/test_like_names.py tests/lint/test_kept_results.py tests/build/test_changed_services.py tests/gate/test_kept_base.py tests/gate/test_linked_comparison.py tests/gate/test_services_that_come_and_go.py tests/gate/test_checks_as_services_come_and_go.py tests/gate/test_compared_manifests.py tests/gate/test_kept_check.py tests/gate/test_kept_config_ref.py tests/gate/test_kept_tests.py tests/route/test_linked_route.py tests/lint/test_lint_in_portions.py tests/gate/test_check_in_portions.py tests/gate/test_merge_in_portions.py tests/validate/test_in_portions.py

faults: .venv/ready-dev  ## a kill, a full disk and a broken one at every system call of each command
	@SAILWRIGHT_FAULTS=all $(BIN)/python -m pytest -q tests/hostile/test_faults.py

test-versions: test-oldest test-newest  ## run every test with the oldest and the newest of what pyproject.toml allows

test-oldest test-newest: test-%: .venv-%/pip
	@echo "sailwright: installing the $* versions that pyproject.toml allows into $(<D)"
	@$(<D)/bin/python -I tools/dependencies.py $*
	@$(<D)/bin/python $(PYTEST)

lint: .venv/ready-dev  ## ruff and mypy, strict
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

rules: .venv/ready-dev  ## write the rule reference in docs/rules and the field references anew
	@$(BIN)/python -m pytest -q --update tests/policies/test_reference.py tests/service/test_reference.py

docs: rules .venv-docs/ready  ## build the documentation as a site, from docs/ into site/
	@.venv-docs/bin/mkdocs --quiet build --strict
	@echo "sailwright: the site is in site/; python3 -I -m http.server --directory site shows it on port 8000"

schemas: .venv/ready-dev  ## write the schemas of Kubernetes' kinds anew from the package kubernetes-validate
	@$(BIN)/python -I tools/derive_kubernetes_schemas.py

templates: .venv/ready  ## compile the built-in templates anew, after one was changed
	@$(BIN)/python -I tools/compile_templates.py

bench: .venv/ready  ## measure the speed claims of the README
	@$(BIN)/python -m benchmarks

release: .venv/ready-dev  ## build the wheel, the sdist and the bill of materials into dist/
	@rm -rf dist
	@$(BIN)/python -I -m hatchling build
	@$(BIN)/python -I tools/bill_of_materials.py > dist/sailwright.cdx.json

lock: .venv-lock/pip  ## write locks/ anew, with the newest of what pyproject.toml allows
	@$(<D)/bin/python -I tools/dependencies.py lock

clean:  ## remove everything that was made here, rendered/ aside
	rm -rf .venv .venv-* .nox dist build site .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/'

.venv/pip:
	@echo "sailwright: preparing a virtual environment in .venv (once)"
	@$(NEW_VENV)
	@touch $@

.venv-docs/ready: .venv-docs/pip locks/docs.txt
	@echo "sailwright: installing what builds the site into .venv-docs"
	@.venv-docs/bin/python -I tools/dependencies.py locked docs
	@touch $@

.venv-oldest/pip .venv-newest/pip .venv-lock/pip .venv-docs/pip:
	@$(NEW_VENV)
	@touch $@

.venv/ready: .venv/pip pyproject.toml locks/run.txt
	@echo "sailwright: installing sailwright and its dependencies into .venv"
	@$(BIN)/python -I tools/dependencies.py locked run --editable
	@$(BIN)/python -I -m compileall -q compiler policies templates
	@touch $@

.venv/ready-dev: .venv/ready locks/dev.txt
	@echo "sailwright: installing the tools that tests need into .venv"
	@$(BIN)/python -I tools/dependencies.py locked dev --editable
	@touch $@

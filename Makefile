# Two targets for a newcomer: `make demo` does the main job, `make test` runs the tests.
# Both set up what is missing in .venv; all they need is Python 3.11+ and make.

PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.PHONY: demo up test check lint types imports format bench load zoo lock wheel clean help

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/'

demo: .venv/ready  ## survey a simulated town and compare every report with the truth
	@$(BIN)/belfort demo $(ARGS)

up: .venv/ready  ## run gateway and service for developing against
	@$(BIN)/belfort up $(ARGS)

test: .venv/ready-dev  ## run the tests
	@$(BIN)/python -m pytest -q -n 3 --dist worksteal $(ARGS)

check: lint types imports test  ## everything CI checks

lint: .venv/ready-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: .venv/ready-dev
	$(BIN)/mypy

imports: .venv/ready-dev
	$(BIN)/lint-imports

format: .venv/ready-dev  ## put the code in its house style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/ready-dev  ## measure; figures of one machine stand in docs/performance.md
	$(BIN)/python -m benchmarks $(ARGS)

load: .venv/ready-dev  ## a minute of load, and a verdict on figures as well as speed
	@$(BIN)/belfort load $(ARGS)

zoo: .venv/ready-dev  ## every planted bug against every shipped scenario, some minutes
	$(BIN)/python -m belfort.zoo $(ARGS)

wheel: .venv/ready-dev  ## build the wheel and look into it
	rm -rf dist
	$(BIN)/pip -q wheel --no-deps --no-build-isolation -w dist .
	$(BIN)/check-wheel-contents --toplevel service,simulator,belfort dist/*.whl

lock: .venv/ready-dev  ## choose versions anew: names, versions and hashes, no addresses
	$(BIN)/uv pip compile -q --universal --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --no-annotate --no-header --python-version 3.11 --extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --no-annotate --no-header --python-version 3.11 --extra dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv dist build belfort-report

.venv/ready: requirements.lock pyproject.toml
	@echo "setting up .venv (once)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Belfort needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	@test -d .venv || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip -q install --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip -q install --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-dev: requirements-dev.lock .venv/ready
	@echo "setting up .venv for development (once)"
	@sed -n '/^uv==/,/[^\\]$$/p' requirements-dev.lock >.venv/uv.lock
	@$(BIN)/python -m pip -q install --disable-pip-version-check --require-hashes -r .venv/uv.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements-dev.lock || \
	    $(BIN)/python -m pip -q install --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

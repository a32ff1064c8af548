# Copyright: (c) 2026, genesyscloud.usage contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# Needs Python 3.10 or newer, git and make. Everything else comes from the Python package index, into .venv*.

PYTHON ?= python3
VENV ?= .venv
DEMO_VENV ?= .venv-demo
PYTEST_WORKERS ?= 2
ARGS ?=
VERSION ?=
CORE_TESTS := tests/unit tests/architecture tests/integration

PIP_INSTALL := -m pip install --quiet --quiet --disable-pip-version-check --upgrade
STEP := tests/tools/step.sh
# A virtual environment is good for one Python and one place: another one of either, and it is made anew.
ID := $(shell $(PYTHON) -c 'import hashlib, os, sys; \
  print(hashlib.sha256(repr((sys.version, sys.base_prefix, os.getcwd())).encode()).hexdigest()[:12])' 2>/dev/null)
READY := $(VENV)/.ready-$(ID)
DEMO_READY := $(DEMO_VENV)/.ready-$(ID)

define CHECK_PYTHON
$(PYTHON) -c 'import sys; sys.version_info >= (3, 10) or sys.exit("This needs Python 3.10 or newer, and $(PYTHON) is \
%d.%d: name a newer one, as in `make PYTHON=python3.12`." % sys.version_info[:2])'
endef

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test test-all benchmark lint pytest units integration browser programs shellcheck sanity sanity-all cores \
  docs artifact release build link clean

help: ## This list
	@echo 'make TARGET [PYTHON=python3.12]'
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 15

demo: $(DEMO_READY) ## Show what the collection does, against its own sandbox
	@$(DEMO_VENV)/bin/python tests/tools/build_collection.py
	@PATH="$(CURDIR)/$(DEMO_VENV)/bin:$$PATH" ANSIBLE_COLLECTIONS_PATH=.build ANSIBLE_CALLBACK_RESULT_FORMAT=yaml \
	  ANSIBLE_LOCALHOST_WARNING=false ANSIBLE_INVENTORY_UNPARSED_WARNING=false \
	  $(DEMO_VENV)/bin/ansible-playbook genesyscloud.usage.demo $(ARGS)

test: lint pytest sanity ## All that every change has to pass

# What can go on for long (tests/effort.py) does so here.
test-all: export USAGE_TEST_ALL = 1
test-all: test sanity-all cores docs artifact benchmark ## The same, and what takes longer

# Whatever the tools below start, they find their own environment's programs first.
lint pytest units integration browser programs shellcheck sanity sanity-all cores docs artifact release benchmark build: \
  export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

lint: $(READY) link build ## ruff, mypy, ansible-lint, yamllint, reuse, antsibull-changelog, antsibull-docs
	@$(STEP) ruff ruff check .
	@$(STEP) 'ruff format' ruff format --check .
	@$(STEP) 'mypy plugins' mypy -p ansible_collections.genesyscloud.usage.plugins
	@MYPYPATH=roles/sandbox/files $(STEP) 'mypy roles/sandbox/files' mypy roles/sandbox/files
	@ANSIBLE_COLLECTIONS_PATH=.build $(STEP) ansible-lint ansible-lint --nocolor
	@$(STEP) yamllint yamllint --strict .
	@$(STEP) reuse reuse lint --quiet
	@$(STEP) antsibull-changelog antsibull-changelog lint
	@$(STEP) antsibull-docs antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs self .

pytest: $(READY) link build programs ## Every test of pytest: units, architecture, contract, integration, browser
	@$(STEP) pytest python -m pytest -n $(PYTEST_WORKERS) $(ARGS)

units: $(READY) link ## The fast tests
	@$(STEP) units python -m pytest -n $(PYTEST_WORKERS) tests/unit tests/architecture $(ARGS)

integration: $(READY) link build ## Playbooks against the sandbox
	@$(STEP) integration python -m pytest -n $(PYTEST_WORKERS) tests/integration $(ARGS)

browser: $(READY) link programs ## The report in a real Chromium; screenshots are left in tests/output/browser
	@$(STEP) browser python -m pytest -n $(PYTEST_WORKERS) tests/browser $(ARGS)

# What pylint says of the oldest is left to sanity-all: it takes as long as all the rest.
sanity: $(READY) shellcheck ## ansible-test sanity on the newest and the oldest ansible-core
	@$(STEP) 'ansible-test sanity, newest' python tests/tools/cores.py sanity newest $(ARGS)
	@$(STEP) 'ansible-test sanity, oldest' python tests/tools/cores.py sanity oldest --skip-test pylint $(ARGS)

sanity-all: $(READY) shellcheck ## ansible-test sanity, all of it, on every ansible-core from the oldest, with every Python of this machine
	@$(STEP) 'ansible-test sanity, all' python tests/tools/cores.py sanity all --every-python $(ARGS)

cores: $(READY) link build programs ## Units and integration on the oldest and the newest ansible-core
	@$(STEP) 'tests on the oldest ansible-core' python tests/tools/cores.py pytest oldest -n $(PYTEST_WORKERS) $(CORE_TESTS) $(ARGS)
	@$(STEP) 'tests on the newest ansible-core' python tests/tools/cores.py pytest newest -n $(PYTEST_WORKERS) $(CORE_TESTS) $(ARGS)

docs: $(READY) build ## The documentation site, in .build/site/build/html
	@$(STEP) 'documentation site' python tests/tools/build_docs.py

artifact: $(READY) build ## The archive in an empty folder, a release in a copy, and galaxy-importer
	@$(STEP) artifact python -m pytest tests/release $(ARGS)

release: $(READY) ## VERSION=1.2.3: version, changelog, archive, a trial of it, commit and tag. It publishes nothing
	@python tests/tools/release.py '$(VERSION)'

benchmark: $(READY) build ## Time, memory and API calls for many organizations
	@$(STEP) benchmark python -m tests.benchmark --markdown .build/benchmark.md $(ARGS)

build: $(READY) ## The collection's archive, and the collection installed from it, in .build
	@$(VENV)/bin/python tests/tools/build_collection.py

# What tests need besides Python packages, where it can be had.
programs: $(READY)
	@python tests/tools/debian.py '/usr/lib/postgresql/*/bin/initdb=postgresql' chromium=chromium
	@python tests/tools/npm.py

# What ansible-test wants for shell scripts, and leaves out where it is missing.
shellcheck: $(READY)
	@python tests/tools/debian.py shellcheck=shellcheck

# pytest and mypy know the collection by its full name; this is where they find it.
link:
	@[ -L collections/ansible_collections/genesyscloud/usage ] || { rm -rf collections && \
	  mkdir -p collections/ansible_collections/genesyscloud && \
	  ln -s ../../.. collections/ansible_collections/genesyscloud/usage; }

clean: ## Remove all that make made
	rm -rf .build $(VENV) $(DEMO_VENV) collections usage-demo .ansible .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(READY): requirements.txt requirements-lint.txt requirements-test.txt
	@$(CHECK_PYTHON)
	@[ -e $@ ] || { rm -rf $(VENV) && $(STEP) 'python -m venv $(VENV)' $(PYTHON) -m venv $(VENV); }
	@# ansible-core by itself first, and then held: next to the tools, pip may settle for an older one.
	@$(STEP) 'pip install ansible-core' $(VENV)/bin/python $(PIP_INSTALL) ansible-core
	@$(STEP) 'pip install the tools' $(VENV)/bin/python $(PIP_INSTALL) -r requirements-lint.txt -r requirements-test.txt \
	  "ansible-core==$$($(VENV)/bin/python -c 'from ansible.release import __version__; print(__version__)')"
	@touch $@

$(DEMO_READY): requirements.txt requirements-demo.txt
	@$(CHECK_PYTHON)
	@[ -e $@ ] || { rm -rf $(DEMO_VENV) && $(STEP) 'python -m venv $(DEMO_VENV)' $(PYTHON) -m venv $(DEMO_VENV); }
	@$(STEP) 'pip install ansible-core and requests' $(DEMO_VENV)/bin/python $(PIP_INSTALL) ansible-core -r requirements.txt
	@# Without it the report has tables and no charts, which is no reason to have no demo.
	@$(DEMO_VENV)/bin/python $(PIP_INSTALL) -r requirements-demo.txt || echo 'The report will have no charts.'
	@touch $@

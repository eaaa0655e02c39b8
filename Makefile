# The commands of the project; `make help` lists them.
#
# Everything is installed by pip, from the locked files and by hash: pip is there wherever Python is, and it follows the
# package index that a machine is set up to use. The locked files are complete, so pip is told to look for nothing else:
# older ones would go by the newest release of what is asked for with an extra, and then miss its hash.
# The project itself comes last, in place, built by the locked backend.

PYTHON ?=
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 3
PYTEST_ARGS ?=
LOCK_ARGS ?=

# Compiled once: otherwise each start compiles the shop anew, and each worker of pytest all tests.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
# The newest that there is; of two alike that of the system, which is built with more care for speed than what people
# build for themselves: it is a quarter faster.
PYTHONS := $(or $(PYTHON),$(foreach version,3.14 3.13 3.12 3.11,/usr/bin/python$(version) python$(version)) python3)
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --generate-hashes --no-annotate --no-header \
	--no-emit-index-url -p 3.11 $(LOCK_ARGS)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: install
install: $(VENV)/.installed ## Make the environment in .venv (PYTHON=... picks the interpreter)

.PHONY: run
run: install ## Serve the shop on 127.0.0.1:8000 (PORT=...); the first run fills it with the demo
# A database that somebody named is somebody's shop: the demo goes into the default one only. The mark stays until the
# demo is complete, so that an interrupted first run is taken up again.
	@if [ -z "$$JIFEN_DATABASE_URL" ] && [ ! -e var/jifen.db ]; then mkdir -p var && touch var/.demo-wanted; fi
	@$(BIN)/jifen migrate
	@if [ -z "$$JIFEN_DATABASE_URL" ] && [ -e var/.demo-wanted ]; then $(BIN)/jifen demo --host $(HOST) --port $(PORT) && rm var/.demo-wanted; fi
	@exec $(BIN)/jifen serve --host $(HOST) --port $(PORT)

# What somebody waits for who has changed a rule, in a few minutes; and what takes as long again, for the build server
# and for whoever has changed what it is about. Which tests are slow stands in tests/support/slow.py.
.PHONY: test
test: $(VENV)/.installed-tests ## Run rules, properties, both APIs, payments, console on SQLite and PostgreSQL (PYTEST_ARGS=...)
	$(BIN)/pytest -n $(WORKERS) -m "not slow" $(PYTEST_ARGS)

.PHONY: test-slow
test-slow: $(VENV)/.installed-tests chromium ## Run the rest: types, browsers, killed servers, the demo, commands as processes
	$(BIN)/pytest -n $(WORKERS) -m slow $(PYTEST_ARGS)

# The console's tests look at it through Debian's Chromium, the one without windows where there is such a package. Where
# neither can be installed, they are skipped and say so.
.PHONY: chromium
chromium:
	@if [ ! -x /usr/bin/chromium-headless-shell ] && [ ! -x /usr/bin/chromium ] && [ "$$(id -u)" = 0 ] \
		&& command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the browser tests"; \
		get() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$$@" fonts-noto-cjk; }; \
		(apt-get update -qq && (get chromium-headless-shell || get chromium)) >/dev/null 2>&1 \
			|| echo "Chromium could not be installed; browser tests are skipped"; \
	fi

.PHONY: screenshots
screenshots: $(VENV)/.installed-tests chromium ## Take pictures of every page of the console into docs/console
	$(BIN)/python -m tests.support.screenshots docs/console

.PHONY: lint
lint: $(VENV)/.installed-tests ## Run the checks alone: style, format, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports --no-logo

.PHONY: format
format: $(VENV)/.installed-tests ## Put the code in order
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

.PHONY: bench
bench: $(VENV)/.installed-tests ## Measure the server against PostgreSQL
	$(BIN)/python -m benchmarks.run

.PHONY: bench-search
bench-search: $(VENV)/.installed-tests ## Measure the search on SQLite and PostgreSQL
	$(BIN)/python -m benchmarks.search

.PHONY: lock
lock: $(VENV)/.installed-tests ## Lock the dependencies again (LOCK_ARGS=--upgrade takes newer ones)
	$(LOCK) --group build -o constraints/base.txt
# What is in both sets has the same version in both.
	$(LOCK) --group build --group test --group dev -c constraints/base.txt -o constraints/test.txt

.PHONY: clean
clean: ## Remove the environment and everything built; var/ with its data stays
	rm -rf $(VENV) build dist .coverage htmlcov .hypothesis .import_linter_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment that is fit is kept, however it was made.
$(VENV)/.created:
	@if $(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then touch $@; exit 0; fi; \
	for python in $(PYTHONS); do \
		"$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		echo "Making $(VENV) with $$("$$python" --version)"; \
		"$$python" -m venv --clear $(VENV) && touch $@ && exit 0; \
	done; \
	echo "Python 3.11 or newer with its venv module is needed; looked for: $(PYTHONS). Name one: make PYTHON=/path/to/python" >&2; \
	exit 1

$(VENV)/.installed: constraints/base.txt pyproject.toml | $(VENV)/.created
	@echo "Installing the locked packages"
	@$(PIP) --no-deps --require-hashes -r constraints/base.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-tests: constraints/base.txt constraints/test.txt pyproject.toml | $(VENV)/.created
	@echo "Installing the locked packages and the test tools"
	@$(PIP) --no-deps --require-hashes -r constraints/test.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $(VENV)/.installed $@

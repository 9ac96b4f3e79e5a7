# Each target does all its own set-up: a bare machine needs python3, node, npm and make.

VENV    := .venv
PYTHON  := $(VENV)/bin/python
TOCSIN  := $(VENV)/bin/tocsin
READY   := $(VENV)/.ready
STATIC  := src/tocsin/http/static/index.html
# A file stays on one process: its tests share a server.
PARALLEL := --numprocesses auto --dist loadfile
CONSOLE := $(shell find console -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -name 'api.gen.ts' 2>/dev/null)
SCHEMA  := $(shell find src/tocsin/http src/tocsin/domain src/tocsin/views -name '*.py' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help setup demo dev test test-all coverage check lint types imports console-check format bench clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(READY) $(STATIC) ## Make the virtual environment and build the console

$(READY): requirements/dev.txt pyproject.toml scripts/venv.sh
	@sh scripts/venv.sh $(VENV)

$(STATIC): $(READY) $(CONSOLE) $(SCHEMA) scripts/console.sh
	@sh scripts/console.sh $(PYTHON)

demo: setup ## Replay the night of 24 April 2025 on http://127.0.0.1:8080 (ARGS="--headless --speed max")
	@$(TOCSIN) demo $(ARGS)

dev: setup ## The same with reload: the server on 8080, the console on 5173
	sh scripts/dev.sh $(TOCSIN)

test: setup ## The tests that take a few minutes
	$(PYTHON) -m pytest $(PARALLEL) -m "not heavy" $(ARGS)

test-all: setup ## Every test, the slow and heavy ones too
	$(PYTHON) -m pytest $(PARALLEL) $(ARGS)

coverage: setup ## How much of the code the quick tests reach
	$(PYTHON) -m pytest $(PARALLEL) -m "not heavy" --cov --cov-report=term:skip-covered $(ARGS)

check: lint types imports console-check ## Everything that needs no test run

lint: $(READY)
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check

types: $(READY)
	$(VENV)/bin/mypy

imports: $(READY)
	$(VENV)/bin/lint-imports

console-check: $(STATIC)
	cd console && npm run --silent check

format: $(READY) ## Format the Python code
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format

bench: setup ## The benchmarks behind docs/benchmarks.md
	$(TOCSIN) bench journal
	$(TOCSIN) bench replay

clean: ## Remove what make made
	rm -rf $(VENV) console/node_modules console/dist src/tocsin/http/static .mypy_cache .ruff_cache .pytest_cache

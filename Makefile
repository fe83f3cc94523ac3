# make demo   set up and serve two demonstration plants on http://127.0.0.1:8000
# make test   set up and pass every test, browser and PostgreSQL included
# make check  the everyday suite: style, types, house rules, fast tests
# make bench  print the measured figures and keep them in benchmarks/results/
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo setup setup-dev test check walk lint bench clean

demo: setup
	$(BIN)/tanheng demo

setup:
	PYTHON=$(PYTHON) scripts/setup.sh run

setup-dev:
	PYTHON=$(PYTHON) scripts/setup.sh dev

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

check: setup-dev lint
	$(BIN)/pytest -n 2 -q -m "not browser and not postgresql and not slow and not walk"

test: setup-dev lint
	scripts/test.sh

walk: setup-dev
	$(BIN)/pytest -q -m walk

bench: setup-dev
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv node_modules var src/tanheng_web/static/vendor

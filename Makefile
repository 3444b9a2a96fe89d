# Short recipes; what is longer than a line is in .ci/.
.DEFAULT_GOAL := help
.PHONY: help run setup setup-dev programs test check bench simulate fuzz crash screenshot lock
python := .venv/bin/python

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo 'PORT=9000 make run            another port than 8000'
	@echo 'PYTHON=python3.13 make setup  another Python than the first that fits'
	@echo 'make test ARGS="-k bounce"    some of the tests'

run: setup ## Serve the site and its clock at http://127.0.0.1:8000, with the demonstration
	@$(python) -m campaign.serve

setup: ## Virtual environment and dependencies only
	@.ci/setup.sh requirements.txt

setup-dev:
	@.ci/setup.sh requirements-dev.txt

programs: setup-dev
	@.ci/packages.sh

test: setup-dev programs ## All tests, on SQLite and PostgreSQL, with a real browser
	@PYTHONDONTWRITEBYTECODE= $(python) -m pytest -n 2 --dist loadgroup $(ARGS)

check: setup-dev ## Lint, format, types, import direction
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@$(python) -m mypy
	@.venv/bin/lint-imports

bench: setup ## Benchmarks: each prints a ratio against its limit
	@.ci/bench.sh

SEEDS ?= 1-2000
simulate: setup ## Play campaigns in which everything goes wrong: SEEDS=1-2000
	@.venv/bin/flask simulate --seeds $(SEEDS) --jobs 2

crash: setup-dev programs ## Kill clocks at random under load, with ten seeds (CRASH_SEEDS=50 for more)
	@CRASH_SEEDS=$(or $(CRASH_SEEDS),10) $(python) -m pytest -q tests/test_killed_at_random.py

fuzz: setup-dev ## Mutated mail for the reader, ten minutes long (MINUTES=1 for less)
	@$(python) -m tests.replies.fuzz --minutes $(or $(MINUTES),10)

screenshot: setup-dev programs ## The picture of the README, made anew
	@$(python) .ci/screenshot.py

lock: setup ## Pin the dependencies again after a change of requirements*.in
	@.ci/lock.sh

# Two commands are all a fresh machine needs: `make run` and `make test`.
PYTHON ?= python3
PORT ?= 8000
AUDIT_DATA_DIR ?= var
export PYTHON AUDIT_DATA_DIR

BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet

.PHONY: run test check bench soak isolation alterations film lock

run: .venv/.run
	@$(BIN)/hygiene-audit demo --port $(PORT)
	@$(BIN)/hygiene-audit serve --port $(PORT)

test: .venv/.test
	$(BIN)/pytest -n auto --dist loadfile

check: .venv/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python deploy/vendor.py --check
	$(BIN)/hygiene-audit checklist check checklists

bench: .venv/.bench
	$(BIN)/python -m bench

# Kills the browser and cuts the network at random; 500 kills and 2,000 cuts take about an hour.
KILLS ?= 20
CUTS ?= 100
soak: .venv/.test
	@$(BIN)/python -m tests.soak --kills $(KILLS) --cuts $(CUTS)

# Holds every address against every kind of person and id, then takes each fence away once.
isolation: .venv/.test
	@$(BIN)/python -m tests.isolation

# Alters an exported journal in thousands of ways, and counts what its verifier finds.
TIMES ?= 2400
alterations: .venv/.test
	@$(BIN)/python -m tests.alterations --times $(TIMES)

# Written anew by whoever changes a dependency; needs uv. No address of an index goes in. Extras stay
# named: without them an older pip takes a newer version than is locked, and refuses it.
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras \
    --no-emit-index-url --no-header --no-annotate pyproject.toml
lock:
	$(LOCK) --group build -o requirements.txt
	$(LOCK) --group dev -o requirements-dev.txt
	$(LOCK) --group bench -o requirements-bench.txt

.venv/.run: requirements.txt pyproject.toml
	@sh deploy/system.sh run
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@echo "Preparing the Python environment (once; about a minute)"
	@$(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

.venv/.test: .venv/.run requirements-dev.txt
	@sh deploy/system.sh test
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

.venv/.bench: .venv/.test requirements-bench.txt
	@sh deploy/system.sh bench
	@$(PIP) install --require-hashes -r requirements-bench.txt
	@touch $@

# A whole visit without a network as pictures, to be looked at.
FILM ?= film
film: .venv/.test
	@FILM=$(FILM) $(BIN)/pytest -q tests/browser/film.py

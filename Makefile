# Two commands: `make run` does the main job, `make test` checks everything. Each does its own set-up.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DATA   ?= data
PORT   ?= 8700
# Tests that run beside each other: many wait for a server or a browser.
TESTERS ?= 3

export PYTHONDONTWRITEBYTECODE := 1

.PHONY: run test install install-test drill bench check clean

run: install
	exec $(BIN)/tocsin up --data $(DATA) --port $(PORT)

drill: install
	$(BIN)/tocsin drill scenarios/classcharts.yaml --out build/drill

install: $(VENV)/.runtime $(VENV)/.assets
install-test: $(VENV)/.test $(VENV)/.assets $(VENV)/.test-assets $(VENV)/.chromium

$(VENV)/bin/python: requirements/bootstrap.txt
	@PYTHON="$(PYTHON)" VENV="$(VENV)" sh requirements/make_venv.sh

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/test.txt
	@touch $@

$(VENV)/.assets: requirements/assets.txt requirements/assets.py requirements/npm.txt $(VENV)/bin/python
	$(BIN)/python requirements/assets.py adapters/web/assets
	@touch $@

$(VENV)/.test-assets: requirements/assets.txt requirements/assets.py $(VENV)/.assets
	$(BIN)/python requirements/assets.py .tools/assets --tests
	@touch $@

$(VENV)/.chromium: requirements/chromium.sh
	@sh requirements/chromium.sh
	@touch $@

check: install-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
test: check
	$(BIN)/pytest -n $(TESTERS) --dist loadfile

bench: install-test
	$(BIN)/python -m benchmarks --out build/bench.json

clean:
	rm -rf $(VENV) .tools build adapters/web/assets

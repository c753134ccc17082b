# Two commands: `make run` does the main job, `make test` checks everything. Each does its own set-up.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DATA   ?= data
PORT   ?= 8700

export PYTHONDONTWRITEBYTECODE := 1

.PHONY: run test install install-test drill bench check clean

run: install
	exec $(BIN)/tocsin up --data $(DATA) --port $(PORT)

drill: install
	$(BIN)/tocsin drill scenarios/classcharts.yaml --out build/drill

install: $(VENV)/.runtime
install-test: $(VENV)/.test

$(VENV)/bin/python: requirements/bootstrap.txt
	@PYTHON="$(PYTHON)" VENV="$(VENV)" sh requirements/make_venv.sh

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/test.txt
	@touch $@

check: install-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
test: check
	$(BIN)/pytest

bench: install-test
	$(BIN)/python -m benchmarks --out build/bench.json

clean:
	rm -rf $(VENV) .tools build

#!/bin/sh
# Makes the virtual environment; where Python lacks `venv`, uv (installed by pip, pinned by hash) makes it.
set -eu
if "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then :; else
    echo "Tocsin needs Python 3.11 or newer; $PYTHON is older. Say which to use: make PYTHON=python3.12" >&2
    exit 1
fi
if "$PYTHON" -m venv "$VENV" 2>/dev/null && "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi
rm -rf "$VENV"
"$PYTHON" -m pip install --quiet --target .tools --only-binary :all: --require-hashes -r requirements/bootstrap.txt || {
    echo "This Python has neither venv nor pip; on Debian: apt-get install python3-venv" >&2
    exit 1
}
PYTHONPATH=.tools "$PYTHON" -m uv venv --quiet --seed --python "$PYTHON" "$VENV"

#!/bin/sh
# Makes the pinned, hashed requirements again from pyproject.toml. Needs `uv` on the path.
set -eu
cd "$(dirname "$0")/.."
lock() {
    out=$1
    shift
    uv pip compile pyproject.toml "$@" --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header --no-annotate --quiet --output-file "$out"
}
lock requirements/runtime.txt --group build
lock requirements/test.txt --group build --group test
printf 'uv==0.13.9\n' | uv pip compile - --universal --generate-hashes --no-emit-index-url --no-header \
    --no-annotate --quiet --output-file requirements/bootstrap.txt

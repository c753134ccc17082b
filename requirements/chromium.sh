#!/bin/sh
# The tests look at the pages in a real browser: Debian's own, where there is none yet.
set -eu
[ -n "${TOCSIN_CHROMIUM:-}" ] && exit 0
command -v chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ]; then become=""; else become="sudo -n"; fi
export DEBIAN_FRONTEND=noninteractive
if $become apt-get update --quiet --quiet && $become apt-get install --yes --quiet --quiet --no-install-recommends chromium; then
    exit 0
fi
echo "The tests need a browser. Install Debian's chromium, or name another one: TOCSIN_CHROMIUM=/path/to/chromium" >&2
exit 1

#!/usr/bin/env bash
# Measures revmeta on a running catalog, the stand-in of the tests, and writes the figures to RESULTS-live.md: how long a
# change at the catalog takes to arrive in PostgreSQL, how many events a second the journal takes, and how fast the catalog's
# lists are read.
#
#   live.sh        REVMETA names the program to measure. TMPDIR chooses the disk that PostgreSQL and the journal write to.
set -euo pipefail

root=$(realpath "$(dirname "$0")/..")
program=$(realpath "${REVMETA:-$root/.build/release/revmeta}")
fail() { echo "live: $*" >&2; exit 1; }
command -v wrk >/dev/null || fail "expected wrk, found none. Install it with Scripts/install-packages.sh."

python=$root/.build/bench-venv/bin/python
if ! "$python" -c 'import psycopg2' 2>/dev/null; then
    python3 -m venv "$root/.build/bench-venv"
    "$python" -m pip install -q 'sqlalchemy>=2,<3' psycopg2-binary ||
        fail "could not install psycopg2 into .build/bench-venv; is a package index reachable?"
fi

server=$(mktemp -d "${TMPDIR:-/tmp}/revmeta-live.XXXXXX")
trap '"$root/Scripts/throwaway-postgres.sh" stop "$server/postgres" || true; rm -rf "$server"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
unset "${!PG@}"
mkdir "$server/postgres"
"$python" "$root/Benchmarks/live.py" --revmeta "$program" --folder "$server" --results "$root/Benchmarks/RESULTS-live.md"

#!/usr/bin/env bash
# Measures revmeta beside its peers on this machine, and writes the figures to RESULTS.md.
# README.md says how to read them.
#
#   bench.sh [write|safety|mariadb|scale|startup|filters|render|all]
#
# REVMETA names the program to measure. TMPDIR chooses the disk that PostgreSQL writes to.
set -euo pipefail

root=$(realpath "$(dirname "$0")/..")
here=$root/Benchmarks
what=${1:-all}
program=${REVMETA:-.build/release/revmeta}
[[ $program == /* ]] || program=$root/$program

fail() { echo "bench: $*" >&2; exit 1; }
case $what in
    write | safety | mariadb | scale | startup | filters | render | all) ;;
    *) fail "expected write, safety, mariadb, scale, startup, filters, render or all, found \"$what\"." ;;
esac
[ -x "$program" ] || fail "expected the program revmeta at $program, found none." \
    "Build it with \`swift build -c release\`, or name another with REVMETA=PATH."

tools=$root/.build/bench-tools
mkdir -p "$tools"
flags=(-std=c99 -O2 -Wall -Wextra)
[ "$tools/delay-proxy" -nt "$here/delay-proxy.c" ] || gcc "${flags[@]}" -o "$tools/delay-proxy" "$here/delay-proxy.c"
[ "$tools/raw-limit" -nt "$here/raw-limit.c" ] ||
    gcc "${flags[@]}" -I"$(pg_config --includedir)" -o "$tools/raw-limit" "$here/raw-limit.c" -lpq
# shellcheck disable=SC2046  # several options
[ "$tools/alter-limit" -nt "$here/alter-limit.c" ] ||
    gcc "${flags[@]}" $(mariadb_config --include) -o "$tools/alter-limit" "$here/alter-limit.c" $(mariadb_config --libs)
[ "$tools/render-rate" -nt "$here/render-rate.c" ] ||
    gcc "${flags[@]}" -I"$root/Sources/CRevmeta/include" -o "$tools/render-rate" "$here/render-rate.c" -ldl

python=$root/.build/bench-venv/bin/python
if ! "$python" -c 'import sqlalchemy, psycopg2' 2>/dev/null; then
    python3 -m venv "$root/.build/bench-venv"
    "$python" -m pip install -q 'sqlalchemy>=2,<3' psycopg2-binary ||
        fail "could not install SQLAlchemy and psycopg2 into .build/bench-venv; is a package index reachable?"
fi

# Debian's psql is a script that looks for the program; only the program is to be measured.
PATH=$(pg_config --bindir):$PATH
data=$(mktemp -d "$root/.build/bench-data.XXXXXX")
server=$(mktemp -d "${TMPDIR:-/tmp}/revmeta-bench.XXXXXX")
trap '"$root/Scripts/throwaway-postgres.sh" stop "$server" || true
    "$root/Scripts/throwaway-mariadb.sh" stop "$server-mariadb" || true; rm -rf "$server" "$server-mariadb" "$data"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
unset "${!PG@}"

"$python" "$here/measure.py" "$what" --revmeta "$program" --tools "$tools" --data "$data" --server "$server" \
    --results "$here/RESULTS.md"

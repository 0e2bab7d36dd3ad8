#!/usr/bin/env bash
# Makes a Python environment with sqlglot, an SQL parser that owes nothing to this project, and says where its Python
# is.
set -euo pipefail

root=$(realpath "$(dirname "$0")/..")
python=$root/.build/sqlglot-venv/bin/python
# Tests that run side by side ask at the same moment; the first makes it, the others wait for it.
mkdir -p "$root/.build"
exec 9> "$root/.build/sqlglot-venv.lock"
flock 9
if ! "$python" -c 'import sqlglot' 2>/dev/null; then
    python3 -m venv "$root/.build/sqlglot-venv"
    "$python" -m pip install -q 'sqlglot==30.30.0' || {
        echo "sqlglot-venv: could not install sqlglot into .build/sqlglot-venv; is a package index reachable?" >&2
        exit 1
    }
fi
echo "$python"

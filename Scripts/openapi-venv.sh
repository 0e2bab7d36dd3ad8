#!/usr/bin/env bash
# Makes a Python environment that judges an interface over HTTP (schemathesis, openapi-spec-validator, Prometheus' own
# parser), and says where its programs are.
set -euo pipefail

root=$(realpath "$(dirname "$0")/..")
venv=$root/.build/openapi-venv
packages=(schemathesis==4.32.5 openapi-spec-validator==0.9.0 prometheus-client==0.26.0)
mkdir -p "$root/.build"
# Tests that run side by side ask at the same moment; the first makes it, the others wait for it.
exec 9>"$root/.build/openapi-venv.lock"
flock 9
if [ "$(cat "$venv/installed" 2>/dev/null)" != "${packages[*]}" ]; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/python" -m pip install -q "${packages[@]}" || {
        echo "openapi-venv: could not install ${packages[*]} into .build/openapi-venv; is a package index reachable?" >&2
        exit 1
    }
    echo "${packages[*]}" >"$venv/installed"
fi
echo "$venv/bin"

#!/bin/sh
# Tries what a user would try, with the release build: each script beside this one, and the demo.
set -u

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
failed=0
said=$(mktemp)
trap 'rm -f "$said"' EXIT

for script in "$root/Demo/run.sh" "$here"/*.sh; do
    [ "$script" != "$here/run.sh" ] || continue
    name=$(basename "$(dirname "$script")")/$(basename "$script")
    if "$script" >"$said" 2>&1; then
        echo "✔ $name"
    else
        echo "✘ $name"
        cat "$said"
        failed=1
    fi
done
exit $failed

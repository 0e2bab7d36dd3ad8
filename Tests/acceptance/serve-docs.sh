#!/bin/bash
# Runs the commands that docs/serve.md prints of the interface over HTTP, and compares what they answer.
set -euo pipefail
. "$(dirname "$0")/serving/serving.bash"

start_source
write_configuration
start_serve
export URL=$url REVMETA_TOKEN=$token
awk '$0 == "```console" { inside = 1; next } $0 == "```" { inside = 0 } inside' "$root/docs/serve.md" >"$folder/expected"
[ "$(grep -c '^\$ ' "$folder/expected")" -ge 7 ] || fail "expected commands in docs/serve.md, found $(grep -c '^\$ ' "$folder/expected")"
grep '^\$ ' "$folder/expected" | while IFS= read -r line; do
    printf '%s\n' "$line"
    bash -c "${line#\$ }" </dev/null 2>&1 || fail "failed: $line"
done >"$folder/found"
diff -u "$folder/expected" "$folder/found" || fail "docs/serve.md shows other answers than its commands give"
stop_serve
echo ok

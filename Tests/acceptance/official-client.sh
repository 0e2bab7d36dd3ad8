#!/bin/bash
# Judges the stand-in for OpenMetadata's server, which other tests rely on, and what revmeta sends it, by OpenMetadata's own
# client from PyPI.
# The client is installed once, below .build; importing it takes a while.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
program=$(realpath "${REVMETA:-$root/.build/release/revmeta}")
client=$root/.build/openmetadata-client
folder=$(mktemp -d /tmp/revmeta-client.XXXXXX)
trap 'rm -rf "$folder"' EXIT

# Newer releases of dbt bring a parser that is not on PyPI.
packages=(openmetadata-ingestion==1.13.6.3 "dbt-core<1.12")
if [ "$(cat "$client/installed" 2>/dev/null)" != "${packages[*]}" ]; then
    rm -rf "$client"
    python3 -m venv "$client"
    "$client/bin/pip" install --quiet uv
    "$client/bin/uv" pip install --quiet --python "$client/bin/python" "${packages[@]}"
    echo "${packages[*]}" >"$client/installed"
fi

mkfifo "$folder/lifeline"
python3 -B "$root/Tests/CatalogServer" --folder "$root/Tests/Fixtures/catalog/judged" \
    <"$folder/lifeline" >"$folder/address" &
# As long as this end is open, the server serves.
exec 3>"$folder/lifeline"
until [ -s "$folder/address" ]; do
    kill -0 $! 2>/dev/null || { echo "official-client: the stand-in did not start" >&2; exit 1; }
    sleep 0.1
done
cat >"$folder/revmeta.yaml" <<YAML
catalog: { hostPort: "$(cat "$folder/address")/api", securityConfig: { jwtToken: a.b.c } }
services: { shop: { type: Postgres } }
channels: [{ name: all, updateDescriptions: true }]
serve: { webhook: { secret: the secret of the webhook } }
YAML
"$program" webhook install --config "$folder/revmeta.yaml" --url https://revmeta.example.com
"$client/bin/python" -B -W ignore "$root/Tests/CatalogServer/judge.py" "$(cat "$folder/address")/api" 2>"$folder/errors" ||
    { cat "$folder/errors" >&2; exit 1; }
exec 3>&-
wait
echo ok

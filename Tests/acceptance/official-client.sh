#!/bin/bash
# Judges by OpenMetadata's own client from PyPI: the stand-in for OpenMetadata's server, which other tests rely on; what
# revmeta sends it; and `revmeta run --operations`, which is given what the client's models write, and whose answer they read.
# The client is installed once, below .build; importing it takes a while.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
program=$(realpath "${REVMETA:-$root/.build/release/revmeta}")
client=$root/.build/openmetadata-client
folder=$(mktemp -d /tmp/revmeta-client.XXXXXX)
trap '[ ! -d "$folder/server" ] || "$root/Scripts/throwaway-postgres.sh" stop "$folder/server" || true; rm -rf "$folder"' EXIT
unset "${!PG@}"

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

# Operations, on a real PostgreSQL.
chmod 755 "$folder"
mkdir "$folder/server" "$folder/desk"
port=$("$root/Scripts/throwaway-postgres.sh" start "$folder/server")
sql() { psql -X -q -v ON_ERROR_STOP=1 -h "$folder/server" -p "$port" -U postgres -d postgres "$@"; }
sql <<'END'
CREATE ROLE app_owner;
CREATE TABLE orders (id int);
CREATE TABLE "od.d ""one""" ("a::b>c.d" int);
CREATE TABLE carts (id int);
COMMENT ON TABLE carts IS 'Carts';
COMMENT ON COLUMN carts.id IS 'Old';
END
cd "$folder/desk"
cat >revmeta.yaml <<END
catalog: { folder: catalog }
services:
  shop: { type: Postgres, connection: { hostPort: "$folder/server:$port", username: postgres, database: postgres } }
owners: { map: { jane.doe: app_owner, admin: postgres } }
channels: [{ name: all, updateDescriptions: true, updateOwners: true, updateTags: true, onConflict: keep }]
END
judge=("$client/bin/python" -B -W ignore "$root/Tests/acceptance/operations.py")
"${judge[@]}" write postgres >operations.json 2>"$folder/errors" || { cat "$folder/errors" >&2; exit 1; }
# What the source does not have is told in the answer, and is no failure of the run.
"$program" run --quiet --operations - <operations.json >answer.json 2>"$folder/errors" ||
    { cat "$folder/errors" answer.json >&2; exit 1; }
"${judge[@]}" read <answer.json 2>"$folder/errors" || { cat "$folder/errors" answer.json >&2; exit 1; }
sql -At >found <<'END'
SELECT description FROM pg_description WHERE objoid >= 16384 ORDER BY description COLLATE "C";
SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'orders';
END
diff - found <<'END'
By a template; it's safe.
It's odd.
One row an order.
app_owner
END
echo ok

#!/usr/bin/env bash
# An outside check of the Snowflake connector: what it sends to the stand-in is sent again, by Snowflake's own client for
# Python, to fakesnow, which was made by others and knows Snowflake's comments of tables. Tags, roles and comments of columns it
# does not know, so those are left out, and so are quotes in a comment, which it does not take.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
program=$(realpath "${REVMETA:-$root/.build/release/revmeta}")
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true; rm -rf "$folder"' EXIT
fail() { echo "fakesnow: $*" >&2; exit 1; }

venv=$root/.build/fakesnow-venv
if ! "$venv/bin/python" -c 'import fakesnow, snowflake.connector' 2>/dev/null; then
    python3 -m venv "$venv"
    "$venv/bin/python" -m pip install -q 'fakesnow[server]==0.12.1' 'snowflake-connector-python<5' ||
        fail "could not install fakesnow into .build/fakesnow-venv; is a package index reachable?"
fi

# The same objects in both accounts.
objects=("CREATE DATABASE SHOP" "CREATE SCHEMA SHOP.SALES" "CREATE TABLE SHOP.SALES.ORDERS (ID INT, TOTAL INT)"
    'CREATE TABLE SHOP.SALES."Odd.Name" (ID INT)' "CREATE VIEW SHOP.SALES.OPEN_ORDERS AS SELECT * FROM SHOP.SALES.ORDERS")
driver=$("$root/Scripts/snowflake-stand-in.sh" "$folder")
printf '%s\n' "${objects[@]}" |
    isql -k "Driver=$driver;StandIn=$folder/account;Server=x;UID=ADMIN;PWD=admin" -b >"$folder/said" 2>&1
! grep -q ERROR "$folder/said" || { cat "$folder/said" >&2; exit 1; }

mkdir "$folder/catalog"
cat >"$folder/catalog/tables.jsonl" <<'JSON'
{"fullyQualifiedName":"lake.SHOP.SALES.ORDERS","description":"One row for each order → 100 % paid; \"all\" of them."}
{"fullyQualifiedName":"lake.SHOP.SALES.\"Odd.Name\"","description":"Odd, on purpose.\nTwo lines. 雪"}
{"fullyQualifiedName":"lake.SHOP.SALES.OPEN_ORDERS","tableType":"View","description":"Orders that are not done."}
JSON
cat >"$folder/revmeta.yaml" <<YAML
catalog: { folder: catalog }
services:
  lake:
    type: Snowflake
    connection:
      { account: x, username: ADMIN, password: admin, role: ACCOUNTADMIN, warehouse: COMPUTE_WH, driver: "$driver",
        connectionOptions: "StandIn=$folder/account" }
channels: [{ name: all, updateDescriptions: true }]
YAML
(cd "$folder" && "$program" run >said 2>&1) || { cat "$folder/said" >&2; exit 1; }

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }
# Below the ports that the system gives to whoever asks for any.
until port=$((10000 + RANDOM % 22000)); ! answers; do :; done
(cd "$folder" && exec "$venv/bin/fakesnow" -s -p "$port") >"$folder/server" 2>&1 &
server=$!
until answers; do
    kill -0 "$server" 2>/dev/null || { cat "$folder/server" >&2; fail "the server ended"; }
    sleep 0.1
done

"$venv/bin/python" - "$folder" "$port" "${objects[@]}" <<'PYTHON'
import json
import re
import sys

import snowflake.connector

folder, port, objects = sys.argv[1], int(sys.argv[2]), sys.argv[3:]


def plain(field):
    """What the stand-in's log escapes."""
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), field)


with open(f"{folder}/account/statements", encoding="utf-8") as lines:
    sent = [plain(line.rstrip("\n").split("\t")[4]) for line in lines]
comments = [text for text in sent if text.startswith(("COMMENT ON TABLE", "COMMENT ON VIEW"))]
queries = [text for text in sent if "INFORMATION_SCHEMA.TABLES" in text]
with open(f"{folder}/catalog/tables.jsonl", encoding="utf-8") as lines:
    entities = [json.loads(line) for line in lines]
# It takes a view's comment, and lists no views.
expected = {
    entity["fullyQualifiedName"].split(".", 3)[3].strip('"'): entity["description"]
    for entity in entities if entity.get("tableType") != "View"}
assert len(comments) == len(entities) and queries, sent

connection = snowflake.connector.connect(
    user="u", password="p", account="a", host="127.0.0.1", port=port, protocol="http",
    session_parameters={"CLIENT_OUT_OF_BAND_TELEMETRY_ENABLED": False})
cursor = connection.cursor(snowflake.connector.DictCursor)
for statement in objects + comments:
    cursor.execute(statement)
found = {}
for query in queries:
    cursor.execute(query)
    found.update({row["TABLE_NAME"]: row["COMMENT"] for row in cursor.fetchall()})
assert found == expected, f"expected {expected}, found {found}"
print(f"{len(comments)} comments, read back by {len(queries)} of the connector's own queries")
PYTHON
echo ok

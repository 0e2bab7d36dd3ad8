#!/usr/bin/env bash
# Counts what revmeta sends to Snowflake for each changed table, on the stand-in with 150 ms added to each statement: there a
# statement costs a round trip, and little else counts.
#
#   snowflake.sh [TABLES]        REVMETA names the program to measure.
set -euo pipefail

root=$(realpath "$(dirname "$0")/..")
tables=${1:-50}
program=$(realpath "${REVMETA:-$root/.build/release/revmeta}")
folder=$(mktemp -d "${TMPDIR:-/tmp}/revmeta-snowflake.XXXXXX")
trap 'rm -rf "$folder"' EXIT
driver=$("$root/Scripts/snowflake-stand-in.sh" "$folder")
log=$folder/account/statements

columns=$(printf 'C%s INT, ' {1..10})
{
    printf '%s\n' "CREATE DATABASE SHOP" "CREATE SCHEMA SHOP.SALES" "CREATE SCHEMA SHOP.TAGS" "CREATE TAG SHOP.TAGS.PII"
    for number in $(seq "$tables"); do echo "CREATE TABLE SHOP.SALES.T$number (${columns%, })"; done
} | isql -k "Driver=$driver;StandIn=$folder/account;Server=x;UID=ADMIN;PWD=admin" -b >"$folder/said" 2>&1
! grep -q ERROR "$folder/said" || { cat "$folder/said" >&2; exit 1; }
echo "delay_milliseconds=150" >"$folder/account/settings"

mkdir "$folder/catalog"
describe() {
    local number list
    for number in $(seq "$tables"); do
        list=$(printf "{\"name\":\"C%s\",\"description\":\"Column $1.\",\"tags\":$2}," {1..10})
        echo "{\"fullyQualifiedName\":\"lake.SHOP.SALES.T$number\",\"description\":\"Table $1.\",\"tags\":$2,\"columns\":[${list%,}]}"
    done >"$folder/catalog/tables.jsonl"
}
# What a run sends, and how long it takes.
measure() {
    local what=$1 parallelism=$2 updates=$3 began ended
    cat >"$folder/revmeta.yaml" <<YAML
catalog: { folder: catalog }
services:
  lake:
    type: Snowflake
    connection:
      { account: x, username: ADMIN, password: admin, role: ACCOUNTADMIN, warehouse: COMPUTE_WH, driver: "$driver",
        connectionOptions: "StandIn=$folder/account", tagDatabase: SHOP, tagSchema: TAGS, parallelism: $parallelism }
journal: { path: journal.sqlite }
channels: [{ name: all, $updates }]
YAML
    : >"$log"
    began=$(date +%s%N)
    (cd "$folder" && "$program" run >said 2>&1) || { cat "$folder/said" >&2; exit 1; }
    ended=$(date +%s%N)
    awk -F'\t' -v what="$what" -v lanes="$parallelism" -v tables="$tables" -v ms=$(((ended - began) / 1000000)) '
        $5 ~ /^(COMMENT|ALTER (TABLE|VIEW))/ { written++; next } $5 ~ /^ALTER SESSION/ { session++; next } { read++ }
        END { printf "| %s | %d | %.2f | %.2f | %d | %.1f |\n", what, lanes, written / tables, read / tables, session, ms / 1000 }
    ' "$log"
}

echo "$tables tables of 10 columns, 150 ms a statement"
echo
echo "| a run that writes | connections | writing statements a table | reading statements a table | session statements | seconds |"
echo "|---|--:|--:|--:|--:|--:|"
describe first '[]'
measure "comments of tables and columns" 1 "updateDescriptions: true"
describe second '[]'
measure "comments of tables and columns" 8 "updateDescriptions: true"
describe third '[{"tagFQN":"PII.Sensitive"}]'
measure "comments, and a tag on each table and column" 8 "updateDescriptions: true, updateTags: true"
measure "nothing: all is as it should be" 8 "updateDescriptions: true, updateTags: true"

#!/usr/bin/env bash
# The stand-in for Snowflake as a driver of one's own in a folder, for acceptance tests and benchmarks.
#
#   snowflake-stand-in.sh FOLDER    compiles it; prints the driver's path. FOLDER/account is an empty account:
#                                   user ADMIN, password admin, role ACCOUNTADMIN, warehouse COMPUTE_WH.
#
# Statements then go by `isql -k "Driver=FOLDER/driver.so;StandIn=FOLDER/account;Server=x;UID=ADMIN;PWD=admin" -b`.
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
source=$(realpath "$(dirname "$0")/../Tests/Support/SnowflakeStandIn")
mkdir -p "$1/account"
folder=$(realpath "$1")
files=()
for file in "$source"/*.c; do [ "$(basename "$file")" = client.c ] || files+=("$file"); done
cc -std=c11 -D_GNU_SOURCE -O1 -Wall -Wextra -Werror "${files[@]}" -shared -fPIC -fvisibility=hidden -pthread \
    "-Wl,--version-script=$source/exports.map" -o "$folder/driver.so"
echo "$folder/driver.so"

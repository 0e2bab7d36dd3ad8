#!/usr/bin/env bash
# Runs the Snowflake connector's own acceptance script on the stand-in, with the release build.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
driver=$("$root/Scripts/snowflake-stand-in.sh" "$folder")

printf '%s\n' "CREATE DATABASE SCRATCH" "CREATE ROLE TRYING" "GRANT ROLE TRYING TO ROLE SYSADMIN" \
    "GRANT OWNERSHIP ON DATABASE SCRATCH TO ROLE TRYING COPY CURRENT GRANTS" \
    "GRANT USAGE ON WAREHOUSE COMPUTE_WH TO ROLE TRYING" "GRANT APPLY MASKING POLICY ON ACCOUNT TO ROLE TRYING" \
    "CREATE USER TRIER PASSWORD = 'semi;colon' DEFAULT_ROLE = TRYING" "GRANT ROLE TRYING TO USER TRIER" |
    isql -k "Driver=$driver;StandIn=$folder/account;Server=x;UID=ADMIN;PWD=admin" -b >"$folder/said" 2>&1
! grep -q ERROR "$folder/said" || { cat "$folder/said" >&2; exit 1; }

export SNOWFLAKE_ACCOUNT=x SNOWFLAKE_USER=TRIER SNOWFLAKE_PASSWORD='semi;colon' SNOWFLAKE_ROLE=TRYING
export SNOWFLAKE_WAREHOUSE=COMPUTE_WH SNOWFLAKE_DATABASE=SCRATCH SNOWFLAKE_DRIVER=$driver
export SNOWFLAKE_OPTIONS="StandIn=$folder/account"
REVMETA=${REVMETA:-$root/.build/release/revmeta} "$root/Plugins/Snowflake/acceptance" | tee "$folder/said"
grep -q 'carries a masking policy is not taken away' "$folder/said" || { echo "masking was not tried" >&2; exit 1; }

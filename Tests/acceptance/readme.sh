#!/bin/bash
# Runs the README's samples as they are printed: its configuration, and each command of its console with its output.
# Only how long a run took may differ.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
revmeta=${REVMETA:-$root/.build/release/revmeta}
folder=$(mktemp -d /tmp/revmeta-readme.XXXXXX)
trap '"$root/Scripts/throwaway-postgres.sh" stop "$folder/server" || true; rm -rf "$folder"' EXIT
unset "${!PG@}"

fail() {
    echo "readme: $*" >&2
    exit 1
}

# The text of the README's one block of a language.
block() {
    local found
    found=$(awk -v open="\`\`\`$1" '$0 == open { inside = 1; next } $0 == "```" { inside = 0 } inside' "$root/README.md")
    [ -n "$found" ] || fail "expected a block of $1 in README.md, found none"
    printf '%s\n' "$found"
}

chmod 755 "$folder"
mkdir "$folder/server" "$folder/bin" "$folder/desk"
port=$("$root/Scripts/throwaway-postgres.sh" start "$folder/server")
export SHOP_HOST=$folder/server SHOP_PASSWORD=unused PGHOST=$folder/server PGPORT=$port PGUSER=postgres NO_COLOR=1
cp -R "$root/Tests/Fixtures/readme/catalog" "$folder/desk/"
psql -X -q -v ON_ERROR_STOP=1 -d postgres -f "$root/Tests/Fixtures/readme/schema.sql"
ln -s "$revmeta" "$folder/bin/revmeta"
PATH=$folder/bin:$PATH
cd "$folder/desk"
block yaml >revmeta.yaml
block console >"$folder/console"

without_times() {
    sed -E 's/\([0-9.]+ s\)/(TIME)/; s|configuration /.*/revmeta\.yaml|configuration revmeta.yaml|; s|catalog /.*/catalog:|catalog catalog:|'
}

grep '^\$ ' "$folder/console" | while IFS= read -r line; do
    printf '%s\n' "$line"
    bash -c "${line#\$ }" </dev/null 2>&1 || fail "failed: $line"
done | without_times >"$folder/found"
without_times <"$folder/console" >"$folder/expected"
diff -u "$folder/expected" "$folder/found" || fail "the README shows other output than its commands give"

# The tables of commands that the README and the help name must exist.
for command in init check plan run history show drift rollback export channels templates plugins schema; do
    revmeta $command --help >/dev/null || fail "revmeta $command --help failed"
done
echo ok

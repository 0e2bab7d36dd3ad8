#!/usr/bin/env bash
# revmeta at work on a company's database, in a few seconds: check, plan, run, and what a conflict looks like.
# Starts a PostgreSQL of its own and leaves nothing behind. REVMETA names the program to run.
set -euo pipefail

root=$(realpath "$(dirname "$0")/..")
program=${REVMETA:-.build/release/revmeta}
[[ $program == /* ]] || program=$root/$program

fail() { echo "demo: $*" >&2; exit 1; }
[ -x "$program" ] || fail "expected the program revmeta at $program, found none." \
    "Build it with \`swift build -c release\`, or name another with REVMETA=PATH."

# The folder is the server's too, so its path must be short.
folder=$(mktemp -d /tmp/revmeta-demo.XXXXXX)
trap '"$root/Scripts/throwaway-postgres.sh" stop "$folder" || true; rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
unset "${!PG@}"
"$root/Scripts/throwaway-postgres.sh" start "$folder" >"$folder/port"
export DEMO_SOCKET=$folder DEMO_JOURNAL=$folder/journal.sqlite
cd "$root/Demo"

heading() { printf '\n== %s\n' "$*"; }
typed() { printf '\n$ %s\n' "$*"; }
revmeta() { "$program" "$@" || fail "\`revmeta $*\` ended with exit code $?, expected 0."; }
psql() { command psql -X -P pager=off -v ON_ERROR_STOP=1 -h "$folder" -p "$(cat "$folder/port")" "$@"; }
ask() { psql -U postgres -d shop -At "$@"; }
differences() { ask -f differences.sql; }
# A comment or an owner that is written again gets a new row version, even with the same text.
row_versions() {
    ask -c "SELECT md5(string_agg(concat_ws(' ', tableoid, objoid, objsubid, xmin), ','
                                  ORDER BY tableoid, objoid, objsubid))
            FROM (SELECT tableoid, objoid, objsubid, xmin FROM pg_description
                  UNION ALL SELECT tableoid, objoid, 0, xmin FROM pg_shdescription
                  UNION ALL SELECT tableoid, oid, 0, xmin FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
                  UNION ALL SELECT tableoid, oid, 0, xmin FROM pg_proc
                  UNION ALL SELECT tableoid, oid, 0, xmin FROM pg_namespace) AS versions"
}
expect_no_differences() {
    local left; left=$(differences)
    [ -z "$left" ] || fail "expected the database to say what the catalog says, but these differ after the run:
$left"
}

heading "A database with few comments, and a catalog that knows more"
psql -U postgres -q -f schema.sql
before=$(differences | wc -l)
[ "$before" -gt 200 ] || fail "expected more than 200 differences to begin with, found $before."
echo "$before descriptions and owners of the catalog are not in the database."

heading "Is all in place? Nothing is written yet"
typed "revmeta check"
revmeta check

heading "What would be written"
typed "revmeta plan | head -40"
revmeta plan >"$folder/plan.txt"
head -n 40 "$folder/plan.txt"
[ "$(differences | wc -l)" -eq "$before" ] || fail "\`revmeta plan\` has changed the database; it must not write."

heading "Write it"
typed "revmeta run"
revmeta run
expect_no_differences
written=$(ask -c "SELECT count(*) FROM pg_description WHERE objoid >= 16384")
[ "$written" -gt 200 ] || fail "expected more than 200 comments in the database after the run, found $written."
untouched=$(ask -c "SELECT concat_ws(', ',
    CASE WHEN col_description('products'::regclass, 7) NOT LIKE 'SKU of the old%'
        OR col_description('products'::regclass, 7) IS NULL THEN 'the comment of products.legacy_sku' END,
    CASE WHEN obj_description('\"HR Data\".\"Job Titles\"'::regclass) IS DISTINCT FROM 'Maintained by hand, ask Petra.'
        THEN 'the comment of \"Job Titles\"' END,
    CASE WHEN obj_description('tmp_import_2025_03'::regclass) IS NOT NULL THEN 'the excluded tmp_import_2025_03' END,
    CASE WHEN (SELECT relowner::regrole::text FROM pg_class WHERE oid = 'finance.cost_centers'::regclass) <> 'app_owner'
        THEN 'the owner of finance.cost_centers, which is an inherited one' END)")
[ -z "$untouched" ] || fail "the run changed what it must leave alone: $untouched."

heading "Every SQL client shows it now"
typed "psql shop -c '\\d+ public.orders'"
psql -U metadata_writer -d shop -c '\d+ public.orders'

heading "Once more: all is as the catalog says"
versions=$(row_versions)
typed "revmeta run"
revmeta run | tee "$folder/again.txt"
grep -qi 'nothing to do' "$folder/again.txt" || fail "expected the second run to say that there is nothing to do."
[ "$(row_versions)" = "$versions" ] || fail "the second run wrote something, though nothing had changed."

heading "Somebody edits a comment behind the catalog's back"
edit="COMMENT ON COLUMN public.orders.status IS 'placed, paid, sent. Ask Bob.'"
typed "psql shop -c \"$edit\""
psql -U metadata_writer -d shop -c "$edit"
[ "$(differences)" = "description|shop.shop.public.orders.status" ] ||
    fail "expected the edited comment to be the one difference, found: $(differences)"
typed "revmeta plan"
revmeta plan | tee "$folder/conflict.txt"
grep -qi conflict "$folder/conflict.txt" || fail "expected the plan to call the edited comment a conflict."

heading "The catalog is the truth, so the next run puts its text back"
typed "revmeta run"
revmeta run
expect_no_differences
typed "psql shop -c \"SELECT col_description('public.orders'::regclass, 4)\""
psql -U metadata_writer -d shop -c "SELECT col_description('public.orders'::regclass, 4)"

heading "Done: the database says what the catalog says, $written comments"

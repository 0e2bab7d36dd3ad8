#!/bin/sh
# Builds the plugin template as a stranger would, with the headers and the kit alone, and takes both of its connectors
# through their contract. Prints ok, or what failed.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

template=$temporary/notes
include=$temporary/kit/Sources/CRevmeta/include

# Caches and fingerprints of packages belong to this run alone: the kit's tag is another commit each time it changes.
swift_package() {
    REVMETA_KIT=file://$temporary/kit nice -n 5 swift "$@" \
        --package-path "$template" --cache-path "$temporary/cache" --config-path "$temporary/configuration" \
        --security-path "$temporary/security"
}

fail() {
    echo "plugin-template: $*" >&2
    exit 1
}

# Runs a command; shows what it said only if it fails.
quietly() {
    "$@" >"$temporary/said" 2>&1 || {
        cat "$temporary/said" >&2
        fail "failed: $*"
    }
}

copy_out() {
    mkdir "$template"
    # Without what a build in place may have left.
    (cd "$root/plugin-template" && tar -cf - --exclude=.build --exclude='*.o' --exclude='*.so' .) |
        tar -xf - -C "$template"
    "$root/Scripts/export-kit.sh" "$temporary/kit"
    "$root/Scripts/export-kit.sh" "$temporary/again"
    [ "$(git -C "$temporary/kit" rev-parse 0.1.0)" = "$(git -C "$temporary/again" rev-parse 0.1.0)" ] ||
        fail "the same sources gave two different kits"
    [ -z "$(git -C "$temporary/kit" status --porcelain)" ] || fail "the kit's files are not what its tag holds"
}

headers_are_clean_everywhere() {
    printf '#include <revmeta/revmeta.h>\nint probe_header(void);\nint probe_header(void) { return 0; }\n' \
        >"$temporary/header.c"
    cp "$temporary/header.c" "$temporary/header.cpp"
    for compiler in gcc clang; do
        for standard in c99 c11; do
            strict="-std=$standard -pedantic -Wall -Wextra -Werror -I$include -fsyntax-only"
            quietly $compiler $strict "$temporary/header.c"
            for source in "$template"/c/*.c "$root/Tests/acceptance/probe.c"; do
                quietly $compiler $strict "$source"
            done
        done
    done
    for compiler in g++ clang++; do
        quietly $compiler -std=c++17 -pedantic -Wall -Wextra -Werror -I"$include" -fsyntax-only "$temporary/header.cpp"
    done
    # Each header stands on its own.
    for header in "$include"/revmeta/*.h; do
        quietly gcc -std=c99 -pedantic -Wall -Wextra -Werror -I"$include" -fsyntax-only -x c "$header"
    done
}

build() {
    quietly make -C "$template/c" INCLUDE="$include"
    quietly make -C "$template/c" test INCLUDE="$include"
    quietly swift_package build -c release
    ! grep -q 'warning:' "$temporary/said" || {
        cat "$temporary/said" >&2
        fail "the Swift template builds with warnings"
    }
    quietly swift_package test
}

needs_no_swift() {
    ldd "$1" >"$temporary/linked"
    ! grep -iE 'swift|not found' "$temporary/linked" || fail "$1 needs what only Swift's installation has"
}

exports_one_symbol() {
    found=$(nm -D --defined-only --extern-only "$1" | awk '{ print $3 }')
    [ "$found" = revmeta_plugin_v1 ] || fail "expected $1 to export revmeta_plugin_v1 alone, found: $found"
}

matches_its_manifest() {
    for word in "$@"; do
        grep -q "\"$word\"" "$manifest" || fail "expected \"$word\" in $manifest"
    done
}

# Takes a library through its contract as an account to which things can be denied, and as this one.
probe() {
    for account in nobody "$(id -un)"; do
        data=$(mktemp -d "$temporary/data.XXXXXX")
        if [ "$account" = "$(id -un)" ]; then
            "$1" "$2" "$3" "$data" || fail "$2 broke its contract"
        elif [ "$(id -u)" = 0 ]; then
            chown "$account" "$data"
            runuser -u "$account" -- "$1" "$2" "$3" "$data" || fail "$2 broke its contract"
        fi
    done
}

probe_both() {
    strict="-std=c99 -pedantic -Wall -Wextra -Werror -g -I$include"
    quietly gcc $strict -o "$temporary/probe" "$root/Tests/acceptance/probe.c" -ldl
    probe "$temporary/probe" "$swift_library" org.example.notes
    probe "$temporary/probe" "$c_library" org.example.notes-c
    # Once more, with every access of the C plugin watched.
    watch="-fsanitize=address,undefined -fno-sanitize-recover=all"
    cp -R "$template/c" "$temporary/watched"
    quietly make -C "$temporary/watched" clean
    quietly make -C "$temporary/watched" test libnotes-c.so INCLUDE="$include" CC=gcc CFLAGS="-g $watch"
    quietly gcc $strict $watch -o "$temporary/probe-watched" "$root/Tests/acceptance/probe.c" -ldl
    probe "$temporary/probe-watched" "$temporary/watched/libnotes-c.so" org.example.notes-c
}

# The card's promise: a host that was built before takes the library from a folder, and a channel routed to it runs.
channel_runs() {
    revmeta=${REVMETA:-$root/.build/release/revmeta}
    [ -x "$revmeta" ] || fail "expected the program revmeta at $revmeta: build it with swift build -c release"
    before=$(sha256sum "$revmeta")
    for kind in swift c; do
        plugins=$temporary/plugins-$kind data=$temporary/company-$kind
        mkdir -p "$plugins/notes" "$data/sales" "$temporary/catalog-$kind"
        if [ $kind = swift ]; then
            cp "$template/plugin.json" "$swift_library" "$plugins/notes/"
            plugin=org.example.notes
        else
            cp "$template/c/plugin.json" "$c_library" "$plugins/notes/"
            plugin=org.example.notes-c
        fi
        printf 'order_id,total\n1,9.50\n' >"$data/sales/orders.csv"
        cat >"$temporary/catalog-$kind/tables.json" <<END
{"data": [{"name": "orders.csv", "fullyQualifiedName": "files.company.sales.\"orders.csv\"",
  "service": {"type": "databaseService", "name": "files"}, "database": {"type": "database", "name": "company"},
  "databaseSchema": {"type": "databaseSchema", "name": "sales"}, "serviceType": "CustomDatabase",
  "description": "One line an order", "tableType": "Regular", "owners": [{"type": "user", "name": "jane.doe"}],
  "columns": [{"name": "order_id"}, {"name": "total", "description": "Sum of the lines,\nin euros"}]}]}
END
        # A type that no plugin claims: the service names its plugin.
        cat >"$temporary/$kind.yaml" <<END
catalog: { folder: catalog-$kind }
services:
  files:
    type: CustomDatabase
    plugin: $plugin
    connection: { folder: "$data" }
owners: { map: { jane.doe: alice } }
journal: { path: journal-$kind.sqlite }
channels:
  - { name: notes, updateDescriptions: true, updateOwners: true }
END
        "$revmeta" plugins list --plugin-dir "$plugins" | grep -q "^$plugin " || fail "$plugin is not listed"
        quietly "$revmeta" check --config "$temporary/$kind.yaml" --plugin-dir "$plugins"
        quietly "$revmeta" plan --config "$temporary/$kind.yaml" --plugin-dir "$plugins"
        [ ! -e "$data/sales/NOTES.txt" ] || fail "revmeta plan wrote to the source"
        quietly "$revmeta" run --config "$temporary/$kind.yaml" --plugin-dir "$plugins"
        grep -q '^describe orders.csv: One line an order$' "$data/sales/NOTES.txt" || fail "the description is not written"
        grep -q '^describe orders.csv/total: Sum of the lines,\\nin euros$' "$data/sales/NOTES.txt" ||
            fail "the column's description is not written"
        grep -q '^own orders.csv: alice$' "$data/sales/NOTES.txt" || fail "the owner is not written"
        "$revmeta" run --config "$temporary/$kind.yaml" --plugin-dir "$plugins" | grep -q 'Nothing to do' ||
            fail "the second run found something to do"
    done
    [ "$(sha256sum "$revmeta")" = "$before" ] || fail "the host has changed meanwhile"
}

chmod 755 "$temporary"
copy_out
headers_are_clean_everywhere
build
swift_library=$(swift_package build -c release --show-bin-path)/libnotes.so
c_library=$template/c/libnotes-c.so
needs_no_swift "$swift_library"
exports_one_symbol "$swift_library"
exports_one_symbol "$c_library"
manifest=$template/plugin.json matches_its_manifest org.example.notes "Text notes" 1.0.0 libnotes.so
manifest=$template/c/plugin.json matches_its_manifest org.example.notes-c "Text notes (C)" 1.0.0 libnotes-c.so
probe_both
channel_runs
echo ok

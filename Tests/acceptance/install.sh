#!/bin/sh
# Installs into a folder of its own, and uses what is there from elsewhere.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

fail() {
    echo "install: $*" >&2
    exit 1
}

make -C "$root" --no-print-directory install PREFIX="$temporary/usr" >"$temporary/said" 2>&1 || {
    cat "$temporary/said" >&2
    fail "make install failed"
}
# Moved, so that nothing can lean on the place it was installed to.
mv "$temporary/usr" "$temporary/moved"
cd /
revmeta=$temporary/moved/bin/revmeta

[ "$("$revmeta" --version)" = "$(sed -n 's/.*static let version = "\(.*\)".*/\1/p' "$root/Sources/RevmetaRelease/Release.swift")" ] ||
    fail "the installed revmeta tells another version than the source"
"$revmeta" plugins list | grep -q '^org.revmeta.postgres ' || fail "the installed revmeta does not find the installed plugin"
for engine in format stencil; do
    "$revmeta" plugins show "org.revmeta.$engine" | grep -q '^Its template engine is complete' ||
        fail "the installed revmeta cannot use the installed template engine $engine"
done
"$revmeta" plugins show org.revmeta.postgres >"$temporary/shown"
grep -q "$temporary/moved/lib/revmeta/plugins/Postgres/librevmeta-postgres.so" "$temporary/shown" ||
    fail "the plugin shown is not the installed one: $(cat "$temporary/shown")"
grep -q 'The library loads' "$temporary/shown" || fail "the installed plugin does not load: $(cat "$temporary/shown")"

# Names of functions stay, for who has to read where something crashed; what debuggers need does not.
for file in "$revmeta" "$temporary/moved/libexec/revmeta/revmeta-worker" "$temporary"/moved/lib/revmeta/plugins/*/*.so; do
    readelf -SW "$file" >"$temporary/sections"
    ! grep -q '\.debug_info' "$temporary/sections" || fail "$file still holds what only debuggers need"
    grep -q '\.symtab' "$temporary/sections" || fail "$file has no names of functions"
done

# No Swift is needed where they run.
for file in "$revmeta" "$temporary/moved/libexec/revmeta/revmeta-worker" "$temporary"/moved/lib/revmeta/plugins/*/*.so; do
    ldd "$file" >"$temporary/linked"
    ! grep -iE 'swift|foundation|dispatch|not found' "$temporary/linked" || fail "$file needs what only Swift's installation has"
done

printf '#include <revmeta/revmeta.h>\nint main(void) { return sizeof(revmeta_plugin) == 0; }\n' >"$temporary/header.c"
cc -std=c99 -pedantic -Werror -I"$temporary/moved/include" "$temporary/header.c" -o "$temporary/header" ||
    fail "the installed headers do not compile"
git -C "$temporary/moved/share/revmeta/kit" tag | grep -q . || fail "the installed kit has no version"

# The demo, with nothing of the build folder but through the installed tree.
REVMETA="$revmeta" "$root/Demo/run.sh" >"$temporary/said" 2>&1 || {
    cat "$temporary/said" >&2
    fail "the demo fails with the installed revmeta"
}
echo ok

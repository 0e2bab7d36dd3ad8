#!/bin/sh
# Draws templates for both engines from pieces of SQL and of their own languages, and renders them with hostile values:
# nothing may crash, hang or grow, and no value may open, close or split a statement. The seed makes it the same each time.
#
# usage: Tests/acceptance/fuzz.sh [COUNT [SEED]]
set -eu

cd "$(dirname "$0")/../.."
swift build -c release --product template-fuzz >/dev/null
exec timeout 1200 .build/release/template-fuzz "${1:-3000000}" "${2:-20261125}"

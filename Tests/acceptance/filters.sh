#!/bin/bash
# Gives the filters' readers millions of texts, most of them nearly right: each gives a filter or an error, and soon.
set -euo pipefail

cd "$(dirname "$0")/../.."
swift build -c release --product filter-trial >/dev/null
# Two seeds side by side; a text that takes for ever is a failure too.
timeout 1800 .build/release/filter-trial fuzz 6000000 "${REVMETA_FUZZ_SEED:-2026}" &
first=$!
timeout 1800 .build/release/filter-trial fuzz 6000000 "$((${REVMETA_FUZZ_SEED:-2026} + 1))"
wait "$first"

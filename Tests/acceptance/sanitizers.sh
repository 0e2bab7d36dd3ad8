#!/bin/bash
# Builds the host, the engine and the journal with the address and the thread sanitizer, and runs their tests.
# The plugins stay out of it: Package.swift says why. So do leaks, which Swift's runtime has on purpose.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
export REVMETA_WITHOUT_PLUGINS=1
export ASAN_OPTIONS=detect_leaks=0 TSAN_OPTIONS="suppressions=$root/Tests/acceptance/thread-sanitizer.supp"
log=$(mktemp /tmp/revmeta-sanitizer.XXXXXX)
trap 'rm -f "$log"' EXIT

# The tests of some suites under a sanitizer.
run() {
    local sanitizer=$1 suites=$2
    local options=(--sanitize="$sanitizer" --scratch-path ".build/$sanitizer")
    # The linker warns of each symbol of the sanitizer's that it keeps to itself.
    swift build --build-tests "${options[@]}" >"$log" 2>&1 || { grep -v "Cannot export local symbol" "$log" >&2; exit 1; }
    swift test --skip-build "${options[@]}" --filter "$suites" "${@:3}" >"$log" 2>&1 ||
        { grep -E -A30 "✘|ERROR: |WARNING: |SUMMARY: " "$log" | head -100 >&2; exit 1; }
    grep -E "Test run with [0-9]+ tests" "$log" | sed "s/^/$sanitizer sanitizer: /"
}

run address "ABITests|RevmetaHostTests|RevmetaPluginTests|RevmetaDigestTests|RevmetaJSONTests"
# Starting a process takes this one half a second, and five hundred of them say no more of threads than one.
run thread "RevmetaEngineTests|RevmetaHostTests|RevmetaJournalTests" --skip fiveHundredLeaveNeitherProcessNorFile
echo ok

#!/bin/bash
# Holds `revmeta serve` to the OpenAPI document that it serves, by tools that owe nothing to this project: the document by
# openapi-spec-validator, the server by schemathesis, its figures by Prometheus' own parser.
set -euo pipefail
. "$(dirname "$0")/serving/serving.bash"

tools=$("$root/Scripts/openapi-venv.sh")
start_source
write_configuration
start_serve

curl -fsS -H "Authorization: Bearer $token" "$url/api/v1/openapi.json" >"$folder/openapi.json"
"$tools/openapi-spec-validator" "$folder/openapi.json" >"$folder/said" || fail "$(head -c 500 "$folder/said")"

# The stream of everything ends with the server only; serve-http.sh watches it. What schemathesis remembers of its findings
# goes with the folder: each time everything is tried.
cd "$folder"
status=0
timeout 1800 "$tools/schemathesis" --config-file "$root/Tests/acceptance/serving/schemathesis.toml" run "$folder/openapi.json" \
    --url "$url" -H "Authorization: Bearer $token" --exclude-operation-id events \
    >"$folder/said" 2>&1 || status=$?
[ "$status" = 0 ] || fail "schemathesis ended with $status: $(tail -n 150 "$folder/said" | head -c 12000)"
grep -q 'Tested: 14$' "$folder/said" || fail "expected schemathesis to try 14 operations: $(grep -A3 'API Operations' "$folder/said")"

curl -fsS -H "Authorization: Bearer $token" "$url/metrics" >"$folder/metrics"
"$tools/python" - "$folder/metrics" <<'PYTHON' || fail "Prometheus' parser does not like the figures"
import sys
from prometheus_client.parser import text_string_to_metric_families

families = {family.name: family for family in text_string_to_metric_families(open(sys.argv[1], encoding="utf-8").read())}


def value(family, **labels):
    found = [s.value for s in families[family].samples if labels.items() <= s.labels.items() and not s.name.endswith("_created")]
    assert found, f"{family} has no sample with {labels}"
    return sum(found)


assert families["revmeta_runs"].type == "counter" and families["revmeta_run_duration_seconds"].type == "histogram"
done = value("revmeta_runs", service="shop", trigger="api", result="done")
assert done >= 1, done
buckets = [s for s in families["revmeta_run_duration_seconds"].samples if s.name.endswith("_bucket")]
counts = [s.value for s in buckets]
assert counts == sorted(counts) and buckets[-1].labels["le"] == "+Inf", buckets
assert counts[-1] == value("revmeta_runs", service="shop"), (counts[-1], families["revmeta_runs"].samples)
assert value("revmeta_changes", service="shop", outcome="set") >= 1
assert value("revmeta_build_info") == 1
assert value("revmeta_http_requests", route="/api/v1/runs", method="POST", status="202") >= done
assert value("revmeta_schedule_next_timestamp_seconds", channel="everything") > value("revmeta_start_timestamp_seconds")
PYTHON

for family in $(sed -n 's/^# TYPE \([a-z_]*\) .*/\1/p' "$folder/metrics"); do
    grep -q "\`$family\`" "$root/docs/serve.md" || fail "docs/serve.md does not tell what $family is"
done
kill -0 "$serve" 2>/dev/null || fail "serve is gone"
stop_serve
echo ok

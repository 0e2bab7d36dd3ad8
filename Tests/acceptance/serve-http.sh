#!/bin/bash
# Uses `revmeta serve` over HTTP as friends and others would: tokens, paths, bodies and clients that are none of its own, a
# configuration that is read again, and its end in the middle of a run.
set -euo pipefail
. "$(dirname "$0")/serving/serving.bash"

# Asks, and checks the status: ask STATUS PATH [CURL'S OPTIONS]. The body is in $folder/body, the head in $folder/head.
ask() {
    local expected=$1 path=$2 status
    shift 2
    status=$(curl -sS --path-as-is -m 600 -o "$folder/body" -D "$folder/head" -w '%{http_code}' "$@" "$url$path") || true
    [ "$status" = "$expected" ] ||
        fail "expected $expected for $path $*, found $status: $(head -c 500 "$folder/body")"
    case $expected in
        4??) grep -qi '^content-type: application/problem+json' "$folder/head" || fail "$path: $expected is told otherwise" ;;
    esac
}
said() { grep -q -- "$1" "$folder/body" || fail "expected '$1' in the answer, found: $(head -c 500 "$folder/body")"; }
me=(-H "Authorization: Bearer $token")
json=(-H "Content-Type: application/json")

start_source
export SERVE="  token: \"$token\"
  webhook: { secret: the-secret-of-the-webhook }"
write_configuration
sed -i 's/database: shop/database: shop\n      lockTimeout: 3600000\n      statementTimeout: 0/' "$folder/revmeta.yaml"
start_serve
port=${url##*:}

# Slow clients are cut off, and nobody waits for them.
python3 "$root/Tests/acceptance/serving/slow-client.py" "$port" head "$token" >"$folder/slow-head" 2>&1 &
slow_head=$!
python3 "$root/Tests/acceptance/serving/slow-client.py" "$port" body "$token" >"$folder/slow-body" 2>&1 &
slow_body=$!

# Who may ask.
ask 200 /healthz
ready() { [ "$(curl -sS -o "$folder/body" -w '%{http_code}' "$url/readyz")" = 200 ]; }
until_so ready
said '"journal":"writable"'
for path in /metrics /api/v1/runs /api/v1/nothing /api/v1/openapi.json; do
    ask 401 $path
    grep -qi '^www-authenticate: bearer' "$folder/head" || fail "401 does not say what is expected"
    ask 401 $path -H 'Authorization: Bearer acceptance-token-0123456780'
    ask 401 $path -H 'Authorization: Basic cm9vdDpyb290'
done
ask 401 /api/v1/runs -X DELETE
ask 401 /api/v1/runs -X POST
ask 200 /api/v1/runs "${me[@]}"
ask 403 /api/v1/runs "${me[@]}" -X POST -H 'Origin: https://elsewhere.example'
! grep -q "$token" "$folder/log" || fail "the log has the token"

# What is asked for.
ask 404 /api/v1/nothing "${me[@]}"
ask 404 /api/v1/runs/ "${me[@]}"
ask 404 /api/v1/runs/99 "${me[@]}"
ask 404 /api/v1/jobs/no-number "${me[@]}"
ask 405 /api/v1/plan "${me[@]}"
grep -qi '^allow: POST' "$folder/head" || fail "405 does not say what is allowed"
ask 405 /healthz -X POST
for path in /api/v1/../../etc/passwd /../../../../etc/passwd /api/v1/%2e%2e/%2e%2e/etc/passwd /api/v1/..%2f..%2fetc%2fpasswd \
    /api/v1/runs/..%5c..%5cetc%5cpasswd //etc/passwd /etc/passwd /api/v1/runs/%00 /revmeta.yaml /; do
    ask 404 "$path" "${me[@]}"
    ask 401 "$path"
done
ask 400 /api/v1/runs/%ff "${me[@]}"
ask 200 /api/v1/channels "${me[@]}"
length=$(wc -c <"$folder/body")
ask 200 /api/v1/channels "${me[@]}" -I
grep -qi "^content-length: $length" "$folder/head" || fail "HEAD tells another length than GET"
status=$(curl -sS -m 600 -o /dev/null -w '%{http_code}' -H "X-Huge: $(head -c 60000 /dev/zero | tr '\0' a)" "$url/healthz") || true
[ "$status" = 400 ] || fail "expected 400 for a huge header, found $status"

# What is sent.
ask 422 /api/v1/runs "${me[@]}" "${json[@]}" -d '{"channels": ["everything", "nothing"]}'
said '"known":\["everything"\]'
for body in '{"channels": [' '{"channels": "everything"}' '{"channels": []}' '{"channels": [1]}' '[]' '{"channel": ["everything"]}' \
    '{"channels": ["everything", "everything"]}' "$(printf '[%.0s' $(seq 2000))"; do
    ask 400 /api/v1/plan "${me[@]}" "${json[@]}" -d "$body"
    said 'expected {\\"channels\\"'
done
ask 415 /api/v1/plan "${me[@]}" -d '{}'
head -c 1100000 /dev/zero | tr '\0' ' ' >"$folder/large"
ask 413 /api/v1/plan "${me[@]}" "${json[@]}" --data-binary "@$folder/large"

# The webhook has a secret of its own, and takes what the interface does not.
ask 401 /webhook -d '{}' "${me[@]}"
ask 405 /webhook
hook=(-H 'Authorization: Bearer the-secret-of-the-webhook')
ask 400 /webhook "${hook[@]}" -d '{"data": ['
said '"title":"Bad Request"'
ask 415 /webhook "${hook[@]}" -H 'Content-Encoding: gzip' -d 'x'
ask 200 /webhook "${hook[@]}" -d '{"data": []}'
{ printf '{"data": ['; head -c 10000000 /dev/zero | tr '\0' ' '; printf ']}'; } >"$folder/large"
ask 200 /webhook "${hook[@]}" --data-binary "@$folder/large"
head -c 17000000 /dev/zero | tr '\0' ' ' >"$folder/large"
ask 413 /webhook "${hook[@]}" --data-binary "@$folder/large"
rm "$folder/large"

# The journal serves one server.
status=0
(cd "$folder" && "$revmeta" serve) >"$folder/second" 2>&1 || status=$?
[ "$status" = 3 ] || fail "expected a second serve on the journal to end with 3, found $status: $(cat "$folder/second")"

# A run waits for a lock, and meanwhile the configuration is read again: one that is broken, and one with another channel.
mkfifo "$folder/lock"
psql -X -q -d shop <"$folder/lock" >/dev/null &
exec 4>"$folder/lock"
echo 'BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE;' >&4
locked() { [ "$(psql -XAt -d shop -c "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted = $1 AND relation = 'orders'::regclass")" -ge 1 ]; }
waits() { [ "$(psql -XAt -d shop -c "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'orders'::regclass")" -ge 1 ]; }
until_so locked true
curl -sSN "${me[@]}" "$url/api/v1/events" >"$folder/events" 2>&1 &
watcher=$!
until_so grep -q "the server's news" "$folder/events"
ask 202 /api/v1/runs "${me[@]}" -X POST
grep -qi '^location: /api/v1/jobs/1' "$folder/head" || fail "202 does not say where the job is"
until_so waits
ask 200 /api/v1/services "${me[@]}"
said '"run":1'
cp "$folder/revmeta.yaml" "$folder/good.yaml"
echo 'chanels: []' >>"$folder/revmeta.yaml"
kill -HUP "$serve"
until_so grep -q 'the configuration was read again and cannot be used' "$folder/log"
ask 422 /api/v1/reload "${me[@]}" -X POST
said chanels
ask 200 /api/v1/channels "${me[@]}"
said '"name":"everything"'
{ cat "$folder/good.yaml"; echo '  - { name: late, filter: { kinds: [column] }, updateDescriptions: true }'; } >"$folder/revmeta.yaml"
kill -HUP "$serve"
has_late() { ask 200 /api/v1/channels "${me[@]}"; grep -q '"name":"late"' "$folder/body"; }
until_so has_late
ask 200 /api/v1/jobs/1 "${me[@]}"
said '"state":"running"'
echo 'COMMIT;' >&4
is_over() { ask 200 "/api/v1/jobs/$1" "${me[@]}"; grep -q '"isOver":true' "$folder/body"; }
until_so is_over 1
said '"exitStatus":0'
[ "$(psql -XAt -d shop -c "SELECT obj_description('orders'::regclass)")" = 'One row for each order, from the click to the delivery.' ] ||
    fail "the run has not written"
curl -sSN -m 600 "${me[@]}" "$url/api/v1/jobs/1/events" | grep -q '^event: end' || fail "the events of a job that is over do not end"

# The same plan and the same run as the command line shows.
ask 200 /api/v1/runs/1 "${me[@]}"
(cd "$folder" && "$revmeta" show 1 --format json) | cmp - "$folder/body" || fail "a run is shown otherwise than by revmeta show"
ask 200 /api/v1/plan "${me[@]}" -X POST
sed '/"made"/d' "$folder/body" >"$folder/plan"
(cd "$folder" && "$revmeta" plan --quiet --format json) | sed '/"made"/d' | cmp - "$folder/plan" ||
    fail "a plan is shown otherwise than by revmeta plan"

# A plugin's process that is killed between two runs is started again, and counted.
workers=$(pgrep -P "$serve") || fail "no worker is there between two runs"
kill -KILL $workers
ask 202 /api/v1/runs "${me[@]}" -X POST
until_so is_over 2
said '"exitStatus":0'
ask 200 /metrics "${me[@]}"
said 'revmeta_worker_restarts_total{service="shop"} 1'

# The slow ones.
for which in head body; do
    pid=slow_$which
    wait "${!pid}" || fail "slow $which: $(cat "$folder/slow-$which")"
    [ "$(cat "$folder/slow-$which")" -ge 5 ] || fail "slow $which was cut off after $(cat "$folder/slow-$which") s"
done

# Told to end in the middle of a run: what is being sent is finished, the watcher sees it, and all is told until then.
psql -X -q -d shop -c "COMMENT ON TABLE orders IS 'Somebody else''s.'"
echo 'BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE;' >&4
until_so locked true
ask 202 /api/v1/runs "${me[@]}" -X POST
until_so waits
kill -TERM "$serve"
stopping() { [ "$(curl -sS -o "$folder/body" -w '%{http_code}' "$url/readyz")" = 503 ]; }
until_so stopping
said '"isStopping":true'
ask 503 /api/v1/runs "${me[@]}" -X POST
ask 200 /healthz
echo 'COMMIT;' >&4
status=0
wait "$serve" || status=$?
serve=
[ "$status" = 0 ] || fail "expected serve to end with 0 after SIGTERM in the middle of a run, found $status"
exec 4>&-
wait "$watcher" || fail "the stream of everything did not end as it should"
for event in job progress run reload end; do
    grep -q "^event: $event$" "$folder/events" || fail "nobody was told of '$event'"
done
grep '^data: ' "$folder/events" | sed 's/^data: //' | python3 -c '
import json, sys
events = [json.loads(line) for line in sys.stdin]
assert any("problem" in event for event in events), events
assert events[-1] == {}, events[-1]
assert sum(event.get("written", 0) for event in events) >= 4, events'
for run in 1 2 3; do
    (cd "$folder" && "$revmeta" show $run --format json) >"$folder/said"
    grep -q '"state":"finished","trigger":"api"' "$folder/said" || fail "the journal has run $run otherwise: $(sed -n 3p "$folder/said")"
done

# Without a token: this machine only, by its own name, and by no page of another site.
SERVE= write_configuration
sed -i 's/database: shop/database: shop\n      lockTimeout: 3600000\n      statementTimeout: 0/' "$folder/revmeta.yaml"
start_serve
ask 200 /api/v1/channels
ask 200 /api/v1/channels -H "Host: localhost:1234"
ask 421 /api/v1/channels -H "Host: elsewhere.example"
ask 421 /api/v1/channels -H "Host: 127.0.0.1.elsewhere.example:80"
ask 403 /api/v1/runs -X POST -H 'Origin: http://elsewhere.example'
ask 403 /api/v1/runs -X POST -H 'Origin: null'
ask 202 /api/v1/runs -X POST -H "Origin: $url"
mkdir "$folder/other"
sed "s/listen: .*/listen: ${url#http://}/; s|folder: catalog|folder: ../catalog|" "$folder/revmeta.yaml" >"$folder/other/revmeta.yaml"
status=0
"$revmeta" serve --config "$folder/other/revmeta.yaml" >"$folder/second" 2>&1 || status=$?
[ "$status" = 3 ] && grep -q 'cannot be listened on: Address already in use' "$folder/second" ||
    fail "expected 3 for an address in use, found $status: $(cat "$folder/second")"
! grep -q 'cannot be read' "$folder/second" || fail "an address in use is told as something else: $(cat "$folder/second")"
sed "s/listen: .*/listen: nowhere.invalid:8484\n  token: $token/" "$folder/revmeta.yaml" >"$folder/other/revmeta.yaml"
status=0
"$revmeta" serve --config "$folder/other/revmeta.yaml" >"$folder/second" 2>&1 || status=$?
[ "$status" = 3 ] && grep -q 'the name nowhere.invalid is not known here' "$folder/second" ||
    fail "expected 3 for a name that nobody knows, found $status: $(cat "$folder/second")"
sed "s/listen: .*/listen: 0.0.0.0:0/" "$folder/revmeta.yaml" >"$folder/other/revmeta.yaml"
status=0
"$revmeta" serve --config "$folder/other/revmeta.yaml" >"$folder/second" 2>&1 || status=$?
[ "$status" = 2 ] && grep -q 'there is no serve.token' "$folder/second" ||
    fail "expected 2 for an open address without a token, found $status: $(cat "$folder/second")"

# A hundred jobs wait, and no more.
psql -X -q -d shop -c "COMMENT ON TABLE orders IS 'Somebody else''s.'"
psql -X -q -d shop <"$folder/lock" >/dev/null &
exec 4>"$folder/lock"
echo 'BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE;' >&4
until_so locked true
nothing_goes_on() {
    ask 200 /api/v1/jobs
    ! grep -q '"isOver":false' "$folder/body"
}
until_so nothing_goes_on
for _ in $(seq 100); do ask 202 /api/v1/runs -X POST; done
ask 429 /api/v1/runs -X POST
grep -qi '^retry-after: ' "$folder/head" || fail "429 does not say when to ask again"
said 'fewer than 100 jobs'
echo 'COMMIT;' >&4
exec 4>&-
until_so nothing_goes_on
ask 202 /api/v1/runs -X POST
stop_serve
echo ok

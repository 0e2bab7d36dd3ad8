# A server to try, for the scripts that source this: a throw-away PostgreSQL with the README's shop, a folder with what the
# catalog says of it, and `revmeta serve` over both. Everything ends with the script.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
revmeta=${REVMETA:-$root/.build/release/revmeta}
folder=$(mktemp -d /tmp/revmeta-serving.XXXXXX)
token=acceptance-token-0123456789
unset "${!PG@}"

end_serving() {
    if [ -n "${serve:-}" ]; then kill -KILL "$serve" 2>/dev/null || true; fi
    "$root/Scripts/throwaway-postgres.sh" stop "$folder/server" || true
    rm -rf "$folder"
}
trap end_serving EXIT

fail() {
    echo "$(basename "$0" .sh): $*" >&2
    if [ -s "$folder/log" ]; then tail -n 20 "$folder/log" >&2; fi
    exit 1
}

# Begins the database server; the configuration finds it by PGPORT.
start_source() {
    chmod 755 "$folder"
    mkdir "$folder/server"
    PGPORT=$("$root/Scripts/throwaway-postgres.sh" start "$folder/server")
    export PGPORT PGHOST=$folder/server PGUSER=postgres
    psql -X -q -v ON_ERROR_STOP=1 -d postgres -f "$root/Tests/Fixtures/readme/schema.sql"
    cp -R "$root/Tests/Fixtures/readme/catalog" "$folder/"
}

# Writes revmeta.yaml; further channels are given as lines of YAML, and lines of serve: after --.
write_configuration() {
    cat >"$folder/revmeta.yaml" <<YAML
catalog: { folder: catalog }
services:
  shop:
    type: Postgres
    connection:
      hostPort: "$folder/server"
      username: metadata_writer
      database: shop
owners:
  map: { jane.doe: app_owner }
serve:
  listen: 127.0.0.1:0
${SERVE-  token: "$token"}
channels:
  - name: everything
    filter: { services: [shop], exclude: { tables: ["/^tmp_/"] } }
    updateDescriptions: true
    updateOwners: true
    schedule: "0 3 1 1 *"
${CHANNELS-}
YAML
}

# Begins the server, and waits until it says where it listens.
start_serve() {
    : >"$folder/log"
    (cd "$folder" && exec "$revmeta" serve) >"$folder/log" 2>&1 &
    serve=$!
    until_so says_where
}
says_where() {
    kill -0 "$serve" 2>/dev/null || fail "serve did not start"
    url=$(sed -n 's/^revmeta serves on //p' "$folder/log")
    [ -n "$url" ]
}

# Waits until a command says yes; on a slow machine that may be long.
until_so() {
    local end=$((SECONDS + 600))
    until "$@"; do
        [ $SECONDS -lt $end ] || fail "still not so after 600 s: $*"
        sleep 0.05
    done
}

# Asks the server to end, and checks that it does, as after a day's work.
stop_serve() {
    kill -TERM "$serve"
    local status=0
    wait "$serve" || status=$?
    serve=
    [ "$status" = 0 ] || fail "expected serve to end with 0 after SIGTERM, found $status"
}

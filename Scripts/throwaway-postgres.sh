#!/usr/bin/env bash
# A PostgreSQL server of one's own in a folder, for the demo, the benchmarks and whoever wants to try something.
#
#   throwaway-postgres.sh start FOLDER [--tcp] [-c NAME=VALUE]...
#   throwaway-postgres.sh stop FOLDER
#
# The Unix socket lies in FOLDER (psql -h FOLDER -U postgres); local connections need no password, and only the user
# who owns FOLDER, or root, can reach the socket. --tcp also listens on a free port of 127.0.0.1, where roles need a
# password. `start` prints the port, which names the socket too: 5432 without --tcp. `stop` leaves the files.
# fsync is on unless `-c fsync=off` says otherwise.
set -euo pipefail

fail() { echo "throwaway-postgres: $*" >&2; exit 1; }

newest_bin() {
    local bin
    bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
    [ -x "$bin/initdb" ] || bin=$(dirname "$(command -v initdb || echo /nowhere/initdb)")
    [ -x "$bin/initdb" ] || fail "expected a PostgreSQL server below /usr/lib/postgresql or in PATH, found none." \
        "Install one with Scripts/install-packages.sh."
    echo "$bin"
}

# PostgreSQL refuses to run as root, so root hands the server to a plain user.
server_user() {
    if [ "$(id -u)" -ne 0 ]; then id -un
    elif id -u postgres >/dev/null 2>&1; then echo postgres
    elif [ -n "${SUDO_USER:-}" ] && [ "$SUDO_USER" != root ]; then echo "$SUDO_USER"
    else fail "PostgreSQL does not run as root, and there is neither a user postgres nor SUDO_USER." \
        "Run this as a plain user."
    fi
}

as_server_user() {
    if [ "$(id -un)" = "$user" ]; then "$@"; else runuser -u "$user" -- "$@"; fi
}

free_port() {
    local port
    for _ in {1..50}; do
        port=$((20000 + RANDOM % 12000))
        (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
    fail "found no free port between 20000 and 32000 on 127.0.0.1 in 50 tries."
}

start() {
    local port=5432 addresses='' settings=()
    while [ $# -gt 0 ]; do
        case $1 in
            --tcp) port=$(free_port); addresses=127.0.0.1; shift ;;
            -c) [[ "${2:-}" == *=* ]] || fail "expected NAME=VALUE after -c, found \"${2:-}\"."
                settings+=("$2"); shift 2 ;;
            *) fail "expected --tcp or -c NAME=VALUE, found \"$1\"." ;;
        esac
    done

    # The kernel's limit is 107 bytes; PostgreSQL's lock file beside the socket is a little longer than the socket.
    local socket="$folder/.s.PGSQL.$port"
    local bytes; bytes=$(printf %s "$socket" | wc -c)
    [ "$bytes" -lt 100 ] || fail "the socket's path $socket has $bytes bytes, and must have less than 100." \
        "Choose a folder with a shorter path."
    [ ! -e "$folder/data" ] || fail "$folder/data exists already. Choose another folder, or remove it."

    mkdir -p "$folder"
    [ "$(stat -c %U "$folder")" = "$user" ] || chown "$user" "$folder"
    chmod 700 "$folder"
    as_server_user test -x "$folder/." || fail "the user $user cannot enter $folder." \
        "Choose a folder below one that everybody can enter, such as /tmp."
    cd "$folder"

    as_server_user "$bin/initdb" -D "$folder/data" -U postgres -E UTF8 --no-locale --no-sync \
        --auth-local=trust --auth-host=scram-sha-256 >"$folder/initdb.log" 2>&1 ||
        fail "initdb failed: $(tail -n 3 "$folder/initdb.log")"
    {
        echo "listen_addresses = '$addresses'"
        echo "port = $port"
        echo "unix_socket_directories = '${folder//\'/\'\'}'"
        local setting value
        for setting in ${settings[@]+"${settings[@]}"}; do
            value=${setting#*=}
            echo "${setting%%=*} = '${value//\'/\'\'}'"
        done
    } >>"$folder/data/postgresql.conf"
    # Without its own log the server would hold on to our output, and a pipe behind us would never end.
    as_server_user "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 600 -s start >/dev/null 2>&1 ||
        fail "the server did not start: $(tail -n 3 "$folder/log" 2>/dev/null)"
    echo "$port"
}

stop() {
    [ -f "$folder/data/postmaster.pid" ] || return 0
    cd "$folder"
    as_server_user "$bin/pg_ctl" -D "$folder/data" -m immediate -w -t 600 -s stop
}

[ $# -ge 2 ] || fail "expected start FOLDER or stop FOLDER; see the top of $0."
command=$1
folder=$(realpath -m -- "$2")
shift 2
bin=$(newest_bin)
user=$(server_user)
case $command in
    start) start "$@" ;;
    stop) stop ;;
    *) fail "expected start or stop, found \"$command\"." ;;
esac

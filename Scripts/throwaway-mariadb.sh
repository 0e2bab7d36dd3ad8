#!/usr/bin/env bash
# A MariaDB server of one's own in a folder, for the benchmarks and whoever wants to try something.
#
#   throwaway-mariadb.sh start FOLDER [OPTION_OF_MARIADBD]...
#   throwaway-mariadb.sh stop FOLDER
#
# The Unix socket is FOLDER/s (mariadb -u root -S FOLDER/s); nobody needs a password, and nothing listens elsewhere.
# `stop` leaves the files.
set -euo pipefail

fail() { echo "throwaway-mariadb: $*" >&2; exit 1; }

# MariaDB refuses to run as root, so root hands the server to a user that every system has.
as_server_user() {
    if [ "$(id -u)" -ne 0 ]; then "$@"; else runuser -u nobody -- "$@"; fi
}

start() {
    [ ! -e "$folder/data" ] || fail "$folder/data exists already. Choose another folder, or remove it."
    mkdir -p "$folder"
    [ "$(id -u)" -ne 0 ] || chown nobody "$folder"
    chmod 700 "$folder"
    cd "$folder"
    as_server_user mariadb-install-db --no-defaults --datadir="$folder/data" \
        --auth-root-authentication-method=normal --skip-test-db >"$folder/install.log" 2>&1 ||
        fail "mariadb-install-db failed: $(tail -n 3 "$folder/install.log")"
    as_server_user "$server" --no-defaults --datadir="$folder/data" --socket="$folder/s" --skip-networking \
        --pid-file="$folder/pid" --character-set-server=utf8mb4 "$@" >"$folder/log" 2>&1 </dev/null &
    until mariadb-admin --no-defaults -u root -S "$folder/s" ping >"$folder/ping" 2>&1; do
        kill -0 $! 2>/dev/null || fail "the server did not start: $(tail -n 3 "$folder/log")"
        sleep 0.05
    done
}

stop() {
    [ -f "$folder/pid" ] || return 0
    local process; process=$(cat "$folder/pid")
    kill "$process"
    while kill -0 "$process" 2>/dev/null; do sleep 0.05; done
}

[ $# -ge 2 ] || fail "expected start FOLDER or stop FOLDER; see the top of $0."
command=$1
folder=$(realpath -m -- "$2")
shift 2
server=$(command -v mariadbd || echo /usr/sbin/mariadbd)
[ -x "$server" ] || fail "expected a MariaDB server, found none. Install one with Scripts/install-packages.sh."
case $command in
    start) start "$@" ;;
    stop) stop ;;
    *) fail "expected start or stop, found \"$command\"." ;;
esac

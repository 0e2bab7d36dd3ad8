#!/usr/bin/env bash
# Installs what building, testing and the demo need and this Debian machine lacks. Does nothing where all is there.
set -euo pipefail

packages=(
    curl faketime gcc g++ git libcmark-gfm-dev libcmark-gfm-extensions-dev libmariadb-dev libpq-dev libsqlite3-dev
    libsqliteodbc make mariadb-client mariadb-server-core nettle-dev odbc-mariadb odbc-postgresql openssl
    postgresql postgresql-contrib procps python3 python3-jsonschema python3-venv python3-yaml systemd unixodbc unixodbc-dev
    wrk zlib1g-dev
)

fail() { echo "install-packages: $*" >&2; exit 1; }

command -v dpkg-query >/dev/null || fail "expected Debian or a system like it, found no dpkg-query." \
    "Install the counterparts of these packages by hand: ${packages[*]}"

# dpkg-query fails if it has never heard of one of them; what it says of the others counts.
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null |
    sed -n 's/^installed //p') || true
missing=()
for package in "${packages[@]}"; do
    grep -qxF "$package" <<<"$installed" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

# Debian's server package creates and starts a cluster of its own at installation. Only the programs are wanted here,
# and the machine's settings are to be as before once they are installed.
install='set -e
settings=/etc/postgresql-common/createcluster.d
mkdir -p $settings
trap "rm -f $settings/revmeta-install.conf" EXIT
echo "create_main_cluster = false" >$settings/revmeta-install.conf
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -q -y --no-install-recommends "$@"'

if [ "$(id -u)" -eq 0 ]; then
    as_root=()
elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    as_root=(sudo)
else
    fail "these packages are missing: ${missing[*]}. Only root can install them. Run:
  su -c '$(realpath "$0")'"
fi
echo "Installing ${missing[*]}"
"${as_root[@]}" sh -c "$install" install-packages "${missing[@]}"

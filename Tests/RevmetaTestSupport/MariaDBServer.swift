import Foundation

/// A MariaDB server of this process's own: made on first use, gone when the process is, however it ends.
///
/// `root` connects without a password, on the Unix socket and over TCP. Nothing is synced to the disk.
public final class MariaDBServer: @unchecked Sendable {  // all that changes is behind the lock
    /// The server that tests share. A test that stops its server or sets its options makes one of its own.
    public static let shared: Result<MariaDBServer, any Error> = Result { try MariaDBServer() }

    public var socket: String { kept.folder + "/s" }
    /// On 127.0.0.1.
    public var port: Int { kept.port }
    private let kept: KeptServer
    private let lock = NSLock()
    private var databases = 0

    /// - Parameter options: More of mariadbd's, as a shell would take them: `--sql-mode=ANSI_QUOTES --ssl`.
    public init(options: String = "") throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/sbin/mariadbd") else {
            throw ServerProblem(description: "no /usr/sbin/mariadbd was found: apt-get install mariadb-server-core "
                + "mariadb-client")
        }
        // The server's package that starts none makes no user mysql either.
        kept = try KeptServer("MariaDB", script: Self.script, arguments: [options], user: "nobody")
    }

    /// Makes a database with a name of its own.
    public func createDatabase(options: String = "") throws -> MariaDBDatabase {
        let number = lock.withLock {
            databases += 1
            return databases
        }
        let name = "test_\(number)"
        try MariaDBClient(self).run("CREATE DATABASE \(name) \(options)")
        return MariaDBDatabase(server: self, name: name)
    }

    /// Ends the server at once, as a power cut would.
    public func stop() throws {
        try kept.order("stop")
    }

    /// Starts a stopped server.
    public func start() throws {
        try kept.order("start")
    }

    private static let script = #"""
        ports=$1 options=$2
        trap '' INT TERM HUP
        folder=$(mktemp -d /tmp/rmdb.XXXXXX) || exit 1
        ping() { mariadb-admin --no-defaults -u root -S "$folder/s" ping > "$folder/ping" 2>&1; }
        start() {
          /usr/sbin/mariadbd --no-defaults --datadir="$folder/data" --socket="$folder/s" --port="$port" \
            --bind-address=127.0.0.1 --pid-file="$folder/pid" --max-connections=300 --character-set-server=utf8mb4 \
            --innodb-log-file-size=16M --innodb-buffer-pool-size=64M --innodb-flush-log-at-trx-commit=0 \
            --innodb-flush-method=nosync --debug-no-sync $options >> "$folder/log" 2>&1 < /dev/null &
          server=$!
          until ping; do kill -0 $server 2> "$folder/ping" || return 1; sleep 0.05; done
        }
        start_somewhere() { for port in $ports; do start && return; done; return 1; }
        stop() { kill -KILL $server; wait $server 2> "$folder/ping"; return 0; }
        mariadb-install-db --no-defaults --datadir="$folder/data" --auth-root-authentication-method=normal \
          --skip-test-db > "$folder/setup" 2>&1 &&
          start_somewhere || { cat "$folder"/setup "$folder"/log >&2; rm -rf "$folder"; exit 1; }
        echo "$folder $port"
        while read -r order; do
          case $order in
            start) start ;;
            stop) stop ;;
          esac && echo done || echo failed
        done
        stop
        rm -rf "$folder"
        """#
}

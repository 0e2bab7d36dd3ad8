import Foundation

/// A PostgreSQL server of this process's own: made on first use, gone when the process is, however it ends.
///
/// Roles connect without a password on the Unix socket, and with one (SCRAM) over TCP.
public final class PostgresServer: @unchecked Sendable {  // all that changes is behind the lock
    /// The server that tests share. A test that stops or restarts its server makes one of its own.
    public static let shared: Result<PostgresServer, any Error> = Result { try PostgresServer() }

    /// The Unix socket's folder.
    public var folder: String { kept.folder }
    /// Of the socket, and on 127.0.0.1.
    public var port: Int { kept.port }
    private let kept: KeptServer
    private let lock = NSLock()
    private var databases = 0

    public init(options: String = "") throws {
        kept = try KeptServer(
            "PostgreSQL", script: Self.script, arguments: [try Self.binaries(), try Self.fresh.get().folder, options],
            user: "postgres")
    }

    /// Makes a database with a name of its own, owned by a role.
    public func createDatabase(owner: String = "postgres", options: String = "") throws -> PostgresDatabase {
        let number = lock.withLock {
            databases += 1
            return databases
        }
        let name = "test_\(number)"
        try PostgresClient(self, database: "postgres").run("CREATE DATABASE \(name) OWNER \(owner) \(options)")
        return PostgresDatabase(server: self, name: name)
    }

    /// Ends the server at once, as a power cut would.
    public func stop() throws {
        try kept.order("stop")
    }

    /// Starts a stopped server.
    public func start() throws {
        try kept.order("start")
    }

    /// The folder of the newest server that is installed.
    private static func binaries() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        guard let newest = versions.compactMap({ Int($0) }).max() else {
            throw ServerProblem(description: "no PostgreSQL server was found in \(root): apt-get install postgresql")
        }
        return "\(root)/\(newest)/bin"
    }

    /// The files of a server that was never started. To copy them takes a tenth of the time that it takes to make them.
    private static let fresh = Result {
        try KeptServer("PostgreSQL", script: initialization, arguments: [try binaries()], user: "postgres")
    }

    private static let initialization = #"""
        bin=$2
        trap '' INT TERM HUP
        folder=$(mktemp -d /tmp/rmpg.XXXXXX) || exit 1
        "$bin/initdb" -D "$folder/data" -A trust -U postgres --no-locale -E UTF8 --no-sync > "$folder/setup" 2>&1 &&
          printf 'local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n' > "$folder/data/pg_hba.conf" ||
          { cat "$folder/setup" >&2; rm -rf "$folder"; exit 1; }
        echo "$folder 0"
        read -r nothing
        rm -rf "$folder"
        """#

    private static let script = #"""
        ports=$1 bin=$2 fresh=$3 options=$4
        trap '' INT TERM HUP
        folder=$(mktemp -d /tmp/rmpg.XXXXXX) || exit 1
        control() { "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 600 -s "$@" >> "$folder/setup" 2>&1 < /dev/null; }
        start() {
          fixed="-c listen_addresses=127.0.0.1 -c max_connections=300 -c fsync=off"
          control start -o "-k $folder -p $port $fixed $options"
        }
        start_somewhere() { for port in $ports; do start && return; done; return 1; }
        cp -a "$fresh/data" "$folder/data" > "$folder/setup" 2>&1 && start_somewhere ||
          { cat "$folder"/setup "$folder"/log >&2; rm -rf "$folder"; exit 1; }
        echo "$folder $port"
        while read -r order; do
          case $order in
            start) start ;;
            stop) control stop -m immediate ;;
          esac && echo done || echo failed
        done
        control stop -m immediate
        rm -rf "$folder"
        """#
}

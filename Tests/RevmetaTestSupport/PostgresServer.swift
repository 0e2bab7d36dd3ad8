import Foundation

/// A PostgreSQL server of this process's own: made on first use, gone when the process is, however it ends.
///
/// Roles connect without a password on the Unix socket, and with one (SCRAM) over TCP.
public final class PostgresServer: @unchecked Sendable {  // all that changes is behind the lock
    /// The server that tests share. A test that stops or restarts its server makes one of its own.
    public static let shared: Result<PostgresServer, any Error> = Result { try PostgresServer() }

    /// The Unix socket's folder.
    public let folder: String
    /// Of the socket, and on 127.0.0.1.
    public let port: Int
    private let keeper: Process
    /// As long as this end is open, the keeper keeps the server.
    private let lifeline: FileHandle
    private let answers: FileHandle
    private let lock = NSLock()
    private var databases = 0

    /// What went wrong with a server, in its own words.
    public struct Problem: Error, CustomStringConvertible {
        public let description: String
    }

    public init(options: String = "") throws {
        // Free as soon as the listener is gone.
        let port = try LoopbackListener().port
        let (input, output) = (Pipe(), Pipe())
        let keeper = Self.shell(Self.script, [try Self.binaries(), "\(port)", options])
        keeper.standardInput = input
        keeper.standardOutput = output
        try keeper.run()
        try input.fileHandleForReading.close()
        var said = ""
        while !said.hasSuffix("\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Problem(description: "the PostgreSQL server did not start; \(said)") }
            said += String(decoding: more, as: UTF8.self)
        }
        self.keeper = keeper
        self.port = port
        lifeline = input.fileHandleForWriting
        answers = output.fileHandleForReading
        folder = String(said.dropLast())
    }

    deinit {
        try? lifeline.close()
        keeper.waitUntilExit()
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
        try order("stop")
    }

    /// Starts a stopped server.
    public func start() throws {
        try order("start")
    }

    private func order(_ word: String) throws {
        try lock.withLock {
            try lifeline.write(contentsOf: Data((word + "\n").utf8))
            let answer = String(decoding: answers.availableData, as: UTF8.self)
            guard answer == "done\n" else { throw Problem(description: "the PostgreSQL server did not \(word)") }
        }
    }

    /// A script about to run as an ordinary user, since the server refuses to run as root.
    private static func shell(_ script: String, _ arguments: [String]) -> Process {
        let process = Process()
        let command = ["/bin/sh", "-c", script, "sh"] + arguments
        let prefix = geteuid() == 0 ? ["/sbin/runuser", "-u", "postgres", "--"] : []
        process.executableURL = URL(filePath: (prefix + command)[0])
        process.arguments = Array((prefix + command).dropFirst())
        process.currentDirectoryURL = URL(filePath: "/tmp")
        return process
    }

    /// The folder of the newest server that is installed.
    private static func binaries() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        guard let newest = versions.compactMap({ Int($0) }).max() else {
            throw Problem(description: "no PostgreSQL server was found in \(root): apt-get install postgresql")
        }
        return "\(root)/\(newest)/bin"
    }

    /// Keeps a server until its standard input ends, which it does when the tests' process ends, however that ends.
    private static let script = #"""
        bin=$1 port=$2 options=$3
        trap '' INT TERM HUP
        folder=$(mktemp -d /tmp/rmpg.XXXXXX) || exit 1
        control() { "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -s "$@" >> "$folder/setup" 2>&1 < /dev/null; }
        start() {
          fixed="-c listen_addresses=127.0.0.1 -c max_connections=300 -c fsync=off"
          control start -o "-k $folder -p $port $fixed $options"
        }
        "$bin/initdb" -D "$folder/data" -A trust -U postgres --no-locale -E UTF8 --no-sync > "$folder/setup" 2>&1 &&
          printf 'local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n' > "$folder/data/pg_hba.conf" &&
          start || { cat "$folder"/setup "$folder"/log >&2; rm -rf "$folder"; exit 1; }
        echo "$folder"
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

import Glibc
import RevmetaPlugin

/// A connection's settings, checked.
final class ConnectionSettings: Sendable {
    /// How the traffic is encrypted.
    enum Encryption: String, CaseIterable {
        case disable
        case prefer
        case require
        case verifyFull = "verify-full"
    }

    /// Nil: a socket.
    let host: String?
    /// 0: the client library's own.
    let port: UInt32
    /// The path of a Unix socket; nil: the client library's own, or TCP.
    let socket: String?
    let user: String?
    let password: String?
    /// The one database that is read and written; nil: all.
    let onlySchema: String?
    let encryption: Encryption
    /// Files, or nil.
    let caCertificate: String?
    let certificate: String?
    let key: String?
    /// Seconds.
    let lockTimeout: Int
    /// Seconds.
    let connectTimeout: Int
    let allowsTableCopy: Bool
    /// Certificates and keys that were given as text; they go when the settings go.
    private let files: [PrivateFile]

    init(_ settings: Settings) throws(Failure) {
        var files: [PrivateFile] = []
        func text(_ key: String) throws(Failure) -> String? {
            guard let value = settings[key], !value.isEmpty else { return nil }
            guard !value.holdsNUL else { throw Failure(.config, "the setting '\(key)' holds a NUL character") }
            return value
        }
        func file(_ key: String) throws(Failure) -> String? {
            guard let value = try text(key) else { return nil }
            if value.hasPrefix("-----BEGIN") {
                let file = try PrivateFile(holding: value)
                files.append(file)
                return file.path
            }
            guard access(value, R_OK) == 0 else {
                throw Failure(
                    .config, "the setting '\(key)' names a file that cannot be read; give a path or PEM text")
            }
            return value
        }

        let place = try text("hostPort").map { text throws(Failure) in try HostPort(text) }
        let isSocket = place?.host.hasPrefix("/") ?? true
        host = isSocket ? nil : place?.host
        socket = isSocket ? place?.host : nil
        port = isSocket ? 0 : place?.port.flatMap { UInt32($0) } ?? 0
        user = try text("username")
        let nested = try text("authType.password"), flat = try text("password")
        if let nested, let flat, !nested.isExactly(flat) {
            throw Failure(.config, "the settings 'authType.password' and 'password' differ: give one of them")
        }
        password = nested ?? flat
        onlySchema = try text("databaseSchema")
        caCertificate = try file("sslConfig.caCertificate")
        certificate = try file("sslConfig.sslCertificate")
        key = try file("sslConfig.sslKey")
        let mode = try settings.choice("sslMode", of: Encryption.allCases.map(\.rawValue))
        encryption = mode.flatMap(Encryption.init) ?? (caCertificate == nil ? .prefer : .verifyFull)
        let milliseconds = try settings.integer("lockTimeout", in: 1...3_600_000) ?? 2_000
        lockTimeout = (milliseconds + 999) / 1_000
        connectTimeout = try settings.integer("connectTimeout", in: 1...3_600) ?? 10
        allowsTableCopy = try settings.choice("allowTableCopy", of: ["true", "false"]) == "true"
        self.files = files
    }

    /// For messages: `db.example.com:3306`.
    var place: String {
        if let host { return "\(host):\(port == 0 ? 3306 : port)" }
        return socket ?? "the local server's socket"
    }

    /// For messages.
    var userName: String { user ?? "the system's user" }
}

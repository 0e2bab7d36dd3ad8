import Glibc
import RevmetaPlugin

/// A connection's settings, checked, and in libpq's words.
///
/// What is not given is left to libpq: its environment variables, ~/.pgpass, the service file.
struct ConnectionSettings {
    let parameters: [(keyword: String, value: String)]
    /// Milliseconds.
    let lockTimeout: Int
    /// Milliseconds; 0: none.
    let statementTimeout: Int
    /// Seconds.
    let connectTimeout: Int
    let batchSize: Int
    /// How many connections of one session may write at once.
    let writeConnections: Int
    /// Certificates and keys that were given as text; they go when the settings go.
    private let files: [PrivateFile]

    private static let sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]
    private static let sslFiles = [
        ("sslrootcert", "sslConfig.caCertificate"), ("sslcert", "sslConfig.sslCertificate"),
        ("sslkey", "sslConfig.sslKey"),
    ]

    init(_ settings: Settings) throws(Failure) {
        var parameters = [(keyword: "client_encoding", value: "UTF8")]
        // A fallback, so that PGAPPNAME still counts.
        parameters.append(("fallback_application_name", "revmeta"))
        if let hostPort = settings["hostPort"], !hostPort.isEmpty {
            let place = try HostPort(hostPort)
            parameters.append(("host", place.host))
            if let port = place.port { parameters.append(("port", port)) }
        }
        let named = [("user", "username"), ("password", "authType.password"), ("dbname", "database")]
        for (keyword, key) in named {
            guard let value = settings[key], !value.isEmpty else { continue }
            guard !value.holdsNUL else { throw Failure(.config, "the setting '\(key)' holds a NUL character") }
            parameters.append((keyword, value))
        }
        // libpq's own default is to prefer TLS, and PGSSLMODE or the service file may ask for more.
        if let mode = try settings.choice("sslMode", of: Self.sslModes) { parameters.append(("sslmode", mode)) }
        var files: [PrivateFile] = []
        for (keyword, key) in Self.sslFiles {
            guard let value = settings[key], !value.isEmpty else { continue }
            if value.hasPrefix("-----BEGIN") {
                let file = try PrivateFile(holding: value)
                files.append(file)
                parameters.append((keyword, file.path))
            } else {
                guard access(value, R_OK) == 0 else {
                    throw Failure(
                        .config, "the setting '\(key)' names a file that cannot be read; give a path or PEM text")
                }
                parameters.append((keyword, value))
            }
        }
        self.parameters = parameters
        self.files = files
        lockTimeout = try settings.integer("lockTimeout", in: 1...3_600_000) ?? 2_000
        statementTimeout = try settings.integer("statementTimeout", in: 0...86_400_000) ?? 60_000
        connectTimeout = try settings.integer("connectTimeout", in: 1...3_600) ?? 10
        batchSize = try settings.integer("batchSize", in: 1...10_000) ?? 1_000
        writeConnections = try settings.integer("writeConnections", in: 1...4) ?? 2
    }
}

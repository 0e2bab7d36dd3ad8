import RevmetaPlugin

/// What the client library says about a connection that did not come up, and to whom it matters.
struct ConnectFailure {
    /// libpq's words, in its verbose form, which is the only one that tells the SQLSTATE here.
    var report: String
    var place: String
    var user: String
    var database: String
    /// The server asked for a password and there was none.
    var needsPassword = false

    var failure: Failure {
        let who = "could not connect to \(place) as \(user)"
        switch sqlState {
        case _ where needsPassword:
            return Failure(
                .denied, "\(who): the server asks for a password and none was given; set authType.password")
        case "28P01":
            return Failure(
                .denied, "\(who): the password is wrong, or the role is unknown there; check username and "
                    + "authType.password", sqlState: sqlState)
        case "28000":
            return Failure(
                .denied, "\(who): \(text); check username, sslMode and the server's pg_hba.conf", sqlState: sqlState)
        case "3D000":
            return Failure(
                .notFound, "\(who): there is no database \(database) on that server; check its name",
                sqlState: sqlState)
        case "42501":
            return Failure(
                .denied, "\(who): \(text); GRANT CONNECT ON DATABASE \(shown(database)) TO \(shown(user))",
                sqlState: sqlState)
        case nil:
            if text.contains("SSL") || text.contains("certificate") || text.contains("private key") {
                return Failure(.config, "\(who): \(text); check sslMode and sslConfig")
            }
            return Failure(.transient, "\(who): \(text); check hostPort, and that the server runs")
        case .some(let state):
            let status = ServerError(sqlState: state, message: text).status
            return Failure(status, "\(who): \(text)", sqlState: state)
        }
    }

    /// The last attempt's SQLSTATE: libpq may have tried several addresses, with and without TLS.
    var sqlState: String? {
        var found: String?
        for line in report.split(separator: "\n") where !line.hasPrefix("LOCATION:") {
            if let state = Self.state(in: line) { found = String(state) }
        }
        return found
    }

    /// The report on one line, without what only a programmer of the server could use.
    private var text: String {
        let lines = report.split(separator: "\n").filter { !$0.hasPrefix("LOCATION:") }.map { line in
            guard let state = Self.state(in: line) else { return String(line) }
            return String(line[..<state.startIndex]) + String(line[state.endIndex...].dropFirst(2))
        }
        return lines.joined(separator: "; ")
    }

    /// Finds the code in `FATAL:  28P01: password authentication failed`, whatever the language of the first word.
    private static func state(in line: Substring) -> Substring? {
        var rest = line
        while let colon = rest.firstIndex(of: ":") {
            rest = rest[rest.index(after: colon)...]
            let code = rest.drop { $0 == " " }.prefix(5)
            let follows = line[code.endIndex...].hasPrefix(": ")
            if rest.hasPrefix("  "), follows, code.utf8.count == 5,
                code.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }) {
                return code
            }
        }
        return nil
    }
}

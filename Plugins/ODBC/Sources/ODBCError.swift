public import RevmetaPlugin

/// A call that failed, with every record that there is of it, the first one first.
public struct ODBCError: Error, Sendable, Equatable {
    public var records: [Diagnostic]

    public init(records: [Diagnostic]) {
        self.records = records
    }

    public var sqlState: String { records.first?.sqlState ?? "HY000" }
    public var vendorCode: Int32 { records.first?.vendorCode ?? 0 }

    /// What all records say, each once.
    public var sentence: String {
        var said: [String] = []
        for record in records where !said.contains(record.sentence) { said.append(record.sentence) }
        said.removeAll(where: \.isEmpty)
        return said.isEmpty ? "the driver told no reason" : said.joined(separator: "; ")
    }

    /// Who must act, by the first SQLSTATE that tells.
    public var status: Failure.Status {
        records.lazy.compactMap { Self.status(sqlState: $0.sqlState) }.first ?? .failed
    }

    /// Whether the connection is gone, so that only another one can help.
    public var isOfConnection: Bool {
        records.contains { $0.sqlState.hasPrefix("08") || $0.sqlState.hasPrefix("57P") }
    }

    /// The failure of what was tried: `connecting to db.example.com`.
    public func failure(of what: String, _ status: Failure.Status? = nil) -> Failure {
        Failure(status ?? self.status, "\(what): \(sentence)", sqlState: sqlState, vendorCode: vendorCode)
    }

    /// What ODBC's and SQL's own classes say, and PostgreSQL's, which other servers have taken over.
    private static func status(sqlState: String) -> Failure.Status? {
        switch sqlState {
        case "IM002", "IM003", "IM004", "IM005", "IM010", "IM012", "IM014", "25006": return .config
        case "28000", "28P01", "42501": return .denied
        case "42S02", "42S22", "42P01", "42703", "42704", "42883", "3D000", "3F000", "02000": return .notFound
        // Timeouts, a cancelled statement, a lock that was not to be had.
        case "HYT00", "HYT01", "HY008", "57014", "55P03": return .transient
        case "HY000", "42000", "01000": return nil
        default: break
        }
        switch sqlState.prefix(2) {
        case "08", "40", "53": return .transient
        case "28": return .denied
        default: return sqlState.hasPrefix("57P") ? .transient : nil
        }
    }
}

import RevmetaPlugin

/// An error as the server reports it.
struct ServerError: Equatable {
    /// Five characters; empty if the client library reports a failure of its own.
    var sqlState: String
    var message: String
    var detail: String?
    var hint: String?
}

extension ServerError {
    /// Who must act on the error.
    var status: Failure.Status {
        switch sqlState {
        case "55P03", "57014", "40001", "40P01", "": return .transient
        case "42501": return .denied
        case "42P01", "42703", "3F000", "3D000", "42704", "42883", "42809": return .notFound
        case "25006": return .config
        case "XX000": return message.contains("concurrently") ? .transient : .failed
        default: break
        }
        if ["08", "53"].contains(sqlState.prefix(2)) || sqlState.hasPrefix("57P") { return .transient }
        return .failed
    }

    /// As a server answers that may not be written to.
    static let readOnly = ServerError(sqlState: "25006", message: "cannot write in a read-only transaction")

    /// Of what a statement of our own names, only a role can be missing by this name.
    var isMissingRole: Bool { sqlState == "42704" }

    var isLockTimeout: Bool { sqlState == "55P03" }

    /// The statement was ended from outside: a timeout, or a cancellation.
    var isInterrupted: Bool { sqlState == "57014" }

    /// A text cannot be turned into the server's encoding.
    var isUntranslatable: Bool { sqlState == "22P05" || sqlState == "22021" }

    /// The error belongs to a whole message or transaction, not to the statement it was met in.
    ///
    /// The server reads a message's text before it runs any of it, so a syntax error or an untranslatable character
    /// comes before the first answer wherever it stands. A full lock table or a deadlock may hit any statement.
    var isOfWholeMessage: Bool {
        sqlState == "42601" || isUntranslatable || ["40", "53"].contains(sqlState.prefix(2))
    }

    /// The failure of a statement, whose change says what it is about.
    var failure: Failure { Failure(status, sentence, sqlState: sqlState.isEmpty ? nil : sqlState) }

    /// The failure of what was tried, in words: `reading the catalog of database shop`.
    func failure(of what: String) -> Failure {
        Failure(status, "\(what): \(sentence)", sqlState: sqlState.isEmpty ? nil : sqlState)
    }

    private var sentence: String {
        switch sqlState {
        case "55P03":
            return "another session holds a lock on it, and it was not free within lockTimeout; the next run tries again"
        case "57014" where message.contains("statement timeout"):
            return "it took longer than statementTimeout allows; the next run tries again"
        case "57014":
            return "it was cancelled at the server, by somebody or by statementTimeout (\(message)); the next run tries again"
        case "25006":
            return "the server only lets this role read (it is a standby, or default_transaction_read_only is on); "
                + "give the primary server's address as hostPort"
        case "22P05", "22021":
            return "the text holds a character that the database's encoding cannot hold: \(message)"
        case "XX000" where status == .transient:
            return "another session changed it at the same moment (\(message)); the next run tries again"
        default: break
        }
        var sentence = message
        if let detail, !detail.isEmpty { sentence += "; " + detail }
        if let hint, !hint.isEmpty { sentence += "; " + hint }
        return sentence
    }
}

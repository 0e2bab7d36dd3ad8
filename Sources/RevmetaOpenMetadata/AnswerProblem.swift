#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

internal import RevmetaCatalog
internal import RevmetaModel

/// An answer of the server's that is not what was asked for, and what that means.
struct AnswerProblem {
    var status: Int
    /// The body's beginning.
    var body: [UInt8]
    var retryAfter: String?
    var location: String?
    /// What was asked for, in words: `tables in shop.public`.
    var asked: String
    /// The kind of entity, as the server's permissions name it: `table`.
    var resource: String
    var now: Date
    /// Whether something was to be changed, not read.
    var changes = false

    /// What to tell, and whether it may pass.
    var failure: Failure {
        switch status {
        case 301, 302, 303, 307, 308:
            Failure(
                .config,
                "it sends callers on to \(location ?? "somewhere else"); set catalog.hostPort to the address that answers itself")
        case 401:
            Failure(
                .denied,
                "it does not accept the token\(saying): set catalog.securityConfig.jwtToken to the token of a bot, or of a person, "
                    + "that is still valid")
        case 403:
            Failure(
                .denied,
                "the token may not \(changes ? "change" : "read") \(asked)\(saying): give its bot a role with a policy that allows \(permission) on "
                    + "\(resource)")
        case 404:
            Failure(.notFound, "it has no such thing\(saying)")
        case 407:
            .proxyWantsUser
        case 408, 429, 500...599:
            Failure(
                .transient, status == 429 ? "it has had too many requests\(saying)" : "it answered with status \(status)\(saying)",
                retryAfterMilliseconds: RetryAfter.milliseconds(retryAfter, now: now))
        default:
            Failure(.failed, "it answered with status \(status)\(saying)")
        }
    }

    /// The permission that the server names, or else the one that it takes.
    private var permission: String {
        guard let message, let open = message.firstRange(of: "operations ["),
            let close = message[open.upperBound...].firstIndex(of: "]")
        else { return changes ? "Create, EditAll and Delete" : "ViewAll" }
        return String(message[open.upperBound..<close])
    }

    private var saying: String {
        message.map { " (it says: \($0))" } ?? ""
    }

    /// The server's own words, if it has any that fit on a line.
    private var message: String? {
        guard let answer = try? JSONDecoder().decode(ErrorAnswer.self, from: Data(body)), !answer.message.isEmpty else { return nil }
        let line = answer.message.prefix(300).map { $0.isNewline ? " " : $0 }
        return String(line)
    }
}

extension Failure {
    static var proxyWantsUser: Failure {
        Failure(.denied, "the proxy wants a name and a password: write them into catalog.proxy, http://name:password@host:port")
    }
}

extension CatalogContent {
    /// The kind as the server's permissions name it.
    var resource: String {
        switch self {
        case .databaseServices: "databaseService"
        case .users: "user"
        case .teams: "team"
        case .databases: "database"
        case .databaseSchemas: "databaseSchema"
        case .tables: "table"
        case .storedProcedures: "storedProcedure"
        }
    }
}

import RevmetaODBC
import RevmetaPlugin

/// What the session's role may do, as far as it has been asked; remembered for the life of the session.
///
/// A class, since what one call learns the next one need not ask again.
final class SourceRoles {
    private let lanes: Lanes<SnowflakeSession>
    /// The role that writes.
    let role: String
    private var inSession: [ExactName: Bool] = [:]
    private var privileges: Set<[String]>?

    init(_ lanes: Lanes<SnowflakeSession>, role: String) {
        self.lanes = lanes
        self.role = role
    }

    /// Whether roles are the session's own, inherited ones among them: what they own, it may alter.
    func areInSession(
        _ roles: some Sequence<String>, _ queryTag: String, _ call: Call
    ) throws(Failure) -> [ExactName: Bool] {
        var unknown: [String] = [], seen: Set<ExactName> = []
        for role in roles where inSession[ExactName(role)] == nil && seen.insert(ExactName(role)).inserted {
            unknown.append(role)
        }
        for start in stride(from: 0, to: unknown.count, by: 200) {
            let asked = Array(unknown[start..<min(start + 200, unknown.count)])
            let query = "SELECT " + asked.map { "IS_ROLE_IN_SESSION(\(literal($0)))" }.joined(separator: ", ")
            let rows = try lanes.rows(query, "asking for the session's roles", queryTag, call)
            guard let answer = rows.values.first, answer.count == asked.count else {
                throw Failure(.failed, "Snowflake did not answer which roles are in the session")
            }
            for (role, value) in zip(asked, answer) {
                inSession[ExactName(role)] = ["1", "TRUE"].contains(value?.uppercased())
            }
        }
        return inSession
    }

    /// Whether the role, or one that it inherits, has a privilege: `APPLY TAG` on `ACCOUNT`.
    func have(
        _ privilege: String, on kind: String, named name: ExactName? = nil, _ queryTag: String, _ call: Call
    ) throws(Failure) -> Bool {
        let all: Set<[String]>
        if let known = privileges {
            all = known
        } else {
            all = try inherited(queryTag, call)
            privileges = all
        }
        return all.contains([privilege, kind, kind == "ACCOUNT" ? "" : name?.shown ?? ""])
    }

    /// What is granted to the role and to those that it inherits, role by role.
    private func inherited(_ queryTag: String, _ call: Call) throws(Failure) -> Set<[String]> {
        var found: Set<[String]> = [], known: Set<ExactName> = [ExactName(role)], waiting = [role]
        while let next = waiting.popLast() {
            let rows: Rows
            do throws(Failure) {
                rows = try lanes.rows("SHOW GRANTS TO ROLE \(ExactName(next).quoted)", "listing grants", queryTag, call)
            } catch {
                // A role that may not be looked at gives nothing that could be counted on.
                guard error.status == .denied || error.status == .notFound else { throw error }
                continue
            }
            for row in 0..<rows.count {
                let privilege = rows.text(row, "privilege") ?? "", kind = rows.text(row, "granted_on") ?? ""
                let name = rows.text(row, "name") ?? ""
                let spaced = kind.split(separator: "_").joined(separator: " ")
                found.insert([privilege, spaced, kind == "ACCOUNT" ? "" : name])
                let role = Self.unquoted(name)
                if kind == "ROLE", privilege == "USAGE", known.insert(ExactName(role)).inserted { waiting.append(role) }
            }
        }
        return found
    }

    private static func unquoted(_ name: String) -> String {
        guard name.utf8.count > 1, name.first == "\"", name.last == "\"" else { return name }
        return name.dropFirst().dropLast().split(separator: "\"\"", omittingEmptySubsequences: false).joined(separator: "\"")
    }
}

extension Lanes<SnowflakeSession> {
    /// Runs one query on any lane.
    func rows(_ query: String, _ what: String, _ queryTag: String, _ call: Call) throws(Failure) -> Rows {
        var rows = Rows(columns: [])
        try work([query]) { () throws(Failure) in
            try call.checkCancelled()
        } perform: { session, query throws(Failure) in
            do throws(ODBCError) {
                return try session.rows(query, tag: queryTag)
            } catch {
                throw error.snowflakeFailure(of: what)
            }
        } take: { _, answer throws(Failure) in
            rows = try answer.get()
        }
        return rows
    }
}

internal import RevmetaEngine
internal import RevmetaJournal
internal import RevmetaModel

/// Shows a plan of one service as a script for the source's own client.
struct PlanSQL {
    private let out: Terminal

    init(_ out: Terminal) {
        self.out = out
    }

    func write(_ store: RunStore, dialect: (String) async throws(Failure) -> Dialect) async throws {
        let services = Set(store.scopes().map(\.service)).sorted()
        guard services.count <= 1 else {
            throw Complaint.configuration(
                "--format sql is for one service, and this plan has statements for \(services.joined(separator: ", ")): choose "
                    + "channels of one service with --channel")
        }
        guard let service = services.first else { return }
        let known = try await dialect(service)
        var current: String??
        try store.list { change in
            guard let text = change.statementText else { return }
            if current != .some(change.database) {
                if let use = known.scriptUse, let database = change.database {
                    out.line(use + known.quoted(try Self.harmless(database)))
                }
                if !known.scriptBegin.isEmpty { out.line(known.scriptBegin) }
                current = .some(change.database)
            }
            // A template's last statement may end in a comment, which must not swallow the end.
            out.line((change.parts.isEmpty ? text : known.script([text])) + known.statementEnd)
        }
    }

    /// A client reads the name of a database as more than a name if it holds certain characters: a line of its own commands,
    /// a connection string.
    private static func harmless(_ database: String) throws -> String {
        let isHarmless = database.unicodeScalars.allSatisfy { scalar in
            scalar.value >= 0x20 && scalar.value != 0x7F && scalar != "\\" && scalar != "=" && scalar != "/"
        }
        guard isHarmless else {
            throw Complaint.configuration(
                "the name of the database '\(Terminal.oneLine(database))' cannot stand safely in a script, since it holds a "
                    + "control character, a backslash, = or /: use 'revmeta run' for it")
        }
        return database
    }
}

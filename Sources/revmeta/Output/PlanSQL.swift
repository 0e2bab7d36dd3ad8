internal import RevmetaJournal
internal import RevmetaModel

/// Shows a plan of one service as a script for the source's own client.
struct PlanSQL {
    private let out: Terminal

    init(_ out: Terminal) {
        self.out = out
    }

    func write(_ store: RunStore, dialect: (String) throws(Failure) -> Dialect) throws {
        var current: (service: String, database: String?, dialect: Dialect)?
        try store.list { change in
            guard let text = change.statementText else { return }
            if let known = current, known.service != change.service {
                throw Complaint.configuration(
                    "--format sql is for one service, and this plan has statements for '\(known.service)' and "
                        + "'\(change.service)': choose channels of one service with --channel")
            }
            if current == nil || current?.database != change.database {
                let known = try current?.dialect ?? dialect(change.service)
                if let use = known.scriptUse, let database = change.database {
                    out.line(use + known.quoted(database))
                }
                if !known.scriptBegin.isEmpty { out.line(known.scriptBegin) }
                current = (change.service, change.database, known)
            }
            out.line(text + current!.dialect.statementEnd)
        }
    }
}

import RevmetaPlugin

/// Runs statements one after the other: the server commits each ALTER by itself, and works on one at a time.
struct Executor {
    let connection: Connection

    /// How one statement ended.
    enum Ending {
        case applied
        /// Its own changes are lost, and nothing else.
        case failed(Failure)
        /// It changed more than it was meant to: nothing more may be sent.
        case harmed(Failure)
    }

    func execute(
        _ statements: [Statement], of changes: [Change], under locks: inout WriteLocks,
        into sink: borrowing OutcomeSink,
        _ call: Call
    ) throws(Failure) {
        for (index, statement) in statements.enumerated() {
            let ending: Ending
            do throws(Failure) {
                ending = try run(statement, of: changes, under: &locks, call)
            } catch {
                guard !connection.isLost, ![.cancelled, .invalid].contains(error.status), !call.isOver
                else { throw error }
                ending = .failed(error)
            }
            switch ending {
            case .applied: try sink.succeed(index)
            case .failed(let failure): try sink.fail(index, failure)
            case .harmed(let failure):
                try sink.fail(index, failure)
                throw Failure(
                    .failed, "nothing more is sent to \(connection.settings.place), since a statement changed more "
                        + "than comments; \(failure.message)")
            }
        }
    }

    private func run(
        _ statement: Statement, of changes: [Change], under locks: inout WriteLocks, _ call: Call
    ) throws(Failure) -> Ending {
        guard let first = statement.changes.first, statement.changes.allSatisfy(changes.indices.contains) else {
            return .failed(Failure(.invalid, "a statement must carry at least one of the changes it comes with"))
        }
        let carried = statement.changes.map { changes[$0] }
        for schema in Set(carried.compactMap(\.schema)) {
            if let taken = try locks.take(schema, connection, call) { return .failed(taken) }
        }
        if !statement.parts.isEmpty {
            return try TemplateRun(connection: connection, parts: statement.parts, changes: carried).run(call)
        }
        guard let shape = statement.guardText else {
            return .failed(Failure(
                .invalid, "a statement of this connector must come with the definition it was made of"))
        }
        let target = try Target(of: changes[first])
        return try AlterRun(
            connection: connection, target: target, changes: carried, statement: statement.text, shape: shape
        ).run(call)
    }
}

extension Call {
    /// Whether the host no longer waits.
    fileprivate var isOver: Bool { isCancelled || millisecondsLeft == 0 }
}

extension Change {
    /// The server's database that the change is in.
    fileprivate var schema: ExactText? { path.count > 1 ? ExactText(path[1]) : nil }
}

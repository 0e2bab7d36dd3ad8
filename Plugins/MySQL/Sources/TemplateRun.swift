import RevmetaPlugin

/// The statements of a user's own template on their way. They are compared with nothing but the values before: what
/// they alter is their author's business.
struct TemplateRun {
    let connection: Connection
    let parts: [String]
    let changes: [Change]

    func run(_ call: Call) throws(Failure) -> Executor.Ending {
        let entities = changes.map { Entity(kind: $0.kind, path: $0.path) }
        for (change, reading) in zip(changes, try Reader(connection: connection).read(entities, call)) {
            if let moved = moved(change, reading) { return .failed(moved) }
        }
        // For what can be undone; an ALTER commits whatever came before it.
        let isOneUnit = parts.count > 1
        if isOneUnit, let failure = try failure(of: "START TRANSACTION", call) { return .failed(failure) }
        for (number, part) in parts.enumerated() {
            guard let failure = try failure(of: part, call) else { continue }
            if isOneUnit { _ = try connection.answer(to: "ROLLBACK", call, isDue: true) }
            guard number > 0 else { return .failed(failure) }
            var told = failure
            told.message += "; this is statement \(number + 1) of \(parts.count), and what those before it altered "
                + "by DDL is kept"
            return .failed(told)
        }
        if isOneUnit, let failure = try failure(of: "COMMIT", call) { return .failed(failure) }
        return .applied
    }

    private func failure(of text: String, _ call: Call) throws(Failure) -> Failure? {
        guard case .error(let error) = try connection.answer(to: text, call) else { return nil }
        if error.isInterrupted { try connection.throwIfInterrupted() }
        return error.failure(of: "the template's statement for \(changes[0].shown)")
    }

    private func moved(_ change: Change, _ reading: Reading) -> Failure? {
        switch reading {
        case .absent: return Failure(.notFound, "\(change.shown) does not exist any more")
        case .unknown(_, let reason): return Failure(.conflict, "\(change.shown): \(reason)")
        case .found(let kind, let description):
            guard kind.rawValue == change.kind else {
                return Failure(.notFound, "\(change.shown) is a \(kind.rawValue) by now; the next run plans for that")
            }
            // Of what cannot be read there is nothing to compare.
            guard change.attribute == "description", kind.description(connection.flavour).support == .full
            else { return nil }
            return change.moved(from: description)
        }
    }
}

import RevmetaPlugin

/// One ALTER on its way: what it was made of is compared with the source, it is sent, and what became of the target is
/// compared again.
struct AlterRun {
    let connection: Connection
    let target: Target
    let changes: [Change]
    let statement: String
    /// What the target was made of, less its comments, when the statement was written.
    let shape: String

    func run(_ call: Call) throws(Failure) -> Executor.Ending {
        let before = try target.definition(connection, call)
        let shapeBefore = before.shape
        guard shapeBefore.isExactly(shape) else { return .failed(moved(to: shapeBefore)) }
        var isDone = true
        for change in changes {
            let current = before.comment(of: change)
            if let moved = change.moved(from: current) { return .failed(moved) }
            isDone = isDone && (current ?? "").isExactly(change.value ?? "")
        }
        // Somebody wrote the same meanwhile, or this run did before its connection broke.
        if isDone { return .applied }
        // The definitions may be alike, and what they do not show be another than when the plan was made.
        if let refusal = try KeptTexts(connection: connection).refusals(of: changes, in: target, before, call).values.first {
            return .failed(refusal)
        }

        if case .error(let error) = try connection.answer(to: statement, call) {
            // Ended because the host asked to stop: the call says so, and the statement stays unsettled.
            if error.isInterrupted { try connection.throwIfInterrupted() }
            return .failed(failure(error))
        }
        // What was changed is looked at even if the host wants to stop.
        let after = try target.definition(connection, call, isDue: true)
        guard after.shape.isExactly(shapeBefore) else { return .harmed(harm(before, after)) }
        for change in changes {
            let stored = after.comment(of: change)
            guard (stored ?? "").isExactly(change.value ?? "") else {
                return .failed(Failure(
                    .failed, "the description of \(change.shown) is not what was written: expected "
                        + "\(shown(value: change.value)), found \(shown(value: stored))"))
            }
        }
        return .applied
    }

    private func moved(to found: String) -> Failure {
        let (old, new) = firstDifference(shape, found)
        return Failure(
            .conflict, "the definition of \(target.shown) was changed since the plan was made: expected '\(old)', "
                + "found '\(new)'; the next run plans with the new one")
    }

    private func failure(_ error: ServerError) -> Failure {
        var failure = error.failure(of: "comments of \(target.shown)")
        if failure.status == .denied {
            failure.message += "; " + Grants.granting(connection.flavour, on: target, to: connection.account)
        }
        return failure
    }

    private func harm(_ before: Definition, _ after: Definition) -> Failure {
        var restoring = Alteration(target, before, flavour: connection.flavour, allowsTableCopy: true)
        for change in changes {
            // It was planned once, so it can be taken in again.
            try? restoring.add(change)
        }
        return Failure(
            .failed, "the definition of \(target.shown) is not the same after its comments were written, or "
                + "somebody else "
                + "altered it at that moment. Before:\n\(before.text)\nAfter:\n\(after.text)\nThis gives back what was "
                + "there before:\n\(restoring.restoration);")
    }

    /// The first lines that differ in more than the comma that ends them: a line that follows adds one.
    private func firstDifference(_ one: String, _ other: String) -> (String, String) {
        func lines(_ text: String) -> [String] {
            text.split(separator: "\n", omittingEmptySubsequences: false).map {
                $0.drop { $0 == " " }.trimmingSuffix(",")
            }
        }
        let (old, new) = (lines(one), lines(other))
        let index = zip(old, new).enumerated().first { !$1.0.isExactly($1.1) }?.offset ?? min(old.count, new.count)
        func line(_ lines: [String]) -> String { lines.indices.contains(index) ? lines[index] : "nothing" }
        return (line(old), line(new))
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        String(hasSuffix(suffix) ? dropLast(suffix.count) : self)
    }
}

extension Definition {
    /// The comment that a change is about; nil: none.
    func comment(of change: Change) -> String? {
        guard change.path.count > 3 else { return comment.text.ifNotEmpty }
        return column(change.path[3])?.comment.text.ifNotEmpty
    }
}

extension Change {
    /// For messages: `table shop.orders`.
    var shown: String { (ObjectKind(rawValue: kind) ?? .table).described(path) }

    /// Why the change must not be made, now that the source was read again; nil: all is as it was planned.
    func moved(from current: String?) -> Failure? {
        guard !(current ?? "").isExactly(before ?? ""), !(current ?? "").isExactly(value ?? "") else { return nil }
        return Failure(
            .conflict, "the description of \(shown) was changed by somebody else: expected "
                + "\(RevmetaMySQL.shown(value: before)), found \(RevmetaMySQL.shown(value: current))")
    }
}

/// A value as a message quotes it: shortened, and told apart from none.
func shown(value: String?) -> String {
    guard let value, !value.isEmpty else { return "nothing" }
    let start = value.prefix(60)
    return start.endIndex == value.endIndex ? "'\(value)'" : "'\(start)…'"
}

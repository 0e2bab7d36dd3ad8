import RevmetaPlugin

/// Finds, for each change, why this session may not make it. A handful of queries, however many changes.
struct PrivilegeCheck {
    let connection: Connection

    /// Gives a failure for each change that may not be made.
    func failures(of changes: [Change], _ call: Call) throws(Failure) -> [Int: Failure] {
        let readings = try Reader(connection: connection).read(
            changes.map { Entity(kind: $0.kind, path: $0.path) }, call)
        let grants = try Grants(connection, call)
        let readOnly = try ReadOnly(connection, grants, call).failure(connection.account)
        var failures: [Int: Failure] = [:]
        for (index, change) in changes.enumerated() {
            do throws(Failure) {
                try check(change, readings[index], grants)
                if let readOnly { throw readOnly }
            } catch {
                failures[index] = error
            }
        }
        return failures
    }

    private func check(_ change: Change, _ reading: Reading, _ grants: Grants) throws(Failure) {
        switch reading {
        case .absent:
            throw Failure(
                .notFound, "\(change.shown) does not exist, or \(connection.account.name) may not see it")
        case .unknown(_, let reason): throw Failure(.invalid, "\(change.shown): \(reason)")
        case .found(let kind, _) where kind.rawValue != change.kind:
            throw Failure(.notFound, "\(change.shown) is a \(kind.rawValue)")
        case .found: break
        }
        let target = try Target(of: change)
        let missing = grants.missing(Grants.needed(connection.flavour), for: target)
        guard missing.isEmpty else {
            throw Failure(
                .denied, "\(connection.account.name) needs \(missing.joined(separator: ", ")) on \(target.shown): "
                    + Grants.granting(connection.flavour, on: target, to: connection.account))
        }
    }
}

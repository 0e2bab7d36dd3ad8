internal import RevmetaDigest
internal import RevmetaModel

/// The hash of what a plan sends. Two plans of one hash send the same statements for the same changes, in the same order to
/// each session.
///
/// What a plan leaves out is no part of it.
public struct PlanHash: Sendable {
    private var scopes: [PlanScope: SHA256] = [:]

    public init() {}

    /// Takes up the next piece of a scope.
    public mutating func add(_ piece: PlanPiece) {
        guard !piece.statements.isEmpty else { return }
        var hash = scopes.removeValue(forKey: PlanScope(service: piece.service, database: piece.database)) ?? SHA256()
        let statements = piece.statements.span, changes = piece.changes.span
        for index in statements.indices {
            hash.update(statements[index])
            for change in statements[index].changes { hash.update(changes[change]) }
        }
        scopes[PlanScope(service: piece.service, database: piece.database)] = hash
    }

    /// The hash of the statements of some scopes, as 64 hexadecimal digits; nil: there are none.
    public func text(of wanted: some Sequence<PlanScope>) -> String? {
        let wanted = Set(wanted).intersection(scopes.keys).sorted()
        guard !wanted.isEmpty else { return nil }
        var hash = SHA256()
        for scope in wanted {
            hash.update(fields: [scope.service, scope.database, scopes[scope]!.hexadecimal()])
        }
        return hash.hexadecimal()
    }
}

extension PlanScope: Comparable {
    /// By service, then database; the whole service stands before its databases.
    public static func < (one: PlanScope, other: PlanScope) -> Bool {
        guard one.service == other.service else { return one.service < other.service }
        guard let database = other.database else { return false }
        return one.database.map { $0 < database } ?? true
    }
}

// Borrowed: to copy one counts each of its texts up and down again. One text after the other: a list of them would cost more
// than the hash.
extension SHA256 {
    fileprivate mutating func update(_ statement: borrowing Statement) {
        update(field: statement.text)
        update(field: statement.guardText)
        let parts = statement.parts.count
        update(field: parts == 0 ? String(statement.changes.count) : "\(statement.changes.count) in \(parts)")
        for part in statement.parts { update(field: part) }
    }

    fileprivate mutating func update(_ planned: borrowing PlannedChange) {
        update(field: planned.channel)
        update(field: planned.action.rawValue)
        update(field: planned.entityKind.rawValue)
        update(field: planned.change.kind)
        update(field: planned.change.attribute.rawValue)
        update(field: planned.change.before)
        update(field: planned.change.value)
        update(field: String(planned.change.path.names.count))
        for name in planned.change.path.names { update(field: name) }
    }
}

internal import RevmetaDigest
internal import RevmetaModel

/// The hash of what a plan sends. Two plans of one hash send the same statements for the same changes, in the same order to
/// each session.
///
/// What a plan leaves out is no part of it.
public struct PlanHash: Sendable {
    private var scopes: [PlanScope: ScopeHash] = [:]

    public init() {}

    /// Takes up the next piece of a scope.
    public mutating func add(_ piece: PlanPiece) {
        guard !piece.statements.isEmpty else { return }
        scopes[PlanScope(service: piece.service, database: piece.database), default: ScopeHash()].add(piece)
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

/// The hash of one scope's statements.
///
/// What a change shares with the one before it is not hashed again: of a plan's changes most differ in nothing but a name and
/// the values, and hashing all of each took twice as long.
private struct ScopeHash {
    private var hash = SHA256()
    private var waiting = CompactFields()
    private var latest: PlannedChange?

    mutating func add(_ piece: PlanPiece) {
        // Borrowed: to copy one counts each of its texts up and down again.
        let statements = piece.statements.span, changes = piece.changes.span
        var previous: Int?
        for index in statements.indices {
            add(statements[index])
            for change in statements[index].changes {
                if let previous {
                    add(changes[change], after: changes[previous])
                } else if let latest {
                    add(changes[change], after: latest)
                } else {
                    addSurroundings(of: changes[change])
                    add(changes[change], sharing: 0)
                }
                previous = change
            }
            if waiting.bytes.count >= Self.mostWaiting { flush() }
        }
        if let previous { latest = changes[previous] }
    }

    private mutating func add(_ statement: borrowing Statement) {
        waiting.append(statement.text)
        waiting.append(statement.guardText)
        waiting.append(statement.changes.count)
        waiting.append(statement.parts.count)
        for part in statement.parts { waiting.append(part) }
    }

    private mutating func add(_ planned: borrowing PlannedChange, after earlier: borrowing PlannedChange) {
        if planned.hasSurroundings(of: earlier) { waiting.append(0) } else { addSurroundings(of: planned) }
        add(planned, sharing: planned.change.path.countOfNamesShared(with: earlier.change.path))
    }

    private mutating func addSurroundings(of planned: borrowing PlannedChange) {
        waiting.append(1)
        waiting.append(planned.channel)
        waiting.append(planned.action.rawValue)
        waiting.append(planned.entityKind.rawValue)
        waiting.append(planned.change.kind)
        waiting.append(planned.change.attribute.rawValue)
    }

    /// - Parameter shared: How many of its names are those of the change before.
    private mutating func add(_ planned: borrowing PlannedChange, sharing shared: Int) {
        waiting.append(planned.change.before)
        waiting.append(planned.change.value)
        let names = planned.change.path.names
        waiting.append(shared)
        waiting.append(names.count)
        for index in shared..<names.count { waiting.append(names[index]) }
    }

    private static let mostWaiting = 1 << 14

    private mutating func flush() {
        hash.update(waiting.bytes)
        waiting.removeAll()
    }

    func hexadecimal() -> String {
        var all = self
        all.flush()
        return all.hash.hexadecimal()
    }
}

extension PlannedChange {
    /// Whether all that is not its value or its path is the other's.
    fileprivate borrowing func hasSurroundings(of other: borrowing PlannedChange) -> Bool {
        change.attribute.rawValue.isExactly(other.change.attribute.rawValue) && change.kind.isExactly(other.change.kind) && action == other.action
            && entityKind == other.entityKind && channel.isExactly(other.channel)
    }
}

extension EntityPath {
    /// How many of the outer names are another's.
    fileprivate func countOfNamesShared(with other: EntityPath) -> Int {
        var count = 0
        while count < min(names.count, other.names.count), names[count].isExactly(other.names[count]) { count += 1 }
        return count
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

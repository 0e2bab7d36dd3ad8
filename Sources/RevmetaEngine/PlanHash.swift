internal import RevmetaDigest
internal import RevmetaModel

/// The hash of what a plan sends. Two plans of one hash send the same statements for the same changes, in the same order to
/// each session.
///
/// What a plan leaves out is no part of it. Plans in files have this hash: whatever changes it changes the name of their format.
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
    private static let mostWaiting = 1 << 14
    /// Of the change before.
    private var surroundings: Surroundings?
    private var names: [String] = []

    /// All of a change but its values and its path.
    private struct Surroundings {
        var channel: String?
        var action: PlannedChange.Action
        var entityKind: EntityKind
        var kind: SourceKind
        var attribute: Attribute

        /// Byte for byte.
        func isExactly(_ other: Surroundings) -> Bool {
            action == other.action && entityKind == other.entityKind && kind.isExactly(other.kind)
                && attribute.rawValue.isExactly(other.attribute.rawValue)
                && (channel ?? "").isExactly(other.channel ?? "")
        }
    }

    mutating func add(_ piece: PlanPiece) {
        // Field by field: to copy one of them counts each of its texts up and down again.
        let statements = piece.statements.span, changes = piece.changes.span
        for index in statements.indices {
            waiting.append(statements[index].text)
            waiting.append(statements[index].guardText)
            let carried = statements[index].changes, parts = statements[index].parts
            waiting.append(carried.count)
            waiting.append(parts.count)
            for part in parts { waiting.append(part) }
            for change in carried {
                add(Surroundings(
                    channel: changes[change].change.channel, action: changes[change].action,
                    entityKind: changes[change].entityKind, kind: changes[change].change.kind,
                    attribute: changes[change].change.attribute))
                waiting.append(changes[change].change.before)
                waiting.append(changes[change].change.value)
                add(changes[change].change.path)
            }
            if waiting.bytes.count >= Self.mostWaiting { flush() }
        }
    }

    /// Only if they are not those of the change before.
    private mutating func add(_ new: Surroundings) {
        guard surroundings?.isExactly(new) != true else { return waiting.append(0) }
        waiting.append(1)
        waiting.append(new.channel ?? "")
        waiting.append(new.action.rawValue)
        waiting.append(new.entityKind.rawValue)
        waiting.append(new.kind)
        waiting.append(new.attribute.rawValue)
        surroundings = new
    }

    /// Only the names that are not those of the path before.
    private mutating func add(_ path: EntityPath) {
        var shared = 0
        while shared < min(names.count, path.names.count), names[shared].isExactly(path.names[shared]) { shared += 1 }
        waiting.append(shared)
        waiting.append(path.names.count)
        for index in shared..<path.names.count { waiting.append(path.names[index]) }
        names = path.names
    }

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

extension PlanScope: Comparable {
    /// By service, then database; the whole service stands before its databases.
    public static func < (one: PlanScope, other: PlanScope) -> Bool {
        guard one.service == other.service else { return one.service < other.service }
        guard let database = other.database else { return false }
        return one.database.map { $0 < database } ?? true
    }
}

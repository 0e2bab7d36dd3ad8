internal import CRevmeta

/// What a connector planned in one call, kept so that the host need not send it back to have it executed: with a plan's texts
/// that takes as long as writing them down took.
///
/// On the session's thread.
final class RunnerPlan {
    /// What the changes lie in.
    private let frame: Frame, arena: Arena
    private let changes: revmeta_changes
    private var statements: [revmeta_statement] = []
    private var texts: Pool<UInt8>, indexes: Pool<Int>
    /// Of the statements' texts, and how many changes they carry.
    private var bytes = 0, carried = 0
    /// Whether it holds all that was planned, and nothing that cannot be executed.
    private(set) var isWhole = true

    /// Of statements with more than that of texts nothing is kept. What they were planned for is there beside them.
    private static let mostBytes = 4 << 20

    init(_ changes: revmeta_changes, in frame: Frame, _ arena: Arena) {
        self.changes = changes
        self.frame = frame
        self.arena = arena
        texts = Pool(arena)
        indexes = Pool(arena)
        statements.reserveCapacity(changes.count)
    }

    /// Takes a statement that can be written down.
    func add(_ statement: revmeta_statement) {
        guard isWhole else { return }
        bytes += Self.bytes(of: statement.text) + Self.bytes(of: statement.guard)
        carried += statement.change_count
        // More changes than there are: some are carried twice, which the host refuses when all is told.
        guard bytes <= Self.mostBytes, carried <= changes.count, let indexes = ownIndexes(of: statement) else {
            isWhole = false
            statements = []
            return
        }
        statements.append(revmeta_statement(
            text: copy(statement.text), changes: indexes, change_count: statement.change_count, guard: copy(statement.guard),
            parts: revmeta_strs(items: nil, count: 0)))
    }

    /// An absent text has no length, whatever it says.
    private static func bytes(of text: revmeta_str) -> Int { text.ptr == nil ? 0 : text.len }

    /// Nil: one of them leads nowhere.
    private func ownIndexes(of statement: revmeta_statement) -> UnsafeMutablePointer<Int>? {
        let own = indexes.take(statement.change_count)
        for place in 0..<statement.change_count {
            guard let index = statement.changes?[place], (0..<changes.count).contains(index) else { return nil }
            own[place] = index
        }
        return own
    }

    private func copy(_ text: revmeta_str) -> revmeta_str {
        guard let start = text.ptr else { return revmeta_str(ptr: nil, len: 0) }
        let own = texts.take(text.len)
        own.withMemoryRebound(to: CChar.self, capacity: text.len) { $0.update(from: start, count: text.len) }
        return revmeta_str(ptr: UnsafeRawPointer(own).assumingMemoryBound(to: CChar.self), len: text.len)
    }

    /// Some of the statements, with the changes that they carry.
    struct Part {
        var plan: RunnerPlan
        var range: Range<Int>
    }

    /// What an execution is given for parts of plans, which must be there until it has ended; nil: there are no such
    /// statements.
    static func lists(_ parts: [Part], in arena: Arena) -> (changes: revmeta_changes, statements: revmeta_statements)? {
        var statementCount = 0, changeCount = 0
        for part in parts {
            guard part.plan.isWhole, part.range.upperBound <= part.plan.statements.count else { return nil }
            statementCount += part.range.count
            for index in part.range { changeCount += part.plan.statements[index].change_count }
        }
        let statements = arena.items(statementCount, of: revmeta_statement.self)
        let changes = arena.items(changeCount, of: revmeta_change.self)
        let indexes = arena.items(changeCount, of: Int.self)
        var statement = 0, change = 0
        for part in parts {
            for index in part.range {
                statements[statement] = part.plan.statements[index]
                statements[statement].changes = UnsafePointer(indexes + change)
                for place in 0..<part.plan.statements[index].change_count {
                    changes[change] = part.plan.changes.items[part.plan.statements[index].changes[place]]
                    indexes[change] = change
                    change += 1
                }
                statement += 1
            }
        }
        return (
            revmeta_changes(items: changes, count: changeCount, stride: MemoryLayout<revmeta_change>.stride),
            revmeta_statements(items: statements, count: statementCount, stride: MemoryLayout<revmeta_statement>.stride)
        )
    }
}

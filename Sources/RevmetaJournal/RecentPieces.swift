internal import RevmetaEngine
internal import RevmetaModel

/// What is to be sent, as far as it fits into memory: asking SQLite for what was just written costs as much as writing it.
///
/// The rest is in the journal alone; so is everything of a scope after a piece that was too much.
struct RecentPieces {
    private var scopes: [PlanScope: Waiting] = [:]
    private var room: Int

    private struct Waiting {
        var batches: [PlannedBatch] = []
        var next = 0
        /// The last statement that was taken out.
        var taken: Int64 = 0
        /// Whether something is in the journal alone.
        var isCut = false
    }

    /// - Parameter bytes: How much the pieces may weigh, together.
    init(bytes: Int) {
        room = bytes
    }

    mutating func append(_ batch: PlannedBatch, of scope: PlanScope) {
        guard !batch.numbers.isEmpty, scopes[scope]?.isCut != true else { return }
        // What is around the texts weighs about as much as a short one.
        var weight = batch.statements.count * 300
        for index in batch.statements.indices {
            weight += batch.statements[index].text.utf8.count
            weight += batch.statements[index].parts.reduce(0) { $0 + $1.utf8.count }
        }
        // A statement that takes a long text away is short, and remembers it.
        for index in batch.changes.indices {
            weight += (batch.changes[index].before?.utf8.count ?? 0) + (batch.changes[index].value?.utf8.count ?? 0)
        }
        guard weight <= room else {
            scopes[scope, default: Waiting()].isCut = true
            return
        }
        room -= weight
        scopes[scope, default: Waiting()].batches.append(batch)
    }

    /// Takes out the next statements of a scope, up to a limit, or a whole piece that is little more: what is cut or joined is
    /// copied. Nil: they must be read from the journal.
    mutating func take(_ scope: PlanScope, after number: Int64, limit: Int) -> PlannedBatch? {
        guard var waiting = scopes.removeValue(forKey: scope) else { return nil }
        defer { scopes[scope] = waiting }
        guard waiting.taken == number else { return nil }
        guard waiting.next < waiting.batches.count else { return waiting.isCut ? nil : PlannedBatch() }
        var taken = PlannedBatch()
        while waiting.next < waiting.batches.count {
            let size = waiting.batches[waiting.next].numbers.count
            if taken.numbers.isEmpty, size > limit + limit / 4 {
                taken = waiting.batches[waiting.next].removeFirst(limit)
                break
            }
            if taken.numbers.isEmpty {
                swap(&taken, &waiting.batches[waiting.next])
                waiting.next += 1
                continue
            }
            guard size <= limit - taken.numbers.count else { break }
            taken.append(waiting.batches[waiting.next])
            waiting.batches[waiting.next] = PlannedBatch()
            waiting.next += 1
        }
        waiting.taken = taken.numbers.last!
        return taken
    }
}

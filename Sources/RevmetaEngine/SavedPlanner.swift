internal import RevmetaModel

/// Takes a plan that was made and kept before, and leaves out what the source holds by now: agreeing with the source is not
/// having written it.
struct SavedPlanner: Sendable {
    let pool: SessionPool
    let journal: any PlanJournal
    let retrying: Retrying
    let log: EngineLog

    /// Keeps a piece of the plan, with what is still to be written.
    func plan(_ piece: PlanPiece, report: inout RunReport) async throws {
        let scope = PlanScope(service: piece.service, database: piece.database)
        var piece = piece
        // What a template wrote is told by what it rendered, not by what the source holds.
        let written = piece.changes.indices.filter { piece.changes[$0].action.isWritten && piece.changes[$0].rendered == nil }
        if !written.isEmpty, !report.failedScopes.contains(scope) {
            let keys = written.map { piece.changes[$0].key }
            let memories = try await journal.memories(of: scope.service, paths: keys.map(\.entity.path))
            do throws(Failure) {
                let actual = try await pool.reading(scope, retrying) { session throws(Failure) in try await session.read(keys) }
                report.usedServices.insert(scope.service)
                var agreed: [Int: String?] = [:]
                for (index, fact) in zip(written, actual) {
                    guard case .known(let value)? = fact?.value, Self.same(value, piece.changes[index].change.value)
                    else { continue }
                    agreed[index] = .some(value)
                }
                if !agreed.isEmpty { leaveOut(agreed, of: &piece, memories: memories, report: &report) }
            } catch {
                // It is kept all the same, as what was not sent.
                report.fail(scope, error)
                log.failed(scope, error)
            }
        }
        log.omissions(of: piece)
        for planned in piece.changes { report.counts.count(planned.action) }
        if !piece.isEmpty { try await journal.append(piece) }
    }

    /// Takes out the statements that would write only what is there, and notes of each fact whose it is.
    ///
    /// A statement may write several facts. One that is there already, and not ours, does not become ours by being written again.
    private func leaveOut(
        _ agreed: [Int: String?], of piece: inout PlanPiece, memories: [FactKey: Memory], report: inout RunReport
    ) {
        var left: Set<Int> = []
        for statement in piece.statements {
            if statement.changes.allSatisfy({ agreed[$0] != nil }) {
                left.formUnion(statement.changes)
            } else {
                for index in statement.changes {
                    guard let value = agreed[index] else { continue }
                    // What is there now is what a way back leads to.
                    piece.changes[index].change.before = value
                    guard value != nil, !isOurs(memories[piece.changes[index].key], value) else { continue }
                    piece.changes[index].action = .restore
                    piece.changes[index].reason = "the source holds it already, and it is not ours"
                }
            }
        }
        guard !left.isEmpty else { return }
        report.counts.unchanged += left.count
        for index in left.sorted() { note(agreed[index]!, of: piece.changes[index].key, memories, in: &piece) }
        piece.statements.removeAll { left.contains($0.changes[0]) }
        var places: [Int: Int] = [:], changes: [PlannedChange] = []
        for index in piece.changes.indices where !left.contains(index) {
            places[index] = changes.count
            changes.append(piece.changes[index])
        }
        piece.changes = changes
        for index in piece.statements.indices {
            piece.statements[index].changes = ChangeIndexes(piece.statements[index].changes.lazy.map { places[$0]! })
        }
    }

    private func isOurs(_ memory: Memory?, _ value: String?) -> Bool {
        if let intent = memory?.intent, intent.isMet(by: value) { return intent.isOurs }
        return memory?.base != nil
    }

    private func note(_ value: String?, of key: FactKey, _ memories: [FactKey: Memory], in piece: inout PlanPiece) {
        guard let memory = memories[key] else { return }
        if let intent = memory.intent, intent.rendered == nil, intent.isMet(by: value) {
            piece.settle(intent, of: key)
        } else if let base = memory.base {
            if memory.template == nil, Self.same(base, value) {
                piece.found.append(key)
            } else {
                piece.bases.append((key, value))
            }
        }
    }

    private static func same(_ one: String?, _ other: String?) -> Bool { (one ?? "").isExactly(other ?? "") }
}

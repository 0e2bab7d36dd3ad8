import RevmetaEngine
import RevmetaModel
import Synchronization

/// A journal whose disk is full from some piece of a plan on.
final class FailingJournal: PlanJournal {
    struct Full: Error {}

    private let journal: any PlanJournal
    private let left: Mutex<Int>

    /// - Parameter pieces: How many pieces of a plan it can keep.
    init(_ journal: any PlanJournal, keeping pieces: Int) {
        self.journal = journal
        left = Mutex(pieces)
    }

    var label: String? { journal.label }

    func append(_ piece: PlanPiece) async throws {
        let hasRoom = left.withLock { left in
            left -= 1
            return left >= 0
        }
        guard hasRoom else { throw Full() }
        try await journal.append(piece)
    }

    func memories(of service: String, paths: [EntityPath]) async throws -> [FactKey: Memory] {
        try await journal.memories(of: service, paths: paths)
    }

    func scopes() async throws -> [PlanScope] { try await journal.scopes() }

    func statements(of scope: PlanScope, after number: Int64, limit: Int) async throws -> PlannedBatch {
        try await journal.statements(of: scope, after: number, limit: limit)
    }

    func willSend(_ scope: PlanScope, through number: Int64) async throws {
        try await journal.willSend(scope, through: number)
    }

    func record(_ outcomes: [RecordedOutcome]) async throws { try await journal.record(outcomes) }

    func beginExecution(of scopes: [PlanScope]) async throws { try await journal.beginExecution(of: scopes) }

    func countManaged(of services: [String], upTo limit: Int) async throws -> Int {
        try await journal.countManaged(of: services, upTo: limit)
    }
}

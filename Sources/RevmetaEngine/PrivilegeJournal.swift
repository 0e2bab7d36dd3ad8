internal import RevmetaModel

/// A journal that keeps no plan, but asks of each planned change whether it may be made.
actor PrivilegeJournal: PlanJournal {
    private let pool: SessionPool
    /// Where what was written before is remembered.
    private let memory: any PlanJournal
    private(set) var refusals: [CheckReport.Group] = []
    /// Refused facts beyond the groups that are told.
    private(set) var others = 0
    private var places: [String: Int] = [:]
    private static let mostGroups = 100
    nonisolated let label: String? = nil

    init(pool: SessionPool, memory: any PlanJournal) {
        self.pool = pool
        self.memory = memory
    }

    func memories(of service: String, paths: [EntityPath]) async throws -> [FactKey: Memory] {
        try await memory.memories(of: service, paths: paths)
    }

    func append(_ piece: PlanPiece) async throws {
        for planned in piece.changes where planned.action == .fail {
            add(Failure(.failed, planned.reason ?? "it cannot be written"), planned, of: piece.service)
        }
        // What a template's statement needs, only its author knows.
        let written = piece.changes.filter { $0.action.isWritten && $0.rendered == nil }
        guard !written.isEmpty else { return }
        let scope = PlanScope(service: piece.service, database: piece.database)
        let open = try await pool.lease(scope)
        let found: [Refusal]
        do throws(Failure) {
            found = try await open.session.check(written.map(\.change))
            await pool.release(scope)
        } catch {
            await pool.release(scope)
            throw error
        }
        for refusal in found { add(refusal.failure, written[refusal.index], of: piece.service) }
    }

    /// Puts alike reasons together. Their number is bounded all the same: a reason may hold anything.
    private func add(_ failure: Failure, _ planned: PlannedChange, of service: String) {
        let key = "\(service) \(failure.status) \(failure.message.withoutNames(of: planned.change.path))"
        if let place = places[key] {
            refusals[place].count += 1
        } else if refusals.count < Self.mostGroups {
            places[key] = refusals.count
            refusals.append(CheckReport.Group(
                service: service, failure: failure, count: 1,
                example: FactKey(
                    entity: Entity(kind: planned.entityKind, path: planned.change.path), attribute: planned.change.attribute)))
        } else {
            others += 1
        }
    }

    func scopes() -> [PlanScope] { [] }

    func statements(of scope: PlanScope, after number: Int64, limit: Int) -> PlannedBatch { PlannedBatch() }

    func record(_ outcomes: [RecordedOutcome]) {}

    func beginExecution(of scopes: [PlanScope]) {}

    func countManaged(of services: [String], upTo limit: Int) async throws -> Int {
        try await memory.countManaged(of: services, upTo: limit)
    }

    func willSend(_ scope: PlanScope, through number: Int64) {}
}

public import RevmetaModel

/// What a check found.
public struct CheckReport: Sendable {
    /// What a run would do now, had nothing ever been written: its counts, failing services and notices.
    public var plan: RunReport
    /// What the services would not let us write, alike reasons together.
    public var refusals: [Group]

    /// Facts of one service that cannot be written for one reason.
    public struct Group: Sendable, Equatable {
        public var service: String
        public var failure: Failure
        public var count: Int
        /// One of them.
        public var example: FactKey
    }

    /// 0: all can be written; 1: something cannot; 3: no service could be used.
    public var exitCode: Int32 {
        plan.exitCode == 0 && !refusals.isEmpty ? 1 : plan.exitCode
    }
}

/// A journal that remembers nothing, and asks of each planned change whether it may be made.
actor PrivilegeJournal: PlanJournal {
    private let pool: SessionPool
    private(set) var refusals: [CheckReport.Group] = []

    init(pool: SessionPool) {
        self.pool = pool
    }

    func memories(of service: String, paths: [EntityPath]) -> [FactKey: Memory] { [:] }

    func append(_ piece: PlanPiece) async throws {
        let written = piece.changes.filter(\.action.isWritten)
        guard !written.isEmpty else { return }
        let open = try await pool.session(for: PlanScope(service: piece.service, database: piece.database))
        for refusal in try await open.session.check(written.map(\.change)) {
            let planned = written[refusal.index]
            if let index = refusals.firstIndex(where: { $0.service == piece.service && $0.failure == refusal.failure }) {
                refusals[index].count += 1
            } else {
                refusals.append(CheckReport.Group(
                    service: piece.service, failure: refusal.failure, count: 1,
                    example: FactKey(
                        entity: Entity(kind: planned.entityKind, path: planned.change.path),
                        attribute: planned.change.attribute)))
            }
        }
    }

    func scopes() -> [PlanScope] { [] }

    func statements(of scope: PlanScope, after number: Int64, limit: Int) -> PlannedBatch { PlannedBatch() }

    func record(_ outcomes: [(changeNumber: Int64, ChangeOutcome)]) {}

    func beginExecution() {}
}

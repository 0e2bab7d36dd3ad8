internal import RevmetaModel

/// Opens sessions as they are needed, a few at a time, and remembers which ones cannot be opened.
///
/// Why a limit: each session is a connection of the source's and a thread of ours, and a service may have hundreds of
/// databases.
actor SessionPool {
    /// An open session, with what it can do.
    struct Open: Sendable {
        var session: any ConnectorSession
        var abilities: Abilities
        /// Of all sessions of the pool, each has another one.
        var number = 0
    }

    private struct Slot {
        var opening: Task<Result<Open, Failure>, Never>
        var leases: Int
        let number: Int
        /// When it was last leased, in leases of the pool.
        var age: Int
    }

    private let provider: any ConnectorProvider
    private let services: [String: ServiceDefinition]
    private let limit: Int
    /// Whether sessions are of use when all is sent.
    private let isForSeveralRuns: Bool
    private var retrying: Retrying
    private var slots: [PlanScope: Slot] = [:]
    private var failures: [PlanScope: Failure] = [:]
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// How many sessions are being closed: each is a connection until that is done.
    private var closing = 0
    private var leaseCount = 0
    private var openCount = 0

    init(
        _ provider: any ConnectorProvider, services: [ServiceDefinition], retrying: Retrying, limit: Int = 8,
        isForSeveralRuns: Bool = false
    ) {
        self.provider = provider
        self.services = Dictionary(services.map { ($0.name, $0) }) { first, _ in first }
        self.limit = limit
        self.isForSeveralRuns = isForSeveralRuns
        self.retrying = retrying
    }

    /// Begins to open the session for a scope that will probably be leased soon, if there is room for it.
    func prepare(_ scope: PlanScope) {
        guard slots[scope] == nil, slots.count + closing < limit, let service = services[scope.service] else { return }
        fill(scope, service)
    }

    private func fill(_ scope: PlanScope, _ service: ServiceDefinition) {
        openCount += 1
        slots[scope] = Slot(opening: open(service, scope.database), leases: 0, number: openCount, age: 0)
    }

    /// The session for a scope, opened if it is not. It stays open at least until it is released.
    func lease(_ scope: PlanScope) async throws(Failure) -> Open {
        while slots[scope] == nil {
            if let failure = failures[scope] { throw failure }
            guard let service = services[scope.service] else {
                throw Failure(.config, "service '\(scope.service)' is not in the configuration")
            }
            if slots.count + closing < limit {
                fill(scope, service)
            } else if closing == 0, let idle = slots.filter({ $0.value.leases == 0 }).min(by: { $0.value.age < $1.value.age })?.key {
                await drop(idle)
            } else {
                await withCheckedContinuation { waiting.append($0) }
            }
        }
        leaseCount += 1
        slots[scope]!.leases += 1
        slots[scope]!.age = leaseCount
        let opening = slots[scope]!.opening, number = slots[scope]!.number
        let result = await opening.ownedValue
        switch result {
        case .success(var open):
            open.number = number
            return open
        case .failure(let failure):
            failures[scope] = failure
            slots[scope] = nil
            wakeOne()
            throw failure
        }
    }

    /// The session of a scope that somebody has leased; nil: it is gone.
    func present(_ scope: PlanScope) async -> Open? {
        guard let slot = slots[scope], case .success(var open) = await slot.opening.value else { return nil }
        open.number = slot.number
        return open
    }

    /// Whether a scope has a session, or is about to.
    func isOpen(_ scope: PlanScope) -> Bool { slots[scope] != nil }

    /// Gives a session back. It stays open for the next lease, unless another scope needs its place.
    func release(_ scope: PlanScope) {
        slots[scope]?.leases -= 1
        wakeOne()
    }

    /// Gives a session back that another holder may have closed meanwhile.
    func release(_ scope: PlanScope, _ open: Open) {
        if slots[scope]?.number == open.number { release(scope) }
    }

    /// Gives a session back when all of its scope is sent. Unless there will be another run the source is let go, and its write
    /// lock is free.
    func finish(_ scope: PlanScope) async {
        if isForSeveralRuns { release(scope) } else { await drop(scope) }
    }

    /// Closes a session, so that the next lease opens another.
    func drop(_ scope: PlanScope) async {
        guard let slot = slots.removeValue(forKey: scope) else { return }
        closing += 1
        if case .success(let open) = await slot.opening.value { await open.session.close() }
        closing -= 1
        wakeOne()
    }

    /// Asks a scope's session something that changes nothing, and again, of another session, if the source failed for the
    /// time being.
    func reading<Answer: Sendable>(
        _ scope: PlanScope, _ retrying: Retrying,
        _ ask: @Sendable (any ConnectorSession) async throws(Failure) -> Answer
    ) async throws(Failure) -> Answer {
        var attempt = 1
        while true {
            let open = try await lease(scope)
            do throws(Failure) {
                let answer = try await ask(open.session)
                release(scope)
                return answer
            } catch {
                release(scope)
                guard await retrying.pause(after: attempt, error, at: scope) else { throw error }
                await drop(scope)
                attempt += 1
            }
        }
    }

    /// Serves another run from now on: what could not be opened before is tried again, as that run wants it.
    func serve(_ retrying: Retrying) {
        failures = [:]
        self.retrying = retrying
    }

    func closeAll() async {
        await withTaskGroup { group in
            for scope in slots.keys { group.addTask { await self.drop(scope) } }
        }
    }

    private func wakeOne() {
        if !waiting.isEmpty { waiting.removeFirst().resume() }
    }

    private func open(_ service: ServiceDefinition, _ database: String?) -> Task<Result<Open, Failure>, Never> {
        let provider = provider, retrying = retrying
        let scope = PlanScope(service: service.name, database: database)
        return Task {
            var attempt = 1
            while true {
                let result = await Self.open(service, database, by: provider)
                guard case .failure(let failure) = result, await retrying.pause(after: attempt, failure, at: scope) else {
                    return result
                }
                attempt += 1
            }
        }
    }

    private static func open(
        _ service: ServiceDefinition, _ database: String?, by provider: any ConnectorProvider
    ) async -> Result<Open, Failure> {
        do throws(Failure) {
            let session = try await provider.open(service, database: database)
            do throws(Failure) {
                return .success(Open(session: session, abilities: Abilities(try await session.abilities())))
            } catch {
                await session.close()
                return .failure(error)
            }
        } catch {
            return .failure(error)
        }
    }
}

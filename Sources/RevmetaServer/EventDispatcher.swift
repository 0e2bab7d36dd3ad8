internal import Logging
internal import RevmetaCatalog
internal import RevmetaJournal
internal import RevmetaModel
internal import RevmetaOpenMetadata
internal import RevmetaRuns
internal import ServiceLifecycle
internal import Synchronization

/// Has what happened at the catalog run: each service's entities in the order of their first events, services side by
/// side.
///
/// What arrives while a service is at work waits for its end, and is then one run, however much it is. What cannot be dealt with
/// for the time being is tried again after longer and longer waits: all of a service if it or the catalog cannot be used, else
/// only those entities, so that one table that is locked holds up no other.
actor EventDispatcher: Service {
    private let supervisor: Supervisor
    private var busy: Set<String> = []
    private var failures: [String: Int] = [:]
    private var postponed = PostponedEntities()
    private nonisolated let wake: AsyncStream<Void>
    private nonisolated let waker: AsyncStream<Void>.Continuation

    /// Entities of one run: each is asked of the catalog by itself.
    private static let mostAtOnce = 500

    init(_ supervisor: Supervisor) {
        self.supervisor = supervisor
        (wake, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Says that something has happened: the journal holds it.
    nonisolated func somethingHappened() {
        waker.yield()
    }

    func run() async throws {
        // What was not dealt with before the last end.
        somethingHappened()
        await withDiscardingTaskGroup { group in
            await withGracefulShutdownHandler {
                for await _ in wake {
                    do {
                        while try await begin(&group) {}
                    } catch {
                        // Whoever is to end asks for nothing more.
                        if Task.isCancelled { return }
                        supervisor.logger.error("what happened at the catalog cannot be read from the journal", metadata: [
                            "reason": "\(supervisor.setup.explain(error))"
                        ])
                        group.addTask { await self.wait(RepeatedWait.first) }
                    }
                }
            } onGracefulShutdown: {
                self.waker.finish()
            }
        }
    }

    /// Begins a run of what is pending at services that are idle. Says whether there was any.
    private func begin(_ group: inout DiscardingTaskGroup) async throws -> Bool {
        let pending = try await supervisor.journal.pending(
            limit: Self.mostAtOnce, except: busy, postponed.waiting(at: .now))
        let services = Dictionary(grouping: pending) { $0.service ?? "" }.filter { !busy.contains($0.key) }
        for (service, entities) in services {
            busy.insert(service)
            group.addTask { await self.deal(with: entities, of: service) }
        }
        return !services.isEmpty && pending.count == Self.mostAtOnce
    }

    private func deal(with entities: [PendingEntity], of service: String) async {
        var isReached = false, left: Set<PendingEntity.Key> = []
        do {
            let attempt = 1 + max(failures[service, default: 0], postponed.failures(of: entities))
            if let again = try await supervisor.deal(with: entities, attempt: attempt) {
                left = again
                try await supervisor.journal.settle(entities.filter { !left.contains($0.key) })
                isReached = true
            }
        } catch {
            // Whoever is to end leaves it to the next start.
            if !Task.isCancelled {
                supervisor.logger.error("what happened at the catalog cannot be dealt with for the time being", metadata: [
                    "service": "\(service)", "entities": "\(entities.count)", "reason": "\(supervisor.setup.explain(error))",
                ])
            }
        }
        if isReached {
            failures[service] = nil
            if let wait = postponed.take(entities, left: left, now: .now) {
                supervisor.logger.warning("what could not be dealt with is tried again, and holds up nothing else", metadata: [
                    "service": "\(service)", "entities": "\(left.count)", "wait_seconds": "\(wait.components.seconds)",
                ])
                Task { await self.wait(wait) }
            }
        } else {
            failures[service, default: 0] += 1
            await wait(RepeatedWait.after(failures: failures[service]!))
        }
        busy.remove(service)
        somethingHappened()
    }

    /// Waits, unless the server is about to end.
    private func wait(_ time: Duration) async {
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: time) }
        somethingHappened()
    }
}

extension Supervisor {
    /// Runs what happened to entities of one service of the catalog, at each service that channels write them to.
    ///
    /// - Parameter attempt: From 1.
    /// - Returns: Those that are to be tried again; nil: all, and not soon, since nothing can be done for the time being.
    func deal(with entities: [PendingEntity], attempt: Int) async throws -> Set<PendingEntity.Key>? {
        let generation = generation
        await generation.begin()
        do {
            let left = try await generation.withCatalog { try await self.deal(with: entities, $0, generation, attempt) }
            await generation.end()
            return left
        } catch {
            await generation.end()
            throw error
        }
    }

    private func deal(
        with entities: [PendingEntity], _ catalog: OpenCatalog, _ generation: Generation, _ attempt: Int
    ) async throws -> Set<PendingEntity.Key>? {
        guard case .server(let server) = catalog.source else {
            throw ServerRefusal.settings("a folder of saved answers has no events: catalog.hostPort names a server")
        }
        let services = generation.configuration.sinks(ofEntitiesOf: entities.first?.service)
        return await withTaskGroup(of: Set<PendingEntity.Key>?.self) { group in
            for service in services {
                let reach = CatalogReach(catalog.configuration, sinks: [service])
                let unread = UnreadEntities()
                let batches = server.batches(of: entities, reach, unread: unread)
                let part = CatalogPart(catalog: catalog, entities: .changed(batches))
                group.addTask {
                    switch await self.runChanges(part, at: service, of: generation, attempt: attempt) {
                    case .over: self.left(of: entities, unread)
                    case .incomplete: Set(entities.map(\.key))
                    case .unusable: nil
                    }
                }
            }
            var left: Set<PendingEntity.Key>? = []
            for await one in group { left = one.flatMap { left?.union($0) } }
            return left
        }
    }

    /// Those that the catalog could not tell.
    private nonisolated func left(of entities: [PendingEntity], _ unread: UnreadEntities) -> Set<PendingEntity.Key> {
        let reasons = unread.reasons, left = entities.filter { reasons[$0.entityID] != nil }
        for entity in left {
            logger.warning("the catalog does not tell what became of an entity", metadata: [
                "entity": "\(entity.qualifiedName ?? entity.entityID)", "reason": "\(reasons[entity.entityID]!)",
            ])
        }
        return Set(left.map(\.key))
    }
}

extension Configuration {
    /// The services that channels write the entities of a service to.
    ///
    /// - Parameter service: Nil: it is not known which one.
    fileprivate func sinks(ofEntitiesOf service: String?) -> [String] {
        services.map(\.name).filter { sink in
            guard let service else { return true }
            return CatalogReach(self, sinks: [sink]).includes(service: service)
        }
    }
}

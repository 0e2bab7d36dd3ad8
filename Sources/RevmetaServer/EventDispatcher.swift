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
/// What arrives while a service is at work waits for its end, and is then one run, however much it is.
actor EventDispatcher: Service {
    private let supervisor: Supervisor
    private var busy: Set<String> = []
    private var failures: [String: Int] = [:]
    private nonisolated let wake: AsyncStream<Void>
    private nonisolated let waker: AsyncStream<Void>.Continuation

    /// Entities of one run: each is asked of the catalog by itself.
    private static let mostAtOnce = 500
    private static let firstWait = Duration.seconds(1)
    private static let longestWait = Duration.seconds(60)

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
                        supervisor.logger.error("what happened at the catalog cannot be read from the journal", metadata: [
                            "reason": "\(supervisor.setup.explain(error))"
                        ])
                        group.addTask { await self.wait(Self.firstWait) }
                    }
                }
            } onGracefulShutdown: {
                self.waker.finish()
            }
        }
    }

    /// Begins a run of what is pending at services that are idle. Says whether there was any.
    private func begin(_ group: inout DiscardingTaskGroup) async throws -> Bool {
        let pending = try await supervisor.journal.pending(limit: Self.mostAtOnce, except: busy)
        let services = Dictionary(grouping: pending) { $0.service ?? "" }.filter { !busy.contains($0.key) }
        for (service, entities) in services {
            busy.insert(service)
            group.addTask { await self.deal(with: entities, of: service) }
        }
        return !services.isEmpty && pending.count == Self.mostAtOnce
    }

    private func deal(with entities: [PendingEntity], of service: String) async {
        var isDone = false
        do {
            isDone = try await supervisor.deal(with: entities, attempt: 1 + failures[service, default: 0])
            if isDone { try await supervisor.journal.settle(entities) }
        } catch {
            isDone = false
            supervisor.logger.error("what happened at the catalog cannot be dealt with for the time being", metadata: [
                "service": "\(service)", "entities": "\(entities.count)", "reason": "\(supervisor.setup.explain(error))",
            ])
        }
        if isDone { failures[service] = nil } else {
            failures[service, default: 0] += 1
            await wait(min(Self.longestWait, Self.firstWait * (1 << min(failures[service]! - 1, 6))))
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
    /// - Returns: Whether it need not be tried again.
    func deal(with entities: [PendingEntity], attempt: Int) async throws -> Bool {
        let generation = generation
        await generation.begin()
        do {
            let isDone = try await generation.withCatalog { try await self.deal(with: entities, $0, generation, attempt) }
            await generation.end()
            return isDone
        } catch {
            await generation.end()
            throw error
        }
    }

    private func deal(
        with entities: [PendingEntity], _ catalog: OpenCatalog, _ generation: Generation, _ attempt: Int
    ) async throws -> Bool {
        guard case .server(let server) = catalog.source else {
            throw ServerRefusal.settings("a folder of saved answers has no events: catalog.hostPort names a server")
        }
        let services = generation.configuration.sinks(ofEntitiesOf: entities.first?.service)
        return await withTaskGroup { group in
            for service in services {
                let reach = CatalogReach(catalog.configuration, sinks: [service])
                let batches = server.batches(of: entities.compactMap(ChangedEntity.init), reach)
                let part = CatalogPart(catalog: catalog, entities: .changed(batches))
                group.addTask { await self.runChanges(part, at: service, of: generation, attempt: attempt) }
            }
            var isDone = true
            for await one in group { isDone = isDone && one }
            return isDone
        }
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

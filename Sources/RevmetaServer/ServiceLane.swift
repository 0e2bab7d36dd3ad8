internal import RevmetaEngine
internal import RevmetaModel

/// A run that is over.
struct EndedRun: Sendable {
    var run: Int64
    var report: RunReport
}

/// What runs of one service wait for each other by: one at a time, in the order in which they were asked for.
///
/// Its sessions stay open for a while, so that an event need not wait for a connection.
actor ServiceLane {
    private struct Warm {
        var sessions: WarmSessions
        var generation: Int
        var service: ServiceDefinition
    }

    private var tail: Task<Void, Never>?
    private var warm: Warm?
    private var runs = 0

    /// After how long without a run the sessions are closed, and with them the lock that keeps other writers away.
    private static let idleTime = Duration.seconds(30)

    /// Does a run's work after those before it, with open sessions.
    ///
    /// - Parameter service: The service as it is reached by now.
    func perform(
        _ service: ServiceDefinition, of generation: Generation,
        _ body: @escaping @Sendable (WarmSessions) async throws -> EndedRun
    ) async throws -> EndedRun {
        let before = tail
        let task = Task {
            await before?.value
            try Task.checkCancellation()
            let sessions = await sessions(for: service, of: generation)
            do {
                let ended = try await body(sessions)
                if ended.report.failures.isEmpty { closeWhenIdle() } else { await close() }
                return ended
            } catch {
                // What state they are in is anybody's guess.
                await close()
                throw error
            }
        }
        tail = Task { _ = await task.result }
        return try await withTaskCancellationHandler { try await task.value } onCancel: { task.cancel() }
    }

    /// Closes the sessions of a generation after what was asked for by now.
    func letGo(of generation: Int) async {
        await tail?.value
        if warm?.generation == generation { await close() }
    }

    private func sessions(for service: ServiceDefinition, of generation: Generation) async -> WarmSessions {
        runs += 1
        if let warm, warm.generation == generation.number, warm.service == service { return warm.sessions }
        await close()
        let sessions = WarmSessions(generation.host, services: [service])
        warm = Warm(sessions: sessions, generation: generation.number, service: service)
        return sessions
    }

    private func close() async {
        guard let old = warm else { return }
        warm = nil
        await old.sessions.close()
    }

    private func closeWhenIdle() {
        let number = runs
        Task {
            try await Task.sleep(for: Self.idleTime)
            if number == runs { await close() }
        }
    }
}

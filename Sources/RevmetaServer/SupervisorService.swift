internal import ServiceLifecycle

/// Keeps the supervisor until everything that asks it for work has ended.
struct SupervisorService: Service {
    let supervisor: Supervisor

    func run() async throws {
        try? await gracefulShutdown()
        await supervisor.shutDown()
    }
}

/// Asks runs to stop as soon as the server is to end: whoever waits for them would not end before they do.
struct RunStopper: Service {
    let supervisor: Supervisor

    func run() async throws {
        try? await gracefulShutdown()
        await supervisor.stopRuns()
    }
}

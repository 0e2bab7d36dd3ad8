internal import ServiceLifecycle
internal import UnixSignals

/// Has the configuration read again on SIGHUP.
struct Reloading: Service {
    let supervisor: Supervisor

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() { await supervisor.reload() }
    }
}

internal import ServiceLifecycle
internal import UnixSignals

/// SIGHUP, from the beginning of a server on: one that comes before the server has begun must not end the process.
public struct HangUps: Sendable {
    let signals: UnixSignalsSequence

    public init() async {
        signals = await UnixSignalsSequence(trapping: .sighup)
    }
}

/// Has the configuration read again on SIGHUP.
struct Reloading: Service {
    let supervisor: Supervisor
    let hangUps: HangUps

    func run() async throws {
        for await _ in hangUps.signals.cancelOnGracefulShutdown() { await supervisor.reload() }
    }
}

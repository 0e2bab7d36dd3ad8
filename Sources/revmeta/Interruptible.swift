internal import ArgumentParser
internal import Logging
internal import RevmetaEngine
internal import RevmetaModel

/// Does work that Ctrl-C or SIGTERM stops: once, after what is being sent; twice, at once. Throws the exit status of a run that
/// was stopped.
func interruptible(
    _ stop: StopRequest, _ body: @escaping @Sendable () async throws -> RunReport
) async throws -> RunReport {
    let work = Task { try await complaining { try await body() } }
    let trap = SignalTrap {
        LogOutput.tell(.notice, "Stopping after what is being sent; once more to stop at once.")
        stop.request()
    } second: {
        work.cancel()
    }
    do {
        let report = try await work.value
        let isStopped = report.isStopped || report.failures.values.contains { $0.status == .cancelled }
        if isStopped { throw ExitCode(trap.exitStatus ?? report.exitCode) }
        return report
    } catch let complaint as Complaint {
        guard let status = trap.exitStatus else { throw complaint }
        LogOutput.tell(.error, complaint.text)
        throw ExitCode(status)
    }
}

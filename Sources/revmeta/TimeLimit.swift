internal import Logging
internal import RevmetaEngine
internal import RevmetaModel

/// Does a run's work, and asks it to stop when its time is over.
func within<Result>(
    _ limit: Duration?, _ stop: StopRequest, _ body: () async throws -> Result
) async throws -> Result {
    let clock = limit.map { limit in
        Task {
            guard (try? await Task.sleep(for: limit)) != nil else { return }
            LogOutput.tell(
                .warning,
                "The run takes longer than runTimeout, \(limit.components.seconds) s: it stops after what is being sent.")
            stop.request()
        }
    }
    defer { clock?.cancel() }
    return try await body()
}

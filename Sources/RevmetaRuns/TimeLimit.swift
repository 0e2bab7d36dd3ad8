public import RevmetaEngine

/// Does a run's work, and asks it to stop when its time is over.
///
/// - Parameter tell: Given a sentence about it, should it come to that.
public func within<Result>(
    _ limit: Duration?, _ stop: StopRequest, tell: @escaping @Sendable (String) -> Void, _ body: () async throws -> Result
) async throws -> Result {
    let clock = limit.map { limit in
        Task {
            guard (try? await Task.sleep(for: limit)) != nil else { return }
            tell("The run takes longer than runTimeout, \(limit.components.seconds) s: it stops after what is being sent.")
            stop.request()
        }
    }
    defer { clock?.cancel() }
    return try await body()
}

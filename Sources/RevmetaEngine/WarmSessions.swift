public import RevmetaModel

/// Sessions that stay open from one run to the next, for runs that follow each other within seconds.
///
/// One run at a time. A session that writes holds the source's write lock until it is closed.
public struct WarmSessions: Sendable {
    let pool: SessionPool

    /// - Parameter retries: When a session that could not be opened for the time being is tried again.
    public init(_ provider: any ConnectorProvider, services: [ServiceDefinition], retries: RetryPolicy) {
        pool = SessionPool(
            provider, services: services,
            retrying: Retrying(
                policy: retries, stop: StopRequest(), log: EngineLog(Engine.silence),
                sleep: { try await Task.sleep(for: $0) }))
    }

    /// Closes them. They open again as they are needed.
    public func close() async {
        await pool.closeAll()
    }
}

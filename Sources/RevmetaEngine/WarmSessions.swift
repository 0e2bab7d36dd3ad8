public import RevmetaModel

/// Sessions that outlast a run: for runs that follow each other within seconds, and for who has something to do while the last
/// of them are being closed.
///
/// One run at a time. A session that writes holds the source's write lock until it is closed.
public struct WarmSessions: Sendable {
    let pool: SessionPool

    /// - Parameter isForSeveralRuns: Whether a session stays open when all is sent that goes out by it.
    public init(_ provider: any ConnectorProvider, services: [ServiceDefinition], isForSeveralRuns: Bool = true) {
        pool = SessionPool(provider, services: services, retrying: Retrying.never, isForSeveralRuns: isForSeveralRuns)
    }

    /// Closes them. They open again as they are needed.
    public func close() async {
        await pool.closeAll()
    }
}

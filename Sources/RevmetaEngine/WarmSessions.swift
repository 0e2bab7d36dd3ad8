public import RevmetaModel

/// Sessions that outlast a run: for runs that follow each other within seconds, and for who has something to do while they are
/// being closed.
///
/// One run at a time. A session that writes holds the source's write lock until it is closed.
public struct WarmSessions: Sendable {
    let pool: SessionPool

    public init(_ provider: any ConnectorProvider, services: [ServiceDefinition]) {
        pool = SessionPool(provider, services: services, retrying: Retrying.never)
    }

    /// Closes them. They open again as they are needed.
    public func close() async {
        await pool.closeAll()
    }
}

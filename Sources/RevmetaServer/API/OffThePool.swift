internal import NIOPosix

/// Does what waits for a file or for SQLite, on a thread that may wait: those of Swift's pool are few, and a machine of
/// two cores would answer nobody else meanwhile.
func offThePool<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await NIOThreadPool.singleton.runIfActive(body)
}

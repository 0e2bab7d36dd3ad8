internal import RevmetaCatalog

/// The users and teams of a server, read once, and only if somebody owns something.
actor PrincipalLookup {
    private var reading: Task<PrincipalDirectory, any Error>?

    func directory(_ read: @escaping @Sendable () async throws -> PrincipalDirectory) async throws -> PrincipalDirectory {
        if let reading { return try await reading.value }
        let task = Task { try await read() }
        reading = task
        do {
            return try await task.value
        } catch {
            // Who asks after it may have more luck.
            reading = nil
            throw error
        }
    }
}

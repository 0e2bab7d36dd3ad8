internal import RevmetaCatalog

/// The users and teams, read once, and only if somebody owns something.
actor PrincipalLookup {
    private let read: @Sendable () async throws -> PrincipalDirectory
    private var reading: Task<PrincipalDirectory, any Error>?

    init(_ read: @escaping @Sendable () async throws -> PrincipalDirectory) {
        self.read = read
    }

    func directory() async throws -> PrincipalDirectory {
        if let reading { return try await reading.value }
        let task = Task { [read] in try await read() }
        reading = task
        return try await task.value
    }
}

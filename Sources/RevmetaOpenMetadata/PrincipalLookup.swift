internal import RevmetaCatalog

/// The users and teams of a server, read once, and only if somebody owns something.
actor PrincipalLookup {
    typealias Read = @Sendable () async throws -> PrincipalDirectory

    private var reading: Task<PrincipalDirectory, any Error>?
    private var readings = 0
    /// Owners that were not found after everything was read anew: asking once more would not help.
    private var absent: Set<String> = []

    func directory(_ read: @escaping Read) async throws -> PrincipalDirectory {
        if let reading { return try await reading.value }
        let task = Task { try await read() }
        reading = task
        readings += 1
        do {
            return try await task.value
        } catch {
            // Who asks after it may have more luck.
            reading = nil
            throw error
        }
    }

    /// The same, read anew if it does not know an owner: somebody may have been made one as soon as he was there.
    ///
    /// - Parameter owners: Ids.
    func directory(knowing owners: [String], _ read: @escaping Read) async throws -> PrincipalDirectory {
        let number = readings, known = try await directory(read)
        func strangers(to directory: PrincipalDirectory) -> [String] {
            owners.filter { !directory.knows(id: $0) && !absent.contains($0) }
        }
        guard !strangers(to: known).isEmpty else { return known }
        // Another may have read it anew meanwhile, or this one just did.
        if readings == number { reading = nil }
        let renewed = try await directory(read)
        absent.formUnion(strangers(to: renewed))
        return renewed
    }
}

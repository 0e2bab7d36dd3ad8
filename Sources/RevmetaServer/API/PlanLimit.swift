internal import HTTPTypes

/// Keeps the number of plans that are made at the same time small: each reads the catalog and asks every source.
actor PlanLimit {
    private var going = 0

    private static let most = 4

    func within<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        guard going < Self.most else {
            throw Problem(
                .tooManyRequests, "expected at most \(Self.most) plans at the same time: wait for one of them",
                headers: [.retryAfter: "10"])
        }
        going += 1
        defer { going -= 1 }
        return try await body()
    }
}

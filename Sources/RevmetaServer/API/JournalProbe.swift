internal import RevmetaJournal

/// Finds out whether the journal can be written, not more often than each second, however often it is asked.
actor JournalProbe {
    private let write: @Sendable () async throws -> Void
    private let patience: Duration
    private var last: (time: ContinuousClock.Instant, problem: String?)?
    private var going: Task<String?, Never>?

    /// - Parameters:
    ///   - patience: How long a writing may take.
    ///   - write: Writes something that changes nothing.
    init(patience: Duration = .seconds(5), write: @escaping @Sendable () async throws -> Void) {
        self.patience = patience
        self.write = write
    }

    /// Why the journal cannot be written; nil: it can.
    func problem(explain: @escaping @Sendable (any Error) -> String) async -> String? {
        if let last, .now - last.time < .seconds(1) { return last.problem }
        if let going { return await going.value }
        let task = Task { [write, patience] in
            await withTaskGroup(of: String?.self) { group in
                group.addTask {
                    do {
                        try await write()
                        return nil
                    } catch {
                        return explain(error)
                    }
                }
                group.addTask {
                    guard (try? await Task.sleep(for: patience)) != nil else { return nil }
                    return "the journal could not be written for \(patience.components.seconds) s"
                }
                let first = await group.next() ?? nil
                group.cancelAll()
                return first
            }
        }
        going = task
        let problem = await task.value
        going = nil
        last = (.now, problem)
        return problem
    }
}

internal import FoundationEssentials
internal import GRDB
public import RevmetaEngine
internal import Synchronization

// How a run ends.
extension RunStore {
    /// Notes that the run is over. What has no outcome yet stays open if its fate is unknown.
    ///
    /// - Parameter keepsEmpty: Whether a run is remembered that looked at nothing it would have to tell of.
    public func finish(_ report: RunReport, keepsEmpty: Bool = true) async throws {
        guard !isDraft else { return }
        defer { isOver() }
        if !keepsEmpty, state.withLock({ $0.scopeRows.isEmpty }) {
            return try await forget()
        }
        let counts = try Self.text(of: report.counts)
        // A run with open intents stays 'executing', so that the next one settles them.
        let state =
            if report.counts.unsettled > 0 { "executing" } else if report.isStopped { "stopped" } else {
                report.exitCode == 0 ? "finished" : "failed"
            }
        try await store.write { [run] db in
            try db.execute(
                sql: "UPDATE run SET state = ?, finished = ?, report = ?, reason = ? WHERE id = ?",
                arguments: [state, Date().formatted(.iso8601), counts, report.reason, run])
            try endSettledRuns(in: db)
            try FoundFacts.dropRepeated(by: run, except: report.failedScopes, in: db)
        }
    }

    /// Earlier runs whose last intent was settled by this one are over.
    private func endSettledRuns(in db: Database) throws {
        let earlier = try Int64.fetchAll(
            db, sql: "SELECT id FROM run WHERE state = 'executing' AND id < ?", arguments: [run])
        let goingOn = journal?.goingOn.withLock { $0 } ?? []
        for earlier in earlier where !goingOn.contains(earlier) {
            let numbers = Schema.changes(of: earlier)
            try db.execute(
                sql: """
                    UPDATE run SET state = 'failed', finished = coalesce(finished, ?)
                    WHERE id = ? AND NOT EXISTS (
                        SELECT 1 FROM recorded WHERE number BETWEEN ? AND ? AND was_sent AND outcome IS NULL)
                    """,
                arguments: [Date().formatted(.iso8601), earlier, numbers.lowerBound, numbers.upperBound])
            guard db.changesCount > 0, let counts = try RunReport.Counts(ofChangesIn: earlier, db) else { continue }
            try db.execute(
                sql: "UPDATE run SET report = ? WHERE id = ?", arguments: [try Self.text(of: counts), earlier])
        }
    }

    private static func text(of counts: RunReport.Counts) throws -> String {
        String(decoding: try JSONEncoder().encode(counts), as: UTF8.self)
    }

    private func forget() async throws {
        try await store.write { [run] db in try db.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [run]) }
    }

    /// Notes that the run ended early, for a reason outside the sources. What was sent may be open.
    ///
    /// - Parameters:
    ///   - reason: For people.
    ///   - keepsEmpty: Whether it is remembered though it came to nothing.
    public func abandon(because reason: String, keepsEmpty: Bool = true) async throws {
        guard !isDraft else { return }
        defer { isOver() }
        if !keepsEmpty, state.withLock({ $0.scopeRows.isEmpty }) { return try await forget() }
        try await store.write { [run] db in
            // Only a run that came to send anything leaves intents for the next one to settle.
            try db.execute(
                sql: "UPDATE run SET state = 'failed', finished = ?, reason = ? WHERE id = ? AND state = 'planning'",
                arguments: [Date().formatted(.iso8601), reason, run])
            try db.execute(
                sql: "UPDATE run SET reason = ? WHERE id = ? AND state = 'executing'", arguments: [reason, run])
        }
    }
}

extension RunReport {
    /// Why it did not do what it was to; nil: it did, as far as its changes tell.
    fileprivate var reason: String? {
        let lines = [refusal.map { "\($0)" }].compactMap(\.self)
            + failures.sorted { $0.key < $1.key }.map { "service '\($0.key)' failed: \($0.value)" }
        // What has lines of its own is still one reason.
            .map { $0.replacing("\n", with: "\n    ") }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }
}

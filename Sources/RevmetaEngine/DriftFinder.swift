internal import RevmetaModel

/// Compares what revmeta wrote with what the sources hold, piece by piece.
struct DriftFinder: Sendable {
    let provider: any ConnectorProvider
    let services: [ServiceDefinition]
    let pool: SessionPool
    let retrying: Retrying

    /// Tells what is not as it was written.
    func find<Pieces: AsyncSequence>(
        in pieces: Pieces, stop: StopRequest, progress: (Progress) -> Void, _ visit: (Drift) throws -> Void
    ) async throws -> DriftReport where Pieces.Element == [ManagedFact] {
        var report = DriftReport()
        var scopes: [String: ConnectorDescription.SessionScope] = [:]
        for try await piece in pieces {
            if stop.isRequested { throw StoppedWhilePlanning() }
            guard let first = piece.first, report.failures[first.service] == nil else { continue }
            do {
                if scopes[first.service] == nil { scopes[first.service] = try await scope(of: first.service) }
                let database = scopes[first.service] == .database ? first.key.entity.path.database : nil
                let readable = piece.filter { $0.held != .unread }
                report.unreadable += piece.count - readable.count
                guard !readable.isEmpty else { continue }
                let drifts = try await drifts(in: readable, of: PlanScope(service: first.service, database: database))
                report.compared += readable.count
                for drift in drifts {
                    switch drift.found {
                    case .changed: report.changed += 1
                    case .gone: report.gone += 1
                    case .unknown: report.unknown += 1
                    }
                    try visit(drift)
                }
                progress(.compared(facts: readable.count))
            } catch let failure as Failure {
                report.failures[first.service] = failure
            }
        }
        return report
    }

    private func scope(of service: String) async throws(Failure) -> ConnectorDescription.SessionScope {
        guard let definition = services.first(where: { $0.name == service }) else {
            throw Failure(.config, "service '\(service)' is not in the configuration")
        }
        return try await provider.connector(for: definition).scope
    }

    private func drifts(in piece: [ManagedFact], of scope: PlanScope) async throws(Failure) -> [Drift] {
        let facts: [SourceFact?]
        do throws(Failure) {
            facts = try await pool.reading(scope, retrying) { session throws(Failure) in
                try await session.read(piece.map(\.key))
            }
        } catch {
            // With its database everything in it is gone.
            guard scope.database != nil, error.status == .notFound else { throw error }
            return piece.map { Drift(fact: $0, found: .gone) }
        }
        return zip(piece, facts).compactMap { fact, found in
            guard let found else { return Drift(fact: fact, found: .gone) }
            let held: String = if case .value(let held) = fact.held { held ?? "" } else { fact.value }
            switch found.value {
            case .known(let value) where (value ?? "").isExactly(held): return nil
            case .known(let value): return Drift(fact: fact, found: .changed(value))
            case .unknown(let reason): return Drift(fact: fact, found: .unknown(reason: reason))
            case nil:
                let what = "the source does not tell the \(fact.key.attribute) of this \(found.kind)"
                return Drift(fact: fact, found: .unknown(reason: what))
            }
        }
    }
}

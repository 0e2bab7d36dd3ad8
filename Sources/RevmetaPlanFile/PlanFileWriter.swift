internal import FoundationEssentials
public import RevmetaEngine
internal import RevmetaJSON
public import RevmetaJournal
public import RevmetaModel

/// Writes a plan, a statement at a time, so that memory does not grow with the plan.
public struct PlanFileWriter {
    private let version: String
    private let services: [ServiceDefinition]
    private let write: (String) throws -> Void

    /// - Parameters:
    ///   - version: Of revmeta.
    ///   - services: Of the configuration that the plan was made with.
    ///   - write: Where the text goes, piece by piece.
    public init(version: String, services: [ServiceDefinition], write: @escaping (String) throws -> Void) {
        self.version = version
        self.services = services
        self.write = write
    }

    /// Writes a plan. What was planned for a session that failed is left out, since it is not whole.
    ///
    /// - Parameter report: Encoded as the plan's report.
    /// - Returns: The plan's hash; nil: it has no statements.
    @discardableResult
    public func write(_ store: RunStore, failedScopes: Set<PlanScope>, report: some Encodable) throws -> String? {
        let line = LineEncoder()
        func isWhole(_ change: ListedChange) -> Bool {
            !failedScopes.contains(PlanScope(service: change.service, database: change.database))
        }
        let services = services.map { PlanFileFormat.Service(name: $0.name, type: $0.type) }
        try write("""
            {
              "format": \(try line.text(PlanFileFormat.name)),
              "version": \(try line.text(version)),
              "made": \(try line.text(Date().formatted(.iso8601))),
              "services": \(try line.text(services)),
              "statements": [
            """)
        var statements = ListWriter(write), statement: SavedStatement?
        try store.list { change in
            guard change.statement != nil, isWhole(change) else { return }
            if let sent = change.statementText {
                if let statement { try statements.add(statement) }
                statement = SavedStatement(
                    service: change.service, database: change.database, text: sent, guard: change.guardText,
                    parts: change.parts.isEmpty ? nil : change.parts, changes: [])
            }
            statement?.changes.append(SavedChange(change))
        }
        if let statement { try statements.add(statement) }
        try write("\n  ],\n  \"notWritten\": [")
        var notWritten = ListWriter(write)
        try store.list { change in
            if change.statement == nil { try notWritten.add(SavedOmission(change)) }
        }
        let hash = store.planHash(of: store.scopes().filter { !failedScopes.contains($0) })
        try write("\n  ],\n  \"hash\": \(try line.text(hash)),\n  \"report\": \(try line.text(report))\n}\n")
        return hash
    }
}

package import RevmetaPlugin

/// One session with one database of a PostgreSQL server.
package final class PostgresConnector: Connector, GradualExecutor {
    package static let dialect = Dialect.postgresql

    private let batchSize: Int
    private let lanes: Lanes
    private let encoding: DatabaseEncoding
    private var holdsWriteLock = false
    private var connection: Connection { lanes.main }
    private var reader: Reader { Reader(connection: lanes.main) }

    package init(settings: Settings, call: Call) throws(Failure) {
        let checked = try ConnectionSettings(settings)
        batchSize = checked.batchSize
        lanes = Lanes(try Connection(checked, call), most: checked.writeConnections) { () throws(Failure) in
            try ConnectionAttempt(ConnectionSettings(settings))
        }
        encoding = DatabaseEncoding(of: lanes.main)
    }

    package func abilities(_ call: Call) throws(Failure) -> [Ability] {
        ObjectKind.allCases.flatMap { kind in
            [
                Ability(
                    kind: kind.rawValue, attribute: "description", canClear: true, emptyIsNull: true, text: .noNUL),
                kind.hasOwner
                    ? Ability(kind: kind.rawValue, attribute: "owner", text: .noNUL)
                    : Ability(
                        kind: kind.rawValue, attribute: "owner", support: .unsupported,
                        note: ObjectKind.columnOwnerNote),
                Ability(
                    kind: kind.rawValue, attribute: "tag.", support: .unsupported,
                    note: "PostgreSQL has no tags; a template can write them in a way of your own"),
            ]
        }
    }

    package func read(
        _ entities: [Entity], attributes: [String], into facts: borrowing FactSink, _ call: Call
    ) throws(Failure) {
        for (index, reading) in try reader.read(entities, call).enumerated() {
            guard let kind = reading.kind else { continue }
            for (number, attribute) in attributes.enumerated() {
                switch reading {
                case .found(let found):
                    let value: String? =
                        switch attribute {
                        case "description": found.description
                        case "owner": kind.hasOwner ? found.owner : nil
                        default: nil
                        }
                    try facts.emit(entity: index, attribute: number, kind: kind.rawValue, value: value)
                case .unknown(_, let reason):
                    try facts.emitUnknown(entity: index, attribute: number, kind: kind.rawValue, because: reason)
                case .absent: break
                }
            }
        }
    }

    package func plan(_ changes: [Change], into plan: borrowing PlanSink, _ call: Call) throws(Failure) {
        lanes.willPlan(changes.count)
        try Planner(reader: reader, encoding: encoding, database: connection.database).plan(changes, into: plan, call)
    }

    package func check(_ changes: [Change], into outcomes: borrowing OutcomeSink, _ call: Call) throws(Failure) {
        let failures = try PrivilegeCheck(reader: reader, connection: connection).failures(of: changes, call)
        for (index, failure) in failures.sorted(by: { $0.key < $1.key }) { try outcomes.fail(index, failure) }
    }

    package func execute(
        _ statements: StatementList, into outcomes: borrowing OutcomeSink, _ call: Call
    ) throws(Failure) {
        if !holdsWriteLock {
            if let taken = try WriteLock.take(connection, call) {
                // Nothing was sent, which an outcome of each statement says and a failing call would not.
                for index in 0..<statements.count { try outcomes.fail(index, taken) }
                return
            }
            holdsWriteLock = true
        }
        try Executor(lanes: lanes, batchSize: batchSize).execute(statements, into: outcomes, call)
    }

    package func close() {
        lanes.close()
    }
}

extension Reading {
    fileprivate var kind: ObjectKind? {
        switch self {
        case .absent: nil
        case .found(let found): found.kind
        case .unknown(let kind, _): kind
        }
    }
}

package import RevmetaPlugin

/// One session with a MySQL or MariaDB server, with all of its databases.
///
/// A path's first name is what the catalog calls the server itself, and is not looked at; the second is the database.
package final class MySQLConnector: Connector, Interruptible {
    package static let dialect = Dialect.mysql

    private let connection: Connection
    private let interrupter: Interrupter
    private var locks = WriteLocks()

    package init(settings: Settings, call: Call) throws(Failure) {
        connection = try Connection(try ConnectionSettings(settings), call)
        interrupter = connection.interrupter
    }

    package func abilities(_ call: Call) throws(Failure) -> [Ability] {
        ObjectKind.allCases.flatMap { kind in
            [
                kind.description(connection.flavour),
                Ability(
                    kind: kind.rawValue, attribute: "owner", support: .unsupported,
                    note: "MySQL and MariaDB have no owners"),
                Ability(
                    kind: kind.rawValue, attribute: "tag.", support: .unsupported,
                    note: "MySQL and MariaDB have no tags; a template can write them in a way of your own"),
            ]
        }
    }

    package func read(
        _ entities: [Entity], attributes: [String], into facts: borrowing FactSink, _ call: Call
    ) throws(Failure) {
        for (index, reading) in try Reader(connection: connection).read(entities, call).enumerated() {
            for (number, attribute) in attributes.enumerated() {
                switch reading {
                case .absent: break
                case .found(let kind, let description):
                    let value = attribute == "description" ? description : nil
                    try facts.emit(entity: index, attribute: number, kind: kind.rawValue, value: value)
                case .unknown(let kind, let reason):
                    try facts.emitUnknown(entity: index, attribute: number, kind: kind.rawValue, because: reason)
                }
            }
        }
    }

    package func plan(_ changes: [Change], into plan: borrowing PlanSink, _ call: Call) throws(Failure) {
        try Planner(connection: connection).plan(changes, into: plan, call)
    }

    package func check(_ changes: [Change], into outcomes: borrowing OutcomeSink, _ call: Call) throws(Failure) {
        let failures = try PrivilegeCheck(connection: connection).failures(of: changes, call)
        for (index, failure) in failures.sorted(by: { $0.key < $1.key }) { try outcomes.fail(index, failure) }
    }

    package func execute(
        _ statements: [Statement], of changes: [Change], into outcomes: borrowing OutcomeSink, _ call: Call
    ) throws(Failure) {
        try Executor(connection: connection).execute(
            statements, of: changes, under: &locks, into: outcomes, call)
    }

    package func interrupt() {
        interrupter.interrupt()
    }

    package func close() {
        connection.close()
    }
}

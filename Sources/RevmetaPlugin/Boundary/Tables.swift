internal import CRevmeta

/// Makes the static C tables. They live as long as the process, so their memory is never given back.
enum Table {
    static func plugin(
        id: String, name: String, version: String,
        query: @convention(c) (UnsafePointer<CChar>?) -> UnsafeRawPointer?
    ) -> UnsafePointer<revmeta_plugin> {
        forever(revmeta_plugin(
            struct_size: UInt32(MemoryLayout<revmeta_plugin>.size), abi_minor: REVMETA_ABI_MINOR, id: text(id),
            name: text(name), version: text(version), query: query))
    }

    static func dialect(_ dialect: Dialect) -> UnsafePointer<revmeta_dialect> {
        forever(revmeta_dialect(
            struct_size: UInt32(MemoryLayout<revmeta_dialect>.size), flags: flags(of: dialect),
            identifier_max_bytes: UInt32(dialect.identifierMaxBytes ?? 0), name: text(dialect.name),
            identifier_open: dialect.identifierOpen.map(text), identifier_close: dialect.identifierClose.map(text),
            literal_open: text(dialect.literalOpen), literal_close: text(dialect.literalClose),
            list_open: text(dialect.list.open), list_close: text(dialect.list.close),
            list_separator: text(dialect.list.separator), pair_open: text(dialect.list.pairOpen),
            pair_separator: text(dialect.list.pairSeparator), pair_close: text(dialect.list.pairClose),
            statement_end: text(dialect.statementEnd), script_begin: dialect.scriptBegin.map(text),
            script_use: dialect.scriptUse.map(text)))
    }

    private static func flags(of dialect: Dialect) -> UInt32 {
        dialectFlags.reduce(0) { flags, pair in dialect[keyPath: pair.property] ? flags | pair.flag : flags }
    }

    static func interrupt() -> UnsafePointer<revmeta_interrupt> {
        forever(revmeta_interrupt(
            struct_size: UInt32(MemoryLayout<revmeta_interrupt>.size),
            interrupt: { session in
                guard let session else { return }
                // Alive for as long as this runs: the host does not close a session that it interrupts.
                let connector = Unmanaged<Session>.fromOpaque(session).takeUnretainedValue().connector
                (connector as? any Interruptible)?.interrupt()
            }))
    }

    private static func forever<T>(_ value: T) -> UnsafePointer<T> {
        let memory = UnsafeMutablePointer<T>.allocate(capacity: 1)
        memory.initialize(to: value)
        return UnsafePointer(memory)
    }

    private static func text(_ text: String) -> UnsafePointer<CChar> {
        let bytes = text.utf8CString
        let memory = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        _ = UnsafeMutableBufferPointer(start: memory, count: bytes.count).initialize(from: bytes)
        return UnsafePointer(memory)
    }
}

/// The connector interface as a C table, on top of the one connector type that this library holds.
enum ConnectorTable {
    // Written once by `serve`, before the table is handed out; C function pointers cannot carry the type themselves.
    nonisolated(unsafe) private static var type: (any Connector.Type)!
    nonisolated(unsafe) private static var dialect: UnsafePointer<revmeta_dialect>!
    nonisolated(unsafe) private(set) static var table: UnsafeMutablePointer<revmeta_connector>!
    /// Nil: the connector cannot be interrupted.
    nonisolated(unsafe) private(set) static var interruptTable: UnsafePointer<revmeta_interrupt>?

    static let query: @convention(c) (UnsafePointer<CChar>?) -> UnsafeRawPointer? = { id in
        switch id.map({ String(cString: $0) }) {
        case REVMETA_CONNECTOR_ID: UnsafeRawPointer(ConnectorTable.table)
        case REVMETA_INTERRUPT_ID: UnsafeRawPointer(ConnectorTable.interruptTable)
        default: nil
        }
    }

    static func serve(_ served: any Connector.Type) {
        type = served
        interruptTable = served is any Interruptible.Type ? Table.interrupt() : nil
        dialect = Table.dialect(served.dialect)
        table = .allocate(capacity: 1)
        table.initialize(to: revmeta_connector(
            struct_size: UInt32(MemoryLayout<revmeta_connector>.size),
            dialect: { ConnectorTable.dialect },
            open: { call, settings, session in
                answer(call) { call throws(Failure) in
                    var values: [String: String] = [:]
                    for pair in Lent(settings.items, count: settings.count, stride: settings.stride) {
                        values[String(lent: pair.key) ?? ""] = String(lent: pair.value)
                    }
                    let opened = try ConnectorTable.type.init(settings: Settings(values), call: call)
                    session?.pointee = Unmanaged.passRetained(Session(opened)).toOpaque()
                }
            },
            close: { session in
                guard let session else { return }
                Unmanaged<Session>.fromOpaque(session).takeRetainedValue().connector.close()
            },
            abilities: { session, call, sink, context in
                answer(call) { call throws(Failure) in
                    for ability in try connector(session).abilities(call) {
                        guard lend(ability, to: sink, context) else { throw .cancelled }
                    }
                }
            },
            read: { session, call, entities, attributes, sink, context in
                answer(call) { call throws(Failure) in
                    let asked = Lent(entities.items, count: entities.count, stride: entities.stride).map(Entity.init)
                    let facts = FactSink { fact in
                        withUnsafePointer(to: copy fact) { item in
                            sink?(context, revmeta_facts(
                                items: item, count: 1, stride: MemoryLayout<revmeta_fact>.stride)) == 0
                        }
                    }
                    try connector(session).read(
                        asked, attributes: texts(attributes.items, attributes.count), into: facts, call)
                }
            },
            plan: { session, call, changes, statements, refusals, context in
                answer(call) { call throws(Failure) in
                    let plan = PlanSink(
                        emit: { statement in
                            withUnsafePointer(to: copy statement) { item in
                                statements?(context, revmeta_statements(
                                    items: item, count: 1, stride: MemoryLayout<revmeta_statement>.stride)) == 0
                            }
                        },
                        refusals: outcomeSink(refusals, context))
                    try connector(session).plan(lentChanges(changes), into: plan, call)
                }
            },
            check: { session, call, changes, sink, context in
                answer(call) { call throws(Failure) in
                    try connector(session).check(lentChanges(changes), into: outcomeSink(sink, context), call)
                }
            },
            execute: { session, call, changes, statements, sink, context in
                answer(call) { call throws(Failure) in
                    let connector = try connector(session), outcomes = outcomeSink(sink, context)
                    if let gradual = connector as? any GradualExecutor {
                        return try gradual.execute(StatementList(statements, of: changes), into: outcomes, call)
                    }
                    let statements = Lent(statements.items, count: statements.count, stride: statements.stride)
                    try connector.execute(
                        statements.map(Statement.init), of: lentChanges(changes), into: outcomes, call)
                }
            }))
    }
}

// Free functions, since a C function pointer may not capture even the type they would belong to.

/// Keeps a connector behind the opaque pointer that the host holds.
private final class Session {
    let connector: any Connector

    init(_ connector: any Connector) {
        self.connector = connector
    }
}

private func connector(_ session: UnsafeMutableRawPointer?) throws(Failure) -> any Connector {
    guard let session else { throw Failure(.invalid, "the host called without a session") }
    return Unmanaged<Session>.fromOpaque(session).takeUnretainedValue().connector
}

/// Runs the body of one call and turns what it throws into a status, with the details told to the host first.
func answer(
    _ call: UnsafePointer<revmeta_call>?, _ body: (Call) throws(Failure) -> Void
) -> revmeta_status {
    guard let call else { return REVMETA_INVALID }
    let table = CallTable(call)
    do {
        try body(Call(table: table))
        return REVMETA_OK
    } catch {
        table.fail(error)
        return error.status.rawValue
    }
}

private func lentChanges(_ changes: revmeta_changes) -> [Change] {
    Lent(changes.items, count: changes.count, stride: changes.stride).map(Change.init)
}

private func outcomeSink(
    _ sink: revmeta_outcome_sink?, _ context: UnsafeMutableRawPointer?
) -> OutcomeSink {
    OutcomeSink { outcome in
        withUnsafePointer(to: copy outcome) { item in
            sink?(context, revmeta_outcomes(
                items: item, count: 1, stride: MemoryLayout<revmeta_outcome>.stride)) == 0
        }
    }
}

private func lend(
    _ ability: Ability, to sink: revmeta_ability_sink?, _ context: UnsafeMutableRawPointer?
) -> Bool {
    var flags: UInt32 = 0
    if ability.canClear { flags |= REVMETA_ABILITY_CLEAR }
    if ability.emptyIsNull { flags |= REVMETA_ABILITY_EMPTY_IS_NULL }
    return withText(ability.kind) { kind in
        withText(ability.attribute) { attribute in
            withText(ability.note) { note in
                let lent = revmeta_ability(
                    kind: kind, attribute: attribute, support: ability.support.rawValue, flags: flags,
                    text: ability.text.rawValue, unit: ability.unit.rawValue,
                    max_length: UInt64(ability.maxLength ?? 0), note: note)
                return withUnsafePointer(to: lent) { item in
                    sink?(context, revmeta_abilities(
                        items: item, count: 1, stride: MemoryLayout<revmeta_ability>.stride)) == 0
                }
            }
        }
    }
}

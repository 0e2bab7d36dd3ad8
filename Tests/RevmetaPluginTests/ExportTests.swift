import CRevmeta
import RevmetaPlugin
import Testing

/// The C tables that the kit makes of a connector.
@Suite struct ExportTests {
    private static let plugin = Plugin(
        id: "org.example.notes", name: "Notes", version: "1.4.0", connector: NotesConnector.self)

    private func text(_ pointer: UnsafePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }

    private var connector: revmeta_connector {
        Self.plugin.table.pointee.query(REVMETA_CONNECTOR_ID)!.assumingMemoryBound(to: revmeta_connector.self).pointee
    }

    @Test func thePluginSaysWhatItIs() {
        let table = Self.plugin.table.pointee
        #expect(table.struct_size == UInt32(MemoryLayout<revmeta_plugin>.size))
        #expect(table.abi_minor == REVMETA_ABI_MINOR)
        #expect(text(table.id) == "org.example.notes")
        #expect(text(table.name) == "Notes")
        #expect(text(table.version) == "1.4.0")
    }

    @Test(arguments: ["", "revmeta.connector", "revmeta.connector/1.", "revmeta.connector/10", "revmeta.template/1"])
    func anotherInterfaceIsNotOffered(_ id: String) {
        #expect(Self.plugin.table.pointee.query(id) == nil)
        #expect(Self.plugin.table.pointee.query(nil) == nil)
    }

    @Test func everySlotIsSet() {
        let table = connector
        #expect(table.struct_size == UInt32(MemoryLayout<revmeta_connector>.size))
        #expect(table.dialect != nil && table.open != nil && table.close != nil && table.abilities != nil)
        #expect(table.read != nil && table.plan != nil && table.check != nil && table.execute != nil)
    }

    @Test func theDialectCrossesWhole() throws {
        let dialect = try #require(connector.dialect()).pointee
        #expect(dialect.struct_size == UInt32(MemoryLayout<revmeta_dialect>.size))
        let flags = [
            REVMETA_DIALECT_BACKSLASH_ESCAPES, REVMETA_DIALECT_NESTED_COMMENTS, REVMETA_DIALECT_HASH_COMMENTS,
        ]
        #expect(dialect.flags == flags.reduce(0, |))
        #expect(dialect.identifier_max_bytes == 63)
        #expect(text(dialect.name) == "notes")
        #expect([dialect.identifier_open, dialect.identifier_close].map(text) == ["`", "`"])
        #expect([dialect.literal_open, dialect.literal_close].map(text) == ["N'", "'"])
        #expect([dialect.list_open, dialect.list_close, dialect.list_separator].map(text) == ["[", "]", ","])
        #expect([dialect.pair_open, dialect.pair_separator, dialect.pair_close].map(text) == ["(", ",", ")"])
        #expect(text(dialect.statement_end) == "/")
        #expect(text(dialect.script_begin) == "SET naïve = on/")
        #expect(dialect.script_use == nil)
    }

    // A host so small that it has one setting, one entity, one change.

    @Test func aFailureIsToldBeforeTheStatus() {
        let host = Host()
        #expect(host.open(connector, note: nil) == nil)
        #expect(host.status == REVMETA_CONFIG)
        #expect(host.told == ["the setting 'note' is missing: give it under the service's connection"])
    }

    @Test func answersACallOfEachKind() throws {
        let host = Host(), table = connector
        let session = try #require(host.open(table, note: "it's"))
        defer { table.close(session) }
        #expect(host.call { call, context in
            table.abilities(session, call, { Host.from($0).take(abilities: $1) }, context)
        } == ["note.description 80 flags 1 text 1 unit 1"])
        #expect(host.read(table, session) == ["0.0 note = it's", "0.1 note = nil"])
        #expect(host.withChange(before: "it's", value: "new") { changes in
            host.call { call, context in
                table.plan(
                    session, call, changes, { Host.from($0).take(statements: $1) },
                    { Host.from($0).take(outcomes: $1) }, context)
            }
        } == ["NOTE new [0] guard it's"])
        #expect(host.withChange(before: nil, value: nil) { changes in
            host.call { call, context in
                table.plan(
                    session, call, changes, { Host.from($0).take(statements: $1) },
                    { Host.from($0).take(outcomes: $1) }, context)
            }
        } == ["outcome 0: 1 a note cannot be cleared"])
    }

    @Test(arguments: [("it's", "outcome 0: 0"), ("else", "outcome 0: 8 moved 40001 7")])
    func executes(before: String, outcome: String) throws {
        let host = Host(), table = connector
        let session = try #require(host.open(table, note: "it's"))
        defer { table.close(session) }
        let outcomes = host.withChange(before: before, value: "new") { changes in
            host.withStatement { statements in
                host.call { call, context in
                    table.execute(session, call, changes, statements, { Host.from($0).take(outcomes: $1) }, context)
                }
            }
        }
        #expect(outcomes == [outcome])
        #expect(host.status == REVMETA_OK)
    }

    @Test func aSinkThatSaysStopIsHeard() throws {
        let host = Host(), table = connector
        let session = try #require(host.open(table, note: "it's"))
        defer { table.close(session) }
        host.wantsMore = false
        #expect(host.read(table, session) == ["0.0 note = it's"])
        #expect(host.status == REVMETA_CANCELLED)
        #expect(host.told == ["the host asked to stop"])
    }

    @Test func aSessionIsInterruptedFromAnyThread() async throws {
        let interrupt = Self.plugin.table.pointee.query(REVMETA_INTERRUPT_ID)!
            .assumingMemoryBound(to: revmeta_interrupt.self).pointee
        #expect(interrupt.struct_size == UInt32(MemoryLayout<revmeta_interrupt>.size))
        let host = Host(), table = connector
        let session = try #require(host.open(table, note: "it's"))
        defer { table.close(session) }
        nonisolated(unsafe) let lent = session
        await Task.detached { interrupt.interrupt(lent) }.value
        #expect(host.read(table, session) == ["0.0 note = interrupted", "0.1 note = nil"])
    }

    @Test func aCallWithoutASessionIsInvalid() {
        let host = Host(), table = connector
        #expect(host.read(table, nil) == [])
        #expect(host.status == REVMETA_INVALID)
        #expect(host.told == ["the host called without a session"])
    }
}

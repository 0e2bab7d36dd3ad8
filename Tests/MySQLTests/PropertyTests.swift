import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import Testing

/// Tables drawn at random, in batches: one statement each, and then the very same table that the server makes with the
/// new comments from the start.
@Suite struct PropertyTests {
    static let batches = 25
    static let tables = 80

    @Test(arguments: 0..<batches) func aRandomTableKeepsAllButItsComments(batch: Int) async throws {
        #expect(Self.batches * Self.tables >= 2000)
        var random = SeededGenerator(seed: UInt64(20_000 + batch))
        let found = try Source(), expected = try Source()
        let tables = (0..<Self.tables).map { RandomTable(number: $0, &random) }
        let client = try found.database.connect()
        try client.run("SET sql_mode = 'STRICT_ALL_TABLES,ALLOW_INVALID_DATES', innodb_strict_mode = 0, time_zone "
            + "= '+00:00'")
        for table in tables {
            try client.run(table.creation(in: found.database.name, after: false))
            try client.run(table.creation(in: expected.database.name, after: true))
        }
        var changes: [Change] = []
        func want(_ change: Change) {
            if change.before != change.value { changes.append(change) }
        }
        for table in tables {
            want(found.change("table", table.name, before: table.before.ifNotEmpty, to: table.after.ifNotEmpty))
            for column in table.columns {
                want(found.change(
                    "column", table.name, column.name, before: column.before.ifNotEmpty, to: column.after.ifNotEmpty))
            }
        }
        let session = try await found.session()
        let plan = try await session.plan(changes)
        #expect(plan.refusals.isEmpty, "\(plan.refusals.prefix(3))")
        // Where only a copy would do, nothing is written.
        let copied = tables.flatMap { table in table.columns.filter(\.needsCopy).map { (table, $0) } }
        let refused = try await session.plan(copied.map { table, column in
            found.change("column", table.name, column.name, before: column.before.ifNotEmpty, to: "changed")
        })
        #expect(refused.statements == [] && refused.refusals.count == copied.count)
        #expect(plan.statements.count <= tables.count && plan.statements.count > tables.count / 2)
        let execution = await session.execute(plan.statements, of: changes)
        #expect(execution.failure == nil)
        for (statement, outcome) in zip(plan.statements, execution.outcomes) {
            #expect(outcome == .applied, "\(statement.text)")
        }
        for table in tables {
            let quoted = table.quoted
            func definition(_ source: Source) throws -> String? {
                try client.run("SHOW CREATE TABLE `\(source.database.name)`.\(quoted)")[0][1]
            }
            let (after, wanted) = (try definition(found), try definition(expected))
            #expect(after == wanted)
            // A row of nothing but defaults is taken by both or by neither.
            func insertion(_ source: Source) -> String? {
                do {
                    try client.run("INSERT INTO `\(source.database.name)`.\(quoted) () VALUES ()")
                    return nil
                } catch {
                    return "\(error)".replacing(source.database.name, with: "")
                }
            }
            #expect(insertion(found) == insertion(expected))
        }
        try client.run("DROP DATABASE \(found.database.name); DROP DATABASE \(expected.database.name)")
    }
}

extension String {
    fileprivate var ifNotEmpty: String? { isEmpty ? nil : self }
}

import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import Testing

/// Every kind of object: what is read of it, and what is written on it.
struct ObjectTests {
    @Test
    func everyKindIsReadAsWhatItIs() async throws {
        let session = try await Account().session()
        let facts = try await session.facts(.description, of: Account.entities.map(\.entity))
        for ((entity, kind), fact) in zip(Account.entities, facts) {
            #expect(fact?.kind == kind, "\(entity)")
            #expect(fact?.value == .known(nil), "\(entity)")
        }
        await session.close()
    }

    @Test
    func everyKindIsDescribedAndCleared() async throws {
        let account = try Account(), session = try await account.session()
        let text = "it's \\ \"quoted\"; -- Größe 😀\nsecond line $$ ' OR 1=1"
        let set = Account.entities.map {
            Change(kind: $0.kind, path: $0.entity.path, attribute: .description, before: nil, value: "\($0.kind): \(text)")
        }
        try await session.applyAll(set)
        let entities = Account.entities.map(\.entity)
        for (fact, change) in zip(try await session.facts(.description, of: entities), set) {
            #expect(fact?.value == .known(change.value))
        }
        let clear = set.map {
            Change(kind: $0.kind, path: $0.path, attribute: .description, before: $0.value, value: nil)
        }
        try await session.applyAll(clear)
        for fact in try await session.facts(.description, of: entities) { #expect(fact?.value == .known(nil)) }
        await session.close()
    }

    /// All but columns, stages aside, take tags, and so do columns.
    @Test
    func everyKindOfTableAndColumnIsTagged() async throws {
        let account = try Account(), session = try await account.session()
        let tagged = Account.entities.filter { !["stage", "function", "procedure"].contains($0.kind) }
        let entities = tagged.map(\.entity)
        let set = tagged.map {
            Change(kind: $0.kind, path: $0.entity.path, attribute: .tag("PII"), before: nil, value: "of \($0.kind)")
        }
        try await session.applyAll(set)
        for (fact, change) in zip(try await session.facts(.tag("PII"), of: entities), set) {
            #expect(fact?.value == .known(change.value), "\(change.path)")
        }
        let unset = set.map { Change(kind: $0.kind, path: $0.path, attribute: $0.attribute, before: $0.value, value: nil) }
        try await session.applyAll(unset)
        for fact in try await session.facts(.tag("PII"), of: entities) { #expect(fact?.value == .known(nil)) }
        await session.close()
    }

    @Test
    func everyKindButColumnsIsGivenAway() async throws {
        let account = try Account(), session = try await account.session()
        // A database is given away last, and a schema before it.
        let owned = Account.entities.filter { !$0.kind.hasSuffix("column") }
        let changes = owned.map {
            Change(kind: $0.kind, path: $0.entity.path, attribute: .owner, before: "APP_OWNER", value: "FINANCE")
        }
        try await session.applyAll(changes)
        for (fact, asked) in zip(try await session.facts(.owner, of: owned.map(\.entity)), owned) {
            #expect(fact?.value == .known("FINANCE"), "\(asked)")
        }
        #expect(account.written.last?.hasPrefix("GRANT OWNERSHIP ON DATABASE") == true)
        #expect(account.written.allSatisfy { $0.hasSuffix(" COPY CURRENT GRANTS") })
        await session.close()
    }

    @Test
    func whatIsNotThereIsAbsent() async throws {
        let session = try await Account().session()
        let entities = [
            Entity(kind: .table, path: EntityPath(["SHOP", "SALES", "orders"])),
            Entity(kind: .column, path: EntityPath(["SHOP", "SALES", "ORDERS", "id"])),
            Entity(kind: .table, path: EntityPath(["SHOP", "NOWHERE", "ORDERS"])),
            Entity(kind: .table, path: EntityPath(["NOWHERE", "SALES", "ORDERS"])),
            Entity(kind: .database, path: EntityPath(["NOWHERE"])),
            Entity(kind: .schema, path: EntityPath(["SHOP", "NOWHERE"])),
            Entity(kind: .procedure, path: EntityPath(["SHOP", "SALES", "NOTHING"])),
            Entity(kind: .table, path: EntityPath(["SHOP", "SALES", "ORDERS"])),
        ]
        let facts = try await session.facts(.description, of: entities)
        #expect(facts.dropLast().allSatisfy { $0 == nil })
        #expect(facts.last??.kind == "table")
        await session.close()
    }

    @Test
    func anOverloadedRoutineNeedsItsTypes() async throws {
        let account = try Account("CREATE FUNCTION SHOP.SALES.TAX(A STRING, B NUMBER) RETURNS STRING AS 'A'")
        let session = try await account.session()
        guard case .unknown(let reason)? = try await session.value(.description, .procedure, "TAX") else {
            Issue.record("expected it to be ambiguous")
            return
        }
        #expect(reason.contains("TAX(NUMBER)"))
        #expect(reason.contains("TAX(VARCHAR, NUMBER)"))
        try await session.applyAll([
            change("function", "TAX(VARCHAR, NUMBER)", to: "of two"), change("function", "TAX(NUMBER)", to: "of one"),
        ])
        #expect(try await session.value(.description, .procedure, "TAX(varchar,number)") == .known("of two"))
        #expect(try await session.value(.description, .procedure, "TAX(NUMBER)") == .known("of one"))
        await session.close()
    }

    /// Names that would be another name, or another statement, if they were not quoted.
    @Test
    func namesMayHoldAnything() async throws {
        let names = ["it's", "a\"b", "lower", "sp ace.dot", "x'; DROP TABLE ORDERS; --", "Größe 😀", "back\\slash", "select"]
        let quoted = names.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }
        let account = try Account()
        try account.own(
            quoted.map { "CREATE TABLE SHOP.SALES.\($0) (\(quoted.map { "\($0) INT" }.joined(separator: ", ")))" })
        let session = try await account.session()
        var changes: [Change] = []
        for table in names {
            changes.append(change("table", table, to: "table \(table)"))
            changes.append(change("table", table, attribute: .tag("PII"), to: "tag \(table)"))
            for column in names {
                changes.append(change("column", table, column, to: "\(table), \(column)"))
                changes.append(change("column", table, column, attribute: .tag("PII"), to: "\(table), \(column)"))
            }
        }
        try await session.applyAll(changes)
        for change in changes {
            let kind: EntityKind = change.kind == "column" ? .column : .table
            let fact = try await session.facts(change.attribute, of: [Entity(kind: kind, path: change.path)])[0]
            #expect(fact?.value == .known(change.value), "\(change.path)")
        }
        #expect(try account.rows("SHOW TABLES LIKE 'ORDERS' IN SCHEMA SHOP.SALES").count == 1)
        await session.close()
    }
}

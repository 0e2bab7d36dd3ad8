import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import Testing

struct TagTests {
    private let pii = Attribute.tag("PII"), tier = Attribute.tag("Tier")

    @Test
    func tagsAreSetReplacedAndUnset() async throws {
        let account = try Account(), session = try await account.session()
        let values = ["one", "it's \\ \"two\" 😀", ""]
        var before: String?
        for value in values {
            try await session.applyAll([change("table", "ORDERS", attribute: pii, before: before, to: value)])
            #expect(try await session.value(pii, .table, "ORDERS") == .known(value))
            before = value
        }
        try await session.applyAll([change("table", "ORDERS", attribute: pii, before: before, to: nil)])
        #expect(try await session.value(pii, .table, "ORDERS") == .known(nil))
        await session.close()
    }

    /// One statement each, however many tags and columns.
    @Test
    func aTablesTagsTakeFourStatements() async throws {
        let account = try Account("CREATE TABLE SHOP.SALES.WIDE (A INT, B INT, C INT)"), session = try await account.session()
        let set = ["A", "B", "C"].flatMap { column in
            [change("column", "WIDE", column, attribute: pii, to: column), change("column", "WIDE", column, attribute: tier, to: "Tier1")]
        } + [change("table", "WIDE", attribute: tier, to: "Tier2"), change("table", "WIDE", attribute: pii, to: "x")]
        try await session.applyAll(set)
        #expect(account.written == [
            #"ALTER TABLE "SHOP"."SALES"."WIDE" SET TAG "GOV"."TAGS"."Tier" = 'Tier2', "GOV"."TAGS"."PII" = 'x'"#,
            #"ALTER TABLE "SHOP"."SALES"."WIDE" MODIFY COLUMN "A" SET TAG "GOV"."TAGS"."PII" = 'A', "GOV"."TAGS"."Tier" = 'Tier1', "#
                + #"COLUMN "B" SET TAG "GOV"."TAGS"."PII" = 'B', "GOV"."TAGS"."Tier" = 'Tier1', "#
                + #"COLUMN "C" SET TAG "GOV"."TAGS"."PII" = 'C', "GOV"."TAGS"."Tier" = 'Tier1'"#,
        ])
        account.standIn.forgetStatements()
        let unset = set.map { Change(kind: $0.kind, path: $0.path, attribute: $0.attribute, before: $0.value, value: nil) }
        try await session.applyAll(unset)
        #expect(account.written == [
            #"ALTER TABLE "SHOP"."SALES"."WIDE" UNSET TAG "GOV"."TAGS"."Tier", "GOV"."TAGS"."PII""#,
            #"ALTER TABLE "SHOP"."SALES"."WIDE" MODIFY COLUMN "A" UNSET TAG "GOV"."TAGS"."PII", "GOV"."TAGS"."Tier", "#
                + #"COLUMN "B" UNSET TAG "GOV"."TAGS"."PII", "GOV"."TAGS"."Tier", "#
                + #"COLUMN "C" UNSET TAG "GOV"."TAGS"."PII", "GOV"."TAGS"."Tier""#,
        ])
        await session.close()
    }

    /// A table's tag is in force on its columns, and a schema's on its tables, without being theirs.
    @Test
    func inheritedTagsAreNotRead() async throws {
        let account = try Account(), session = try await account.session()
        try account.admin(
            "ALTER TABLE SHOP.SALES.ORDERS SET TAG GOV.TAGS.\"PII\" = 'of the table'",
            "ALTER SCHEMA SHOP.SALES SET TAG GOV.TAGS.\"Tier\" = 'Tier1'")
        #expect(try await session.value(pii, .table, "ORDERS") == .known("of the table"))
        #expect(try await session.value(pii, .column, "ORDERS", "ID") == .known(nil))
        #expect(try await session.value(tier, .table, "ORDERS") == .known(nil))
        #expect(try await session.value(tier, .schema) == .known("Tier1"))
        await session.close()
    }

    @Test
    func aTagOfTheSameNameElsewhereIsAnother() async throws {
        let account = try Account("CREATE TAG SHOP.SALES.\"PII\"", "ALTER TABLE SHOP.SALES.ORDERS SET TAG SHOP.SALES.\"PII\" = 'other'")
        let session = try await account.session()
        #expect(try await session.value(pii, .table, "ORDERS") == .known(nil))
        await session.close()
        // Without settings a tag lies where its object does.
        let near = try await account.session(["tagDatabase": "", "tagSchema": ""])
        #expect(try await near.value(pii, .table, "ORDERS") == .known("other"))
        guard case .unknown? = try await near.facts(pii, of: [Entity(kind: .database, path: EntityPath(["SHOP"]))])[0]?.value else {
            Issue.record("a database lies in no schema")
            return
        }
        await near.close()
    }

    @Test
    func aValueThatIsNotAllowedIsFoundBefore() async throws {
        let account = try Account(), session = try await account.session()
        let failure = try await session.refusal(of: change("table", "ORDERS", attribute: tier, to: "Tier9"))
        #expect(failure?.status == .invalid)
        #expect(failure?.message.contains("'Tier1', 'Tier2', 'it's \"3\"'") == true, "\(failure?.message ?? "")")
        #expect(account.written == [])
        try await session.applyAll([change("table", "ORDERS", attribute: tier, to: "it's \"3\"")])
        await session.close()
    }

    @Test
    func aValueHas256Characters() async throws {
        let account = try Account(), session = try await account.session()
        let longest = String(repeating: "😀", count: 256)
        try await session.applyAll([change("table", "ORDERS", attribute: pii, to: longest)])
        #expect(try await session.value(pii, .table, "ORDERS") == .known(longest))
        let failure = try await session.refusal(of: change("external table", "FAR", attribute: pii, to: longest + "x"))
        #expect(failure?.message == "the value of a tag has at most 256 characters, found 257")
        #expect(try await session.abilities().contains {
            $0.kind == "view" && $0.attribute == .anyTag && $0.maxLength == 256 && $0.unit == .characters
        })
        await session.close()
    }

    @Test
    func anObjectHas50Tags() async throws {
        let account = try Account()
        try account.admin((1...51).map { "CREATE TAG GOV.TAGS.T\($0)" })
        try account.admin(
            "ALTER TABLE SHOP.SALES.ORDERS SET TAG " + (1...50).map { "GOV.TAGS.T\($0) = 'x'" }.joined(separator: ", "),
            "ALTER TABLE SHOP.SALES.ORDERS MODIFY COLUMN ID SET TAG "
                + (1...50).map { "GOV.TAGS.T\($0) = 'x'" }.joined(separator: ", "))
        let session = try await account.session()
        // What was read counts for what is planned after.
        let table = Entity(kind: .table, path: EntityPath(["SHOP", "SALES", "ORDERS"]))
        let columns = ["ID", "EMAIL"].map { Entity(kind: .column, path: EntityPath(["SHOP", "SALES", "ORDERS", $0])) }
        _ = try await session.read([table] + columns, attributes: [.tag("T51")])
        let ofTable = try await session.refusal(of: change("table", "ORDERS", attribute: .tag("T51"), to: "x"))
        #expect(ofTable?.message == "SHOP.SALES.ORDERS has 50 different tags, and Snowflake allows 50: take one away first")
        let ofColumn = try await session.refusal(of: change("column", "ORDERS", "EMAIL", attribute: .tag("T51"), to: "x"))
        #expect(ofColumn?.message.hasPrefix("the columns of SHOP.SALES.ORDERS have 50 different tags") == true)
        // One of them may have another value.
        _ = try await session.read([table], attributes: [.tag("T50")])
        try await session.applyAll([change("table", "ORDERS", attribute: .tag("T50"), before: "x", to: "y")])
        await session.close()
    }

    /// Snowflake takes a hundred at once.
    @Test
    func manyColumnsTakeSeveralStatements() async throws {
        let names = (1...150).map { "C\($0)" }
        let account = try Account("CREATE TABLE SHOP.SALES.WIDE (\(names.map { "\($0) INT" }.joined(separator: ", ")))")
        let session = try await account.session()
        try await session.applyAll(names.map { change("column", "WIDE", $0, attribute: pii, to: $0) })
        #expect(account.written.count == 2)
        for name in ["C1", "C100", "C101", "C150"] {
            #expect(try await session.value(pii, .column, "WIDE", name) == .known(name))
        }
        await session.close()
    }

    @Test
    func aTagThatIsNotThereIsCreatedIfThatIsWanted() async throws {
        let account = try Account()
        try account.admin("GRANT CREATE TAG ON SCHEMA GOV.TAGS TO ROLE METADATA_WRITER")
        let changes = [
            change("table", "ORDERS", attribute: .tag("New; \"one\""), to: "a"),
            change("external table", "FAR", attribute: .tag("New; \"one\""), to: "b"),
            change("table", "ORDERS", attribute: .tag("pii"), to: "c"),
        ]
        let careful = try await account.session()
        let failures = try await careful.plan(changes).refusals.map(\.failure)
        #expect(failures.count == 3)
        #expect(failures.allSatisfy { $0.status == .config })
        #expect(failures[0].message.contains("CREATE TAG GOV.TAGS.\"New; \"\"one\"\"\""))
        #expect(failures[2].message.contains("there is GOV.TAGS.PII, whose name is spelled otherwise"))
        await careful.close()

        let session = try await account.session(["createTags": "true"])
        try await session.applyAll(changes)
        #expect(try await session.value(.tag("New; \"one\""), .table, "ORDERS") == .known("a"))
        #expect(try await session.value(.tag("New; \"one\""), .table, "FAR") == .known("b"))
        #expect(account.written.filter { $0.hasPrefix("CREATE TAG") }.sorted() == [
            "CREATE TAG IF NOT EXISTS \"GOV\".\"TAGS\".\"New; \"\"one\"\"\"",
            "CREATE TAG IF NOT EXISTS \"GOV\".\"TAGS\".\"pii\"",
        ])
        await session.close()
    }

    /// ACCOUNT_USAGE is late: what it does not know yet is found right before it is written.
    @Test
    func accountUsageIsReadInOneQueryAndCheckedBeforeWriting() async throws {
        let account = try Account(), session = try await account.session(["tagSource": "accountUsage"])
        try account.admin(
            "GRANT IMPORTED PRIVILEGES ON DATABASE SNOWFLAKE TO ROLE METADATA_WRITER",
            "ALTER TABLE SHOP.SALES.ORDERS SET TAG GOV.TAGS.\"PII\" = 'known'",
            "ALTER TABLE SHOP.SALES.ORDERS MODIFY COLUMN ID SET TAG GOV.TAGS.\"PII\" = 'of the column'")
        try account.standIn.set(.accountUsageAsOf, "now")
        let tables = ["ORDERS", "FAR", "BIG"].map { Entity(kind: .table, path: EntityPath(["SHOP", "SALES", $0])) }
        let column = Entity(kind: .column, path: EntityPath(["SHOP", "SALES", "ORDERS", "ID"]))
        account.standIn.forgetStatements()
        let facts = try await session.facts(pii, of: tables + [column])
        #expect(facts.map(\.?.value) == [.known("known"), .known(nil), .known(nil), .known("of the column")])
        #expect(account.sent.filter { $0.contains("TAG_REFERENCES") }.count == 1)

        // It goes stale: somebody sets a tag that it does not tell yet.
        try account.standIn.set(.accountUsageAsOf, "1")
        try account.admin("ALTER TABLE SHOP.SALES.FAR SET TAG GOV.TAGS.\"PII\" = 'somebody'")
        let execution = try await session.apply([change("external table", "FAR", attribute: pii, to: "ours")])
        #expect(execution.failures[0]?.status == .conflict)
        #expect(try account.rows("SELECT SYSTEM$GET_TAG('GOV.TAGS.\"PII\"', 'SHOP.SALES.FAR', 'TABLE')") == [["somebody"]])
        await session.close()
    }

    /// What may not be looked at is not taken for empty, neither by a plan nor right before writing.
    @Test
    func tagsThatCannotBeReadAreUnknown() async throws {
        let account = try Account(), session = try await account.session()
        let changes = [
            change("table", "ORDERS", attribute: pii, to: "x"), change("column", "ORDERS", "ID", attribute: pii, to: "x"),
        ]
        let plan = try await session.plan(changes)
        try account.standIn.plan(
            .fail(code: 3001, sqlState: "42501", message: "Insufficient privileges"), containing: "TAG_REFERENCES", times: 4)
        for fact in try await session.read(
            [Entity(kind: .table, path: changes[0].path), Entity(kind: .column, path: changes[1].path)], attributes: [pii])
        {
            guard case .unknown(let reason) = fact.value else {
                Issue.record("expected the tag to be unknown, found \(fact.value)")
                continue
            }
            #expect(reason.contains("Insufficient privileges"))
        }
        let execution = await session.execute(plan.statements, of: changes)
        #expect(execution.failures.count == 2)
        #expect(execution.failures.values.allSatisfy { $0.status == .denied })
        #expect(account.written == [])
        await session.close()
    }
}

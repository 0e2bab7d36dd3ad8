import Foundation
import RevmetaTestSupport
import Testing

/// The catalog is a running server.
@Suite struct LiveCatalogTests {
    private static let objects = "CREATE TABLE orders (id int, note text); CREATE TABLE notes (); CREATE VIEW open AS SELECT 1"

    private func catalog(service: String = "", options: [String] = []) throws -> LiveCatalog {
        try LiveCatalog(
            Self.objects, service: service, options: options,
            .table("orders", "One row an order.", columns: ["id": "Its number.", "note": nil], owners: ["jane.doe"]),
            .table("notes", "What people say.").with { $0.tags = ["PII.None"] }, .table("open", "What is open."))
    }

    @Test func whatItSaysIsWritten() async throws {
        let catalog = try catalog()
        let answer = try await catalog.shop.expect(0, "run")
        #expect(answer.output.contains("4 set"))
        #expect(try catalog.shop.comments() == [
            "table orders": "One row an order.", "column id of table orders": "Its number.", "table notes": "What people say.",
            "view open": "What is open.",
        ])
        try await catalog.server.patch(
            "tables", catalog.name("public", "notes"), [["op": "replace", "path": "/description", "value": "Anew."]])
        try await catalog.server.patch(
            "tables", catalog.name("public", "open"), [["op": "remove", "path": "/description"]])
        #expect(try await catalog.shop.expect(0, "run").output.contains("1 set, 1 cleared"))
        #expect(try catalog.shop.comments()["table notes"] == "Anew.")
        #expect(try catalog.shop.comments()["view open"] == nil)
    }

    @Test func aMisspeltSchemaIsTold() async throws {
        let catalog = try catalog()
        try catalog.use(server: "", channel: "updateDescriptions: true, filter: { schemas: pubic }")
        let answer = try await catalog.shop.expect(0, "plan")
        #expect(
            answer.output.contains("channel 'all' selects nothing: its filter takes none of the schemas that it comes to: 'public'"),
            "\(answer)")
    }

    @Test func aChannelForAServiceThatIsNotDefinedIsTold() async throws {
        let catalog = try catalog()
        try catalog.use(server: "", channel: "updateDescriptions: true, filter: { services: \"x*\" }")
        let answer = try await catalog.shop.expect(0, "plan")
        #expect(
            answer.output.contains(
                "channel 'all' selects nothing: its filter takes none of the services that the configuration defines; "),
            "\(answer)")
    }

    /// The test of tests for saved answers: whoever reads them plans the same.
    @Test func anExportedFolderGivesTheSamePlan() async throws {
        let catalog = try catalog(service: #""connection":{"config":{"hostPort":"db:1","authType":{"password":"m4rked"}}}"#)
        let channel = "updateDescriptions: true, updateOwners: true, filter: { tags: [\"*\"] }"
        for channel in [channel, "updateDescriptions: true, updateOwners: true"] {
            try catalog.use(server: ", pageSize: 1", channel: channel)
            let said = try await catalog.shop.expect(0, "export", "--to", "saved").output
            #expect(said.contains("saved/tables.jsonl: 3\n"))
            try await catalog.shop.expect(0, "plan", "--out", "server.json")
            try catalog.use(folder: "saved", channel: channel)
            try await catalog.shop.expect(0, "plan", "--out", "folder.json")
            let plans = try ["server.json", "folder.json"].map { name in
                var plan = try #require(
                    try JSONSerialization.jsonObject(with: catalog.shop.folder.bytes(of: name)) as? [String: Any])
                #expect(plan.removeValue(forKey: "made") is String)
                return try JSONSerialization.data(withJSONObject: plan, options: .sortedKeys)
            }
            #expect(plans[0] == plans[1])
            #expect(plans[0].count > 500)
            let services = try catalog.shop.folder.text(of: "saved/databaseServices.jsonl")
            #expect(services.contains("db:1") && !services.contains("m4rked"))
            try FileManager.default.removeItem(atPath: catalog.shop.folder.path + "/saved")
        }
    }

    @Test func anExportNeedsAFolderOfItsOwn() async throws {
        let catalog = try catalog()
        try catalog.shop.folder.write("mine", to: "full/notes.txt")
        #expect(try await catalog.shop.expect(2, "export", "--to", "full").errors.contains("full is not empty"))
        try await catalog.server.fail(["path": "/tables", "fault": "status", "status": 403])
        try await catalog.shop.expect(2, "export", "--to", "half")
        #expect(try FileManager.default.contentsOfDirectory(atPath: catalog.shop.folder.path).sorted() == ["full", "revmeta.yaml"])
        try catalog.use(folder: "full")
        #expect(try await catalog.shop.expect(2, "export", "--to", "x").errors.contains("expected a folder with one of"))
    }

    @Test func whatIsNotKnownIsNotCleared() async throws {
        let catalog = try catalog()
        try await catalog.shop.expect(0, "run")
        let before = try catalog.shop.comments()
        // The descriptions are gone, and the last page is not to be had: what was not listed is not known.
        try catalog.use(server: ", pageSize: 1")
        for name in ["notes", "open", "orders"] {
            try await catalog.server.patch(
                "tables", catalog.name("public", name), [["op": "remove", "path": "/description"]])
        }
        try await catalog.server.fail(["path": "/tables", "fault": "status", "status": 500, "skip": 2])
        let answer = try await catalog.shop.expect(3, "run")
        #expect(answer.errors.contains("/v1/tables: it answered with status 500; it was tried 3 times"))
        #expect(answer.errors.contains("Nothing was written, since the catalog could not be read to its end."))
        #expect(try catalog.shop.comments() == before)
        try await catalog.server.endFaults()
        #expect(try await catalog.shop.expect(0, "run").output.contains("3 cleared"))
    }

    @Test func theCatalogsConnectionIsUsedWhereTheConfigurationNamesNone() async throws {
        let database = try catalog().shop.database
        let hostPort = "\(database.server.folder):\(database.server.port)"
        let catalog = try catalog(service: """
            "connection":{"config":{"type":"Postgres","scheme":"postgresql+psycopg2","hostPort":"\(hostPort)","username":"nobody",\
            "authType":{"password":"*********"},"sslMode":"disable","supportsProfiler":true,"schemaFilterPattern":{"includes":["x"]}}}
            """)
        let configuration = try catalog.shop.folder.text(of: "revmeta.yaml")
        try catalog.shop.folder.write(
            configuration.replacing("hostPort: \"\(hostPort)\", ", with: "").replacing(", hostPort: \"\(hostPort)\"", with: "")
                .replacing("sslMode: disable", with: "lockTimeout: 301").replacing("lockTimeout: 300, ", with: "")
                .replacing(", lockTimeout: 300", with: ""),
            to: "revmeta.yaml")
        let said = try await catalog.shop.expect(0, "check").output
        #expect(said.contains("✓ shop: its connection is the catalog's (hostPort \(hostPort), sslMode), with the configuration's "))
        #expect(said.contains("username\n"))
        try await catalog.shop.expect(0, "run")
        #expect(try catalog.shop.comments().count == 4)
        // What does not read the catalog needs it to know where the source is.
        try await catalog.shop.expect(0, "drift")
        try await catalog.shop.expect(0, "rollback", "1")
        #expect(try catalog.shop.comments().isEmpty)
    }

    @Test func theConfigurationsConnectionWins() async throws {
        let catalog = try catalog(service: #""connection":{"config":{"hostPort":"nowhere.example.com:5432"}}"#)
        let said = try await catalog.shop.expect(0, "check").output
        #expect(said.contains("✓ shop: its connection is the configuration's\n"))
        #expect(said.contains("✓ catalog \(catalog.server.address): 7 entities selected"))
    }

    @Test func servicesThatNobodyDefinesAreTold() async throws {
        let catalog = try catalog()
        let configuration = try catalog.shop.folder.text(of: "revmeta.yaml")
        try catalog.shop.folder.write(configuration.replacing("  shop:\n", with: "  other:\n"), to: "revmeta.yaml")
        let said = try await catalog.shop.expect(0, "plan").output
        #expect(said.contains("channels select the catalog's 'shop', which services: does not define; they were left alone"))
        #expect(try await catalog.server.requests().all.allSatisfy { !$0.path.contains("/tables") })
    }

    @Test func channelsAreTriedOnTheServer() async throws {
        let catalog = try catalog()
        #expect(try await catalog.shop.expect(0, "channels", "test", "all").output.contains("table: 3 of 3"))
        let said = try await catalog.shop.expect(0, "channels", "test", "all", catalog.name("public", "orders")).output
        #expect(said.contains("is selected"))
    }

    @Test func theTokenIsNowhereToBeSeen() async throws {
        let catalog = try catalog(options: ["--token", "another"])
        for command in [["check"], ["plan", "--log-format", "json", "--verbose"], ["run"], ["export", "--to", "x"]] {
            let answer = try await catalog.shop.expect(2, command)
            #expect(answer.errors.contains("it does not accept the token"))
            #expect(!(answer.output + answer.errors).contains("m4rked"))
        }
    }
}

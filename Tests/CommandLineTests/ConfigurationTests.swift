import Foundation
import RevmetaTestSupport
import Testing

/// What is wrong with the arguments, the configuration or the catalog is told before anything is written.
@Suite(.serialized) struct ConfigurationTests {
    @Test func allProblemsAreToldAtOnce() async throws {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            catalog: { folder: catalog }
            services:
              shop: { type: Postgres, connection: { authType: { password: "${SHOP_SECRET}" } } }
            channels:
              - name: all
                updateDescription: true
                onConflict: replace
              - name: all
                updateOwners: maybe

            """, to: "revmeta.yaml")
        for command in ["check", "plan", "run"] {
            let answer = try await Program.run([command], in: folder.path)
            #expect(answer.status == 2, "\(answer)")
            let lines = answer.errors.split(separator: "\n")
            for place in [":3:", ":6:5: ", ":7:17: ", ":8:11: ", ":9:19: "] {
                let isTold = lines.contains { $0.hasPrefix("\(folder.path)/revmeta.yaml\(place)") }
                #expect(isTold, "\(place) \(answer.errors)")
            }
            #expect(answer.errors.contains("SHOP_SECRET") && answer.errors.contains("updateDescriptions"))
            #expect(answer.output == "")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["revmeta.yaml"])
    }

    @Test func aMissingConfigurationSaysWhatToDo() async throws {
        let answer = try await Program.run(["run", "--config", "/nowhere/revmeta.yaml"])
        #expect(answer.status == 2)
        #expect(answer.errors.contains("/nowhere/revmeta.yaml: there is no such file: write one with 'revmeta init'"))
    }

    @Test(arguments: [
        ["rum"], ["run", "--fast"], ["run", "--format", "sql"], ["plan", "--format", "xml"], ["run", "stray"],
        ["plan", "--channel"], ["plugins", "show"],
    ])
    func argumentsThatCannotBeUnderstood(arguments: [String]) async throws {
        let answer = try await Program.run(arguments)
        #expect(answer.status == 2)
        #expect(answer.output == "" && answer.errors.contains("Usage: revmeta"))
    }

    @Test(arguments: [
        [], ["init"], ["check"], ["plan"], ["run"], ["plugins"], ["plugins", "list"], ["plugins", "show"], ["schema"],
        ["webhook"], ["webhook", "install"], ["webhook", "show"], ["webhook", "remove"],
    ])
    func everyCommandHasHelp(command: [String]) async throws {
        let answer = try await Program.run(command + ["--help"])
        #expect(answer.status == 0 && answer.errors == "")
        #expect(answer.output.contains("USAGE: " + (["revmeta"] + command).joined(separator: " ")))
    }

    @Test func theVersionIsTold() async throws {
        let answer = try await Program.run(["--version"])
        #expect(answer.status == 0 && answer.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    }

    @Test func anUnknownChannelIsNamedBesideTheKnownOnes() async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.describe(.table("orders", "Orders."))
        let answer = try await shop.expect(2, "run", "--channel", "some")
        #expect(answer.errors.contains("there is no channel 'some' in the configuration; it has all"))
        try await shop.expect(0, "run", "--channel", "all")
        #expect(try shop.comments() == ["table orders": "Orders."])
    }

    @Test func aBrokenCatalogWritesNothing() async throws {
        // So many that the first of them are planned before the broken line is read.
        let shop = try Shop((1...3000).map { "CREATE TABLE t\($0) ();" }.joined())
        try shop.describe((1...3000).map { .table("t\($0)", "Table \($0).") })
        let tables = "catalog/tables.jsonl"
        try shop.folder.write(try shop.folder.text(of: tables) + "{\"name\": 7}\n", to: tables)
        for command in ["plan", "run"] {
            let answer = try await shop.expect(2, command)
            #expect(answer.errors.contains("tables.jsonl:3001: "))
            #expect(answer.errors.contains("Nothing was written"))
        }
        #expect(try shop.comments() == [:])

        try shop.describe(.table("t1", "Table 1."))
        try await shop.expect(0, "run")
        #expect(try shop.comments() == ["table t1": "Table 1."])
    }

    @Test func anEmptyCatalogIsNone() async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.folder.write("", to: "catalog/README")
        let answer = try await shop.expect(2, "run")
        #expect(answer.errors.contains("expected a folder with one of databaseServices, "))
        try shop.configure()
        try FileManager.default.removeItem(atPath: shop.folder.path + "/catalog")
        #expect(try await shop.expect(2, "plan").errors.contains("expected a folder of saved answers"))
    }

    @Test func anEntityListedTwiceIsNamed() async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.describe(.table("orders", "One."), .table("orders", "Two."))
        let answer = try await shop.expect(2, "run")
        #expect(answer.errors.contains("the catalog lists the table \(shop.database.name).public.orders"))
        #expect(answer.errors.contains("twice"))
        #expect(try shop.comments() == [:])
    }
}

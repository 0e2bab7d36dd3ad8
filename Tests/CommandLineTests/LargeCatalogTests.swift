import Foundation
import RevmetaTestSupport
import Testing

/// A catalog with more in it than fits into memory.
///
/// The program is measured, not the tests' own process, in which others are at work.
@Suite struct LargeCatalogTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Runs a script of Python's in the folder, which gives the last line that it says as a number.
    @discardableResult
    private func python(_ script: String, _ arguments: String...) async throws -> (said: String, number: Int?) {
        let answer = try await Child.run(["/usr/bin/env", "python3", "-c", script] + arguments, in: folder.path)
        #expect(answer.status == 0, "\(answer.errors)")
        return (answer.output, answer.output.split(separator: "\n").last.flatMap { Int($0) })
    }

    /// How many bytes the program took at most to read what a channel selects.
    private func peak(catalog: String, schemas: String, tables: Int, columns: Int) async throws -> Int {
        try folder.write(
            """
            catalog: \(catalog)
            services: { shop: { type: Postgres } }
            channels: [{ name: all, filter: { schemas: ["\(schemas)"] }, updateDescriptions: true }]
            """, to: "revmeta.yaml")
        let (said, kilobytes) = try await python(
            """
            import resource, subprocess, sys
            answer = subprocess.run(sys.argv[1:], capture_output=True, text=True)
            print(answer.stdout + answer.stderr, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, sep="")
            """, Program.path, "channels", "test", "all")
        #expect(said.contains("table: \(tables) of "), "\(said)")
        #expect(said.contains("column: \(tables * columns) of "), "\(said)")
        return try #require(kilobytes) * 1024
    }

    @Test func memoryDoesNotGrowWithAServer() async throws {
        try await python("""
            import json, os
            os.mkdir("catalog")
            def write(name, entities):
                with open(f"catalog/{name}.jsonl", "w") as file:
                    file.writelines(json.dumps(entity) + "\\n" for entity in entities)
            columns = [{"name": "id", "description": "Its number."}, {"name": "at", "description": "When."}]
            write("databaseServices", [{"name": "shop", "serviceType": "Postgres"}])
            write("databases", [{"fullyQualifiedName": "shop.d"}])
            write("databaseSchemas", [{"fullyQualifiedName": f"shop.d.s{schema}"} for schema in range(10)])
            write("tables", (
                {"fullyQualifiedName": f"shop.d.s{schema}.t{table}", "description": f"No. {table}", "columns": columns}
                for schema in range(10) for table in range(10_000)))
            """)
        let server = try CatalogStandIn(folder: folder.path + "/catalog")
        let catalog = "{ hostPort: \"\(server.address)\", securityConfig: { jwtToken: a.b.c }, timeout: 1h }"
        let tenth = try await peak(catalog: catalog, schemas: "s0", tables: 10_000, columns: 2)
        let all = try await peak(catalog: catalog, schemas: "*", tables: 100_000, columns: 2)
        #expect(tenth > 1_000_000)
        #expect(all - tenth < 20_000_000)
    }

    @Test(arguments: ["json", "jsonl"])
    func memoryDoesNotGrowWithAFolder(format: String) async throws {
        // Tables of ten columns with long descriptions, so that most of the file is text.
        func write(tables: Int) async throws {
            try await python(
                """
                import json, os, sys
                os.makedirs("catalog", exist_ok=True)
                name, tables, is_list = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "json"
                text = "What stands in it and where it comes from. " * 9
                columns = [{"name": f"c{column}", "description": text, "tags": []} for column in range(10)]
                with open("catalog/tables." + name, "w") as file:
                    file.write('{"data":[' if is_list else "")
                    for table in range(tables):
                        file.write(("," if is_list else "\\n") if table else "")
                        file.write(json.dumps({"fullyQualifiedName": f"shop.d.c.t{table}", "columns": columns}))
                    file.write('],"paging":{}}' if is_list else "")
                """, format, "\(tables)", format)
        }
        try await write(tables: 2500)
        let tenth = try await peak(catalog: "{ folder: catalog }", schemas: "*", tables: 2500, columns: 10)
        try await write(tables: 25_000)
        let size = try FileManager.default.attributesOfItem(atPath: folder.path + "/catalog/tables.\(format)")[.size] as? Int
        #expect(try #require(size) > 100_000_000)
        let all = try await peak(catalog: "{ folder: catalog }", schemas: "*", tables: 25_000, columns: 10)
        #expect(tenth > 1_000_000)
        #expect(all - tenth < 20_000_000)
    }
}

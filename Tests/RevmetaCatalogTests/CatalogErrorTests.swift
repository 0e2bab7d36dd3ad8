import Foundation
import RevmetaModel
import Testing

@testable import RevmetaCatalog

@Suite struct CatalogErrorTests {
    /// What reading a folder of these files ends with.
    private func message(_ files: [String: String]) async throws -> String {
        let folder = try TemporaryFolder(files)
        let error = await #expect(throws: CatalogError.self) { try await folder.entities() }
        return try #require(error).description.replacing(folder.path, with: "FOLDER")
    }

    private static let good = "{\"fullyQualifiedName\":\"s.d.c.t\"}"

    @Test(arguments: [
        (["tables.jsonl": "\(good)\n\n{\"name\":\"t\",\"columns\":[{\"name\":\"a\"},{\"name\":7}]}\n"],
         "tables.jsonl:3: columns[1].name: expected a text, found a number"),
        (["tables.json": "[\n\(good),\n\n{\n\"columns\":[{\"name\":\"a\",\"children\":[{}]}]}]"],
         "tables.json:4: columns[0].children[0].name: expected a value, found none"),
        (["tables.jsonl": "{\"name\":\"t\",\"columns\":[{\"name\":null}]}"],
         "tables.jsonl:1: columns[0].name: expected a text, found null"),
        (["tables.jsonl": "{\"name\":\"t\",\"columns\":{\"name\":\"a\"}}"],
         "tables.jsonl:1: columns: expected a list, found an object"),
        (["tables.jsonl": "{\"name\":\"t\",\"owners\":[[]]}"],
         "tables.jsonl:1: owners[0]: expected an object, found a list"),
        (["tables.jsonl": "{\"name\":\"t\",\"deleted\":\"yes\"}"],
         "tables.jsonl:1: deleted: expected true or false, found a text"),
        (["tables.jsonl": "{\"name\":true}"], "tables.jsonl:1: name: expected a text, found true or false"),
        (["tables.jsonl": "[\(good)]"], "tables.jsonl:1: expected an object, found a list"),
        (["tables.jsonl": "\(good)\n{\"name\":\"t\",\"desc"], "tables.jsonl:2: not valid JSON: it ends too early"),
        (["tables.jsonl": "{\"name\":\"t\"]}"], "tables.jsonl:1: not valid JSON: expected `}`, found `]`"),
        (["tables.jsonl": "{\"name\" \"t\"}"], "tables.jsonl:1: not valid JSON"),
        (["tables.json": "[\(good),\n{\"name\" \"t\"}]"], "tables.json:2: not valid JSON"),
        (["tables.json": "[\n{\"name\":\n[}]"], "tables.json:2: expected `]`, found `}`, on line 3"),
        (["tables.json": "[\(good),\n{\"name\":\n"], "tables.json:2: the file ends within the entity that starts here"),
        (["tables.json": "[\(good)\n]\n}"],
         "tables.json:3: expected the end of the file after the list, found `}`"),
    ])
    func brokenEntities(files: [String: String], expected: String) async throws {
        #expect(try await message(files) == expected)
    }

    @Test(arguments: [
        ("tables.json", "tables.json:1: the catalog answered with an error: 401 Token has expired"),
        ("tables.jsonl", "tables.jsonl:1: the catalog answered with an error: 401 Token has expired"),
        ("databaseServices.jsonl",
         "databaseServices.jsonl:1: the catalog answered with an error: 401 Token has expired"),
    ])
    func anErrorAnswerIsQuoted(file: String, expected: String) async throws {
        let answer = "{\"code\":401,\"errorType\":\"UNAUTHORIZED\",\"message\":\"Token has expired\"}"
        #expect(try await message([file: answer]) == expected)
    }

    @Test(arguments: [
        ("tables", "{\"name\":\"t\"}", "service.name: expected a name, found neither it nor a fullyQualifiedName"),
        ("tables", "{\"name\":\"t\",\"fullyQualifiedName\":\"s.d.t\"}",
         "fullyQualifiedName: expected 4 names joined by dots, found `s.d.t`"),
        ("tables", "{\"name\":\"\",\"fullyQualifiedName\":\"s.d.c.t\"}", "name: expected a name, found an empty text"),
        ("tables", "{\"fullyQualifiedName\":\"s.d.c.\\\"\\\"\"}", "name: expected a name, found an empty text"),
        ("tables", "{\"fullyQualifiedName\":\"s.d.c.t\",\"columns\":[{\"name\":\"a\",\"children\":[{\"name\":\"\"}]}]}",
         "columns[0].children[0].name: expected a name, found an empty text"),
        ("databaseSchemas", "{\"name\":\"c\",\"service\":{\"name\":\"s\"}}",
         "database.name: expected a name, found neither it nor a fullyQualifiedName"),
        ("storedProcedures", "{\"name\":\"p\",\"service\":{\"name\":\"s\"},\"database\":{\"name\":\"d\"}}",
         "databaseSchema.name: expected a name, found neither it nor a fullyQualifiedName"),
        ("databases", "{\"service\":{\"fullyQualifiedName\":\"s\"}}",
         "name: expected a name, found neither it nor a fullyQualifiedName"),
    ])
    func entitiesWithoutAPath(file: String, entity: String, expected: String) async throws {
        #expect(try await message(["\(file).jsonl": "\n\(entity)"]) == "\(file).jsonl:2: \(expected)")
        #expect(try await message(["\(file).json": "{\"data\":[\n\n\(entity)]}"]) == "\(file).json:3: \(expected)")
    }

    @Test func whatIsNotUTF8() async throws {
        let folder = try TemporaryFolder()
        try folder.write(Data("\(Self.good)\n{\"name\":\"".utf8) + [0xE9] + Data("t\"}".utf8), "tables.jsonl")
        let error = await #expect(throws: CatalogError.self) { try await folder.entities() }
        #expect(error?.description == "tables.jsonl:2: the byte at offset 42 is not UTF-8; save the file in UTF-8")
    }

    @Test func foldersThatAreNone() throws {
        let folder = try TemporaryFolder(["Tables.json": "[]", "notes.txt": ""])
        #expect(throws: CatalogError(
            file: folder.path,
            message: "expected a folder with one of databaseServices, users, teams, databases, databaseSchemas, "
                + "tables, storedProcedures, each as .json or .jsonl, found none of them")
        ) { try CatalogFolder(path: folder.path) }
        #expect(throws: CatalogError(
            file: folder.path + "/no", message: "expected a folder of saved answers: No such file or directory")
        ) { try CatalogFolder(path: folder.path + "/no") }
        #expect(throws: CatalogError(
            file: folder.path + "/notes.txt", message: "expected a folder of saved answers, found a file")
        ) { try CatalogFolder(path: folder.path + "/notes.txt") }
    }

    @Test func aFileInBothSpellings() async throws {
        #expect(try await message(["tables.json": "[]", "tables.jsonl": ""])
            == "FOLDER: expected one file of tables, found tables.json and tables.jsonl; remove one")
    }

    @Test func brokenUsersStopTheCatalog() async throws {
        #expect(try await message(["tables.jsonl": Self.good, "users.jsonl": "{\"id\":\"u\"}"])
            == "users.jsonl:1: name: expected a value, found none")
    }

    @Test func anErrorIsNeverPassedOver() async throws {
        let folder = try TemporaryFolder(["tables.jsonl": "\(Self.good)\n{}\n\(Self.good)"])
        var batches = try CatalogFolder(path: folder.path).batches(of: 1).makeAsyncIterator()
        #expect(try await batches.next()?.count == 1)
        let first = await #expect(throws: CatalogError.self) { try await batches.next() }
        let second = await #expect(throws: CatalogError.self) { try await batches.next() }
        #expect(first?.line == 2)
        #expect(first == second)
    }
}

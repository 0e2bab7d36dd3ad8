import Foundation
import RevmetaCatalog
import RevmetaEngine
import RevmetaFilters
import RevmetaModel
import Testing

/// One line of a table of cases: a filter, and the entities of the fixture that it matches.
struct FilterCase: Sendable, CustomTestStringConvertible {
    var line: Int
    var filter: String
    /// Names of the entities that match; those with a question mark: it cannot be told.
    var matches: [String]

    var testDescription: String { "line \(line): \(filter)" }

    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    static func read(_ file: String) -> [FilterCase] {
        let text = (try? String(contentsOf: fixtures.appending(path: "filters/\(file)"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
            guard !line.isEmpty, !line.hasPrefix("#") else { return nil }
            let parts = line.components(separatedBy: " => ")
            let names = parts.count == 2 ? parts[1].split(separator: " ").map(String.init) : ["the line has no ' => '"]
            return FilterCase(line: index + 1, filter: parts[0], matches: names == ["nothing"] ? [] : names)
        }
    }

    /// What the fixture's entities are to the index, by name.
    static func documents() async throws -> [String: SearchDocument] {
        var documents: [String: SearchDocument] = [:]
        let folder = try CatalogFolder(path: fixtures.appending(path: "catalog/filters").path)
        for try await batch in folder.batches(needsDocuments: true) {
            for entity in batch where entity.kind != .column { documents[entity.path.names.last!] = entity.document }
        }
        return documents
    }

    /// The names of the entities that a filter matches, as the table spells them.
    static func matches(of text: String) async throws -> [String] {
        let filter = try SavedFilter(text)
        return try await documents().compactMap { name, document in
            switch filter.condition.matches(document) {
            case true?: name
            case nil: name + "?"
            case false?: nil
            }
        }.sorted()
    }

    static func expectRefusal(of filter: String, beginning message: String, sourceLocation: SourceLocation = #_sourceLocation) {
        do throws(FilterError) {
            _ = try SavedFilter(filter)
            Issue.record("it was understood", sourceLocation: sourceLocation)
        } catch {
            #expect(error.description.hasPrefix(message), "\(error)", sourceLocation: sourceLocation)
        }
    }

    func expect(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        #expect(try await Self.matches(of: text) == matches.sorted(), sourceLocation: sourceLocation)
    }
}

import Foundation
import RevmetaCatalog
import RevmetaEngine
import RevmetaFilters
import RevmetaModel
import Testing

/// What is told of a filter is what it does.
@Suite struct ExplanationTests {
    private static func patterns(_ texts: String...) throws -> [NamePattern] { try texts.map { try NamePattern($0) } }

    private static func filters() throws -> [ChannelFilter] {
        typealias Patterns = ChannelFilter.Patterns
        return [
            ChannelFilter(), ChannelFilter(include: Patterns(services: try patterns("snow"))),
            ChannelFilter(include: Patterns(schemas: try patterns("public"))),
            ChannelFilter(include: Patterns(tables: try patterns("fact_*"))),
            ChannelFilter(exclude: Patterns(schemas: try patterns("tmp", "scratch"))),
            ChannelFilter(exclude: Patterns(tables: try patterns("*_*"))), ChannelFilter(kinds: [.column, .schema]),
            ChannelFilter(tableTypes: ["view"]), ChannelFilter(kinds: [.table], tableTypes: ["Regular"]),
            ChannelFilter(condition: try SavedFilter(#"{"query":{"exists":{"field":"owners"}}}"#).condition),
            ChannelFilter(
                include: Patterns(databases: try patterns("shop")),
                condition: try SavedFilter(#"{"!":{"!!":{"var":"description"}}}"#).condition),
        ]
    }

    @Test func theReasonsAreTheAnswers() async throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        var answers: Set<Bool?> = []
        for try await batch in try CatalogFolder(path: tests.appending(path: "Fixtures/catalog/filters").path)
            .batches(needsDocuments: true)
        {
            for entity in batch {
                for filter in try Self.filters() {
                    let channel = Channel(name: "c", filter: filter)
                    let verdict = channel.explain(entity)
                    let reasons = verdict.reasons.filter { $0.depth == 0 }.map(\.isMet)
                    let expected: Bool? = reasons.contains(false) ? false : reasons.contains(nil) ? nil : true
                    #expect(verdict.isSelected == expected, "\(entity.path) \(verdict)")
                    #expect(verdict.isSelected == channel.selects(entity))
                    answers.insert(verdict.isSelected)
                }
            }
        }
        #expect(answers == [true, false, nil])
    }
}

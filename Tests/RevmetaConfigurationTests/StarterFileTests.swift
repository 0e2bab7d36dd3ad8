import RevmetaConfiguration
import RevmetaModel
import Testing

@Suite struct StarterFileTests {
    @Test func theStarterIsReadAsItStands() throws {
        let configuration = try ConfigurationFile.parse(
            StarterFile.text, file: "revmeta.yaml", folder: "/", environment: ["SHOP_PASSWORD": "hunter2"])
        #expect(configuration.services.map(\.name) == ["shop"])
        #expect(configuration.services[0].connection["authType.password"] == Secret("hunter2"))
        #expect(configuration.channels.map(\.name) == ["everything"])
        #expect(configuration.channels[0].updateDescriptions)
    }

    @Test func withoutItsPasswordOnlyThatIsWrong() {
        let error = #expect(throws: ConfigurationProblems.self) {
            try ConfigurationFile.parse(StarterFile.text, file: "revmeta.yaml", folder: "/", environment: [:])
        }
        #expect(error?.problems.map(\.path) == ["services.shop.connection.authType.password"])
    }

    @Test func editorsFindTheSchema() {
        #expect(StarterFile.text.hasPrefix("# yaml-language-server: $schema=revmeta.schema.json\n"))
    }

    @Test func theSettingsInCommentsAreValidToo() throws {
        let text = StarterFile.text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            guard let hash = line.firstIndex(of: "#"), line[..<hash].allSatisfy({ $0 == " " }), hash > line.startIndex
            else { return String(line) }
            return String(line[..<hash] + line[hash...].dropFirst(2))
        }
        let configuration = try ConfigurationFile.parse(
            text.joined(separator: "\n"), file: "revmeta.yaml", folder: "/", environment: ["SHOP_PASSWORD": ""])
        #expect(configuration.services[0].plugin == "org.example.postgres")
        #expect(configuration.services[0].ownerMap == ["jane.doe": "shop_owner"])
        #expect(configuration.ownerMap["team:sales"] == "sales_role")
        let channel = configuration.channels[0]
        #expect(channel.filter.kinds == [.table, .column] && channel.filter.columnsMatchOwnTags)
        #expect(channel.descriptionFormat == .plain && channel.sinkService == "shop")
        #expect(channel.owners == OwnerPolicies(expandsTeams: true, onUnmapped: .fail))
        #expect(channel.tags.sources == [.classification, .glossary, .tier] && channel.tags.onAmbiguous == .join)
        #expect(channel.tags.rules.map(\.result).count == 2)
    }
}

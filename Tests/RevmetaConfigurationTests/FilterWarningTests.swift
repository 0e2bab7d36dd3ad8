import RevmetaModel
import Testing

@testable import RevmetaConfiguration

/// What a channel's filter is warned of, though it can be what is meant.
@Suite struct FilterWarningTests {
    private func warnings(_ channel: String) throws(ConfigurationProblems) -> [String] {
        try ConfigurationFile.parse(
            "{ catalog: { folder: c }, services: {}, channels: [{ name: all, \(channel) }] }", file: "revmeta.yaml",
            folder: "/x", environment: [:]
        ).channels[0].filterWarnings
    }

    /// What loses the tag is not selected any more, so that nobody takes it away.
    @Test(arguments: [
        #"filter: '{"query":{"term":{"tags.tagFQN":"PII.Sensitive"}}}'"#,
        #"filter: '{"some":[{"var":"tags"},{"==":[{"var":"tagFQN"},"PII.Sensitive"]}]}'"#,
        #"filter: { tags: "PII.*" }"#, #"filter: { not: { tags: "PII.*" } }"#,
    ])
    func whoAsksForTheTagsItWrites(filter: String) throws {
        let warnings = try warnings("updateTags: true, \(filter)")
        #expect(warnings.count == 1 && warnings.first?.contains("the tag stays at the source") == true)
        #expect(try self.warnings("updateDescriptions: true, \(filter)") == [])
    }

    @Test func whoAsksForNamesIsNotWarned() throws {
        #expect(try warnings("updateTags: true, filter: { schemas: [public], owners: [jane.doe] }") == [])
    }
}

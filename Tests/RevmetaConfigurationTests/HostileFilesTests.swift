import RevmetaConfiguration
import RevmetaModel
import Testing

/// Files that must be refused soon, not followed to the end.
@Suite(.timeLimit(.minutes(60))) struct HostileFilesTests {
    private func problems(_ text: String) -> String? {
        #expect(throws: ConfigurationProblems.self) {
            try ConfigurationFile.parse(text, file: "f", folder: "/", environment: [:])
        }?.description
    }

    /// Each level refers ten times to the one before.
    private func bomb(levels: Int) -> String {
        var text = "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...levels {
            let aliases = Array(repeating: "*l\(level - 1)", count: 10).joined(separator: ", ")
            text += "l\(level): &l\(level) [\(aliases)]\n"
        }
        return text
    }

    @Test(arguments: [5, 20])
    func aliasesThatExplodeAreCut(levels: Int) {
        #expect(problems(bomb(levels: levels))?.contains("when its aliases are followed") == true)
    }

    @Test func anExplodingKeyIsCutToo() {
        #expect(problems(bomb(levels: 12) + "? *l12\n: x\n")?.contains("when its aliases are followed") == true)
    }

    @Test func manyUsesOfOneAliasAreFine() throws {
        let uses = (1...300).map { "  - { name: c\($0), updateOwners: true, filter: *f }\n" }.joined()
        let text = "catalog: { folder: x }\nchannels:\n"
            + "  - { name: c0, updateOwners: true, filter: &f { schemas: [a, b] } }\n" + uses
        let configuration = try ConfigurationFile.parse(text, file: "f", folder: "/", environment: [:])
        #expect(configuration.channels.count == 301)
        #expect(configuration.channels.allSatisfy { $0.filter == configuration.channels[0].filter })
    }

    @Test func aLargeHonestFileIsRead() throws {
        let owners = (1...10_000).map { "    user\($0)@example.org: role_\($0)\n" }.joined()
        let text = "catalog: { folder: x }\nowners:\n  map:\n\(owners)"
            + "channels: [{ name: all, updateOwners: true }]\n"
        let configuration = try ConfigurationFile.parse(text, file: "f", folder: "/", environment: [:])
        #expect(configuration.ownerMap.count == 10_000)
        #expect(configuration.ownerMap["user77@example.org"] == "role_77")
    }

    @Test(arguments: [40, 900, 100_000])
    func deepNestingIsRefused(depth: Int) {
        let nested = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(problems("channels: \(nested)")?.contains("nested more than 32 levels deep") == true)
        let settings = String(repeating: "{ a: ", count: depth) + "x" + String(repeating: " }", count: depth)
        #expect(problems("services: \(settings)")?.contains("nested more than 32 levels deep") == true)
    }

    @Test func countlessRepeatedKeysAreRefused() {
        let text = String(repeating: "a: 1\n", count: 2000)
        #expect(problems(text)?.contains("a key stands twice") == true)
    }

    @Test func aKeyThatIsNoNameIsRefused() {
        #expect(problems("? [a, b]\n: x\n")?.hasPrefix("f:1:3: expected a name as key") == true)
        #expect(
            problems("a: &a hunter2\n*a : y\n")
                == "f:1:1: expected a name as key, found a list, a mapping or an alias")
    }
}

import Foundation
import Testing

/// Plugins that misbehave: what the user reads, and that the other service of the same run gets all of its descriptions.
@Suite struct ZooTests {
    /// What a service costs that cannot be used; its sentence begins with the service's name.
    struct Beast: Sendable, CustomTestStringConvertible {
        var way = ""
        var defining: [String] = []
        var says: [String]

        var testDescription: String { way + defining.joined() }
    }

    @Test(arguments: [
        Beast(way: "abort in open", says: ["SIGABRT", "animal: I cannot go on"]),
        Beast(way: "segfault in read", says: ["SIGSEGV"]),
        Beast(way: "overflow in plan", says: ["SIGSEGV"]),
        Beast(way: "exit in read", says: ["exit code 3"]),
        Beast(way: "be killed in read", says: ["SIGKILL"]),
        Beast(way: "abort in execute", says: ["SIGABRT"]),
        Beast(way: "garble", says: ["sent a frame that cannot be read"]),
        Beast(way: "fact not UTF-8", says: ["broke its contract", "not UTF-8"]),
        Beast(way: "fact never asked for", says: ["broke its contract", "which nobody asked for"]),
        Beast(way: "plan for a stranger", says: ["broke its contract", "a change that it was not given"]),
        Beast(way: "outcome of a stranger", says: ["broke its contract", "told the outcome of statement 3 of 2"]),
        Beast(way: "outcome twice", says: ["broke its contract", "told the outcome of statement 0 twice"]),
        Beast(way: "outcome never", says: ["broke its contract", "did not tell the outcome of statement 0 of 2"]),
        Beast(way: "sink after the call", says: []),
    ] as [Beast])
    func costsItsOwnServiceOnly(_ beast: Beast) async throws {
        let zoo = try Zoo(way: beast.way)
        let answer = try await zoo.run()
        let said = answer.output + answer.errors
        #expect(zoo.written(by: "sane") == Zoo.everything, "\(said)")
        #expect(answer.status == (beast.says.isEmpty ? 0 : 1), "\(said)")
        for words in beast.says { #expect(said.contains(words), "\(words): \(said)") }
        if !beast.says.isEmpty { #expect(said.contains("service 'beast'") || said.contains("beast:"), "\(said)") }
    }

    /// They hang, each in another call; a call's time is enough for those that do not.
    @Test(arguments: ["hang in open", "hang in execute", "stop in read"])
    func isEndedWhenItHangs(way: String) async throws {
        let zoo = try Zoo(way: way, callTimeout: "20s")
        let answer = try await zoo.run()
        let said = answer.output + answer.errors
        #expect(answer.status == 1, "\(said)")
        #expect(said.contains("the plugin org.example.beast was ended, since a call took longer than 20 seconds"), "\(said)")
        #expect(zoo.written(by: "sane") == Zoo.everything)
    }

    @Test func isInterruptedBeforeItIsEnded() async throws {
        let zoo = try Zoo(way: "hang in execute", defining: ["INTERRUPTIBLE"], callTimeout: "20s")
        #expect(try await zoo.run().status == 1)
        #expect(zoo.written(by: "beast").contains("interrupted"))
        #expect(zoo.written(by: "sane") == Zoo.everything)
    }

    /// What they do harms nobody: not even their own service.
    @Test(arguments: [
        "", "flood", "close descriptors", "interfere", "leak threads", "fail after return", "leave a child behind",
        "abort in close", "hang in close",
    ])
    func isEndured(way: String) async throws {
        let zoo = try Zoo(way: way)
        let answer = try await zoo.run()
        #expect(answer.status == 0, "\(answer.output)\(answer.errors.suffix(3000))")
        #expect(zoo.written(by: "sane") == Zoo.everything)
        #expect(zoo.written(by: "beast") == Zoo.everything)
        #expect(!answer.errors.contains("too late"))
        // A flood is cut to so many lines a second, and says how many it had more.
        if way == "flood" {
            let told = answer.errors.matches(of: /of a flood that/).count
            let cut = answer.errors.matches(of: /\(and (\d+) more lines\)/).compactMap { Int($0.1) }.reduce(0, +)
            #expect(told + cut == 400_000 && cut > 300_000, "\(told) and \(cut)")
        } else {
            #expect(answer.errors.utf8.count < 200_000)
        }
    }

    @Test(arguments: [
        Beast(defining: ["NO_ENTRY"], says: ["does not export revmeta_plugin_v1"]),
        Beast(defining: ["NULL_TABLE"], says: ["revmeta_plugin_v1 of org.example.beast gave no table"]),
        Beast(defining: ["PLUGIN_SIZE=0"], says: ["the plugin table of org.example.beast says it has 0 bytes"]),
        Beast(defining: ["PLUGIN_SIZE=4"], says: ["says it has 4 bytes"]),
        Beast(defining: ["PLUGIN_SIZE=4000000000u"], says: ["says it has 4000000000 bytes"]),
        Beast(defining: ["MINOR=7"], says: ["disagree: plugin.json says abi.minor '0', the library says '7'"]),
        Beast(defining: ["UNDEFINED"], says: ["cannot be loaded", "nobody_has_this"]),
        Beast(defining: ["ABORT_WHEN_LOADED"], says: ["SIGABRT", "animal: woken too early"]),
    ] as [Beast])
    func cannotBeLoaded(_ beast: Beast) async throws {
        let zoo = try Zoo(defining: beast.defining)
        let answer = try await zoo.run()
        let said = answer.output + answer.errors
        #expect(answer.status == 1, "\(said)")
        for words in beast.says { #expect(said.contains(words), "\(words): \(said)") }
        #expect(zoo.written(by: "sane") == Zoo.everything)
    }

    @Test func itsManifestIsWrong() async throws {
        let zoo = try Zoo(manifest: ["version": "7.0.0"])
        let answer = try await zoo.run()
        #expect(answer.status == 1)
        #expect((answer.output + answer.errors).contains(
            "plugin.json says version '7.0.0', the library says '1.0.0'"))
        #expect(zoo.written(by: "sane") == Zoo.everything)
    }
}

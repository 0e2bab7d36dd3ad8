import RevmetaConfiguration
import RevmetaModel
import Testing

@Suite struct FixtureTests {
    @Test(arguments: try Fixture.all(in: "good"))
    func aGoodFileIsRead(fixture: Fixture) throws {
        let configuration = try fixture.parse()
        #expect(!configuration.channels.isEmpty)
    }

    @Test(arguments: try Fixture.all(in: "bad") + Fixture.all(in: "bad-semantics"))
    func aBadFileHasItsProblems(fixture: Fixture) {
        let error = #expect(throws: ConfigurationProblems.self) { try fixture.parse() }
        let found = error?.problems.map { String($0.description.dropFirst(2)) } ?? []
        #expect(found == fixture.expectedProblems)
        #expect(!found.contains { $0.contains("hunter") })
    }
}

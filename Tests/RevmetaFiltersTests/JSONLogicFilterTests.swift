import RevmetaFilters
import Testing

/// JsonLogic as Collate's filter editor writes it.
@Suite struct JSONLogicFilterTests {
    static let cases = FilterCase.read("jsonlogic.txt")

    @Test(arguments: cases)
    func matches(_ one: FilterCase) async throws {
        try await one.expect(one.filter)
    }

    @Test func thereAreCases() {
        #expect(Self.cases.count > 40)
    }

    /// The same question in both languages has one answer. Case is JsonLogic's to tell, so the values are spelled as they are.
    @Test(arguments: [
        (#"{"term":{"name.keyword":"fact_orders"}}"#, #"{"==":[{"var":"name"},"fact_orders"]}"#),
        (#"{"bool":{"must_not":{"term":{"tableType":"View"}}}}"#, #"{"!=":[{"var":"tableType"},"View"]}"#),
        (#"{"exists":{"field":"owners"}}"#, #"{"!!":{"var":"owners"}}"#),
        (#"{"bool":{"must_not":{"exists":{"field":"description"}}}}"#, #"{"!":{"!!":{"var":"description"}}}"#),
        (#"{"terms":{"tags.tagFQN":["PII.Sensitive","PII.NonSensitive"]}}"#,
         #"{"some":[{"var":"tags"},{"in":[{"var":"tagFQN"},["PII.Sensitive","PII.NonSensitive"]]}]}"#),
        (#"{"bool":{"must_not":[{"terms":{"tier.tagFQN":["Tier.Tier5"]}}]}}"#,
         #"{"none":[{"var":"tier"},{"==":[{"var":"tagFQN"},"Tier.Tier5"]}]}"#),
        (#"{"bool":{"should":[{"term":{"service.name.keyword":"snow"}},{"term":{"extension.costCenter":"CC-100"}}]}}"#,
         #"{"or":[{"==":[{"var":"service.name"},"snow"]},{"==":[{"var":"extension.costCenter"},"CC-100"]}]}"#),
        (#"{"range":{"version":{"gt":0.1,"lte":0.3}}}"#, #"{"and":[{">":[{"var":"version"},0.1]},{"<=":[{"var":"version"},0.3]}]}"#),
    ])
    func bothLanguagesAgree(elasticsearch: String, jsonLogic: String) async throws {
        let one = try await FilterCase.matches(of: "{\"query\":\(elasticsearch)}")
        #expect(try await FilterCase.matches(of: jsonLogic) == one)
        #expect(!one.isEmpty && one.count < 5)
    }

    @Test(arguments: [
        ("{}", "expected a rule, an object with one operator, found an empty object"),
        (#"{"and":[{"==":[{"var":"nmae"},"a"]}]}"#, "and[0].==: the variable 'nmae' is not known; known are"),
        (#"{"==":[{"var":"name"}]}"#, "==: expected 2 arguments, found 1"),
        (#"{"==":["a","b"]}"#, "==: expected {\"var\": …} and a value, found 'a' and 'b'"),
        (#"{"==":[{"var":"name"},["a"]]}"#, "==: expected a text or number, found a list"),
        (#"{">":[{"var":"version"},"much"]}"#, ">: expected {\"var\": …} and a number"),
        (#"{"some":[{"var":"name"},{"==":[{"var":"x"},1]}]}"#, "some[0]: expected {\"var\": …} of a list, which are columns, dataProducts"),
        (#"{"some":[{"var":"owners"},{"and":[{"==":[{"var":"name"},"a"]},{"==":[{"var":"type"},"user"]}]}]}"#,
         "some[1]: several things asked of one and the same of the owners cannot be evaluated here"),
        (#"{"isOwner":{"var":"owners"}}"#, "isOwner: the operator 'isOwner' cannot be evaluated here"),
        (#"{"length":{"var":"owners"}}"#, "length: expected it to be compared with a number"),
        (#"{">":[{"length":{"var":"name"}},1]}"#, ">[0].length: expected {\"var\": …} of a list"),
        (#"{">":[{"length":{"var":"tags"}},"a"]}"#, ">[0].length: expected the length of a list, compared with a number; found 'a'"),
        (#"{"multipleUsersOrSingleTeamOwnership":{"var":"tags"}}"#, "multipleUsersOrSingleTeamOwnership[0]: expected {\"var\": \"owners\"}"),
        (#"{"xor":[true,false]}"#, "xor: the operator 'xor' is not known; known are"),
        (#"{"in":["a","b"]}"#, "in: expected {\"var\": …}, found 'a' and 'b'"),
    ])
    func whatIsNotUnderstoodIsAnErrorWithItsPlace(filter: String, message: String) {
        FilterCase.expectRefusal(of: filter, beginning: message)
    }

    @Test func theEditorsReversedLikeIsTold() throws {
        #expect(try SavedFilter(#"{"in":[{"var":"name"},"*fact*"]}"#).warnings.count == 1)
        #expect(try SavedFilter(#"{"in":["fact",{"var":"name"}]}"#).warnings.isEmpty)
    }
}

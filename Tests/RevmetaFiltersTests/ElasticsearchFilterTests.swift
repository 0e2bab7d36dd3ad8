import RevmetaFilters
import Testing

/// Filters as Collate saves them, on entities as the catalog answers them.
@Suite struct ElasticsearchFilterTests {
    static let cases = FilterCase.read("elasticsearch.txt")

    @Test(arguments: cases)
    func matches(_ one: FilterCase) async throws {
        let isWhole = one.filter.hasPrefix("{\"query\"")
        try await one.expect(isWhole ? one.filter : "{\"query\":\(one.filter)}")
    }

    @Test func thereAreCases() {
        #expect(Self.cases.count > 100)
    }

    @Test(arguments: [
        (#"{"bool":{"must":[]}}"#, "bool: the operator 'bool' is not known; known are !, !!, !=, <"),
        (#"{"query":{"match_all":{}},"size":10}"#, "expected {\"query\": {…}}, found the key 'size'"),
        ("nonsense", "expected a filter as Collate saves it, {\"query\": {…}}, found what is not valid JSON at line 1, column 1: "
            + "expected a value"),
        ("{\"query\":\n  {\"é\" \"a\"}}", "expected a filter as Collate saves it, {\"query\": {…}}, found what is not valid JSON at line 2, "
            + "column 8: expected a colon"),
        (#"{"query":{"bool":{"must":[],"must":[]}}}"#, "expected a filter as Collate saves it, {\"query\": {…}}, found what is not valid "
            + "JSON at line 1, column 29: the key 'must' stands twice"),
        (#"{"query":{"range":{"version":{"gt":1,"gte":2}}}}"#, "query.range.version: expected gt or gte, found both"),
        ("[]", "expected a filter as Collate saves it, {\"query\": {…}} or JsonLogic, found a list"),
        (#"{"query":{}}"#, "query: expected an object with one clause in it, found an empty object"),
        (#"{"query":{"fuzzy":{"name":"x"}}}"#, "query.fuzzy: the clause 'fuzzy' is not known; known are bool, exists"),
        (#"{"query":{"bool":{"must":[{"term":{"name":"a"}},{"term":{"nmae":"a"}}]}}}"#,
         "query.bool.must[1].term.nmae: the field 'nmae' is not known; known are"),
        (#"{"query":{"bool":{"musst":[]}}}"#, "query.bool: 'musst' is not known; known are must, should"),
        (#"{"query":{"term":{"name":["a"]}}}"#, "query.term: expected a text or number, found a list"),
        (#"{"query":{"term":{"name":"a","tableType":"b"}}}"#, "query.term: expected one field, found an object with name, tableType"),
        (#"{"query":{"term":{"name":{"value":"a","fuzziness":1}}}}"#, "query.term.name: 'fuzziness' is not known; known are value"),
        (#"{"query":{"terms":{"name":"a"}}}"#, "query.terms.name: expected a list, found 'a'"),
        (#"{"query":{"range":{"version":{"after":1}}}}"#, "query.range.version: 'after' is not known"),
        (#"{"query":{"range":{"version":{}}}}"#, "query.range.version: expected gt, gte, lt or lte, found none"),
        (#"{"query":{"range":{"updatedAt":{"gte":"now-7d"}}}}"#, "query.range.updatedAt.gte: expected a number or a date such as 2026-11-22, found 'now-7d'"),
        (#"{"query":{"regexp":{"name":"a~b"}}}"#, "query.regexp: '~' (anything but) in the regular expression 'a~b' cannot be evaluated here"),
        (#"{"query":{"regexp":{"name":"a("}}}"#, "query.regexp: the regular expression 'a(' has a ( without its )"),
        (#"{"query":{"nested":{"path":"charts","query":{"match_all":{}}}}}"#, "query.nested.path: expected customPropertiesTyped or owners, found 'charts'"),
        (#"{"query":{"nested":{"path":"owners","query":{"bool":{"must":[{"term":{"owners.name":"a"}},{"term":{"owners.type":"user"}}]}}}}}"#,
         "query.nested.query: several things asked of one and the same of the owners cannot be evaluated here"),
        (#"{"query":{"exists":{"field":"colour"}}}"#, "query.exists.field: the field 'colour' is not known"),
        (#"{"query":{"bool":{"should":[{"match_all":{}}],"minimum_should_match":"most"}}}"#,
         "query.bool.minimum_should_match: expected a number or per cent, found 'most'"),
    ])
    func whatIsNotUnderstoodIsAnErrorWithItsPlace(filter: String, message: String) {
        FilterCase.expectRefusal(of: filter, beginning: message)
    }

    @Test func theEditorsMistakeIsEvaluatedAsWrittenAndTold() throws {
        let filter = try SavedFilter(#"""
            {"query":{"bool":{"must":[{"bool":{"should":[{"bool":{"must_not":{"term":{"databaseSchema.name.keyword":"tmp"}}}},
            {"bool":{"must_not":{"term":{"databaseSchema.name.keyword":"scratch"}}}}]}}]}}}
            """#)
        #expect(filter.warnings.count == 1)
        #expect(filter.warnings[0].hasPrefix("query.bool.must[0].bool.should says \"not tmp, or not scratch\""))
        // What is meant can be put in its place, and is no mistake any more.
        let meant = try #require(filter.warnings[0].split(separator: "The corrected filter: ").last.map { String($0) })
        #expect(meant == #"{"query":{"bool":{"must":[{"bool":{"must":["#
            + #"{"bool":{"must_not":{"term":{"databaseSchema.name.keyword":"tmp"}}}},"#
            + #"{"bool":{"must_not":{"term":{"databaseSchema.name.keyword":"scratch"}}}}]}}]}}}"#)
        let corrected = try SavedFilter(meant)
        #expect(corrected.warnings.isEmpty)
        #expect(corrected.condition != filter.condition)
        // Two different fields, or one value only, are no mistake.
        #expect(try SavedFilter(#"""
            {"query":{"bool":{"should":[{"bool":{"must_not":{"term":{"name":"a"}}}},{"bool":{"must_not":{"term":{"tableType":"b"}}}}]}}}
            """#).warnings.isEmpty)
    }

    /// Any text whatever gives a filter or an error, and soon.
    @Test func noTextHurts() {
        var state: UInt64 = 2026
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let seeds = Self.cases.map { Array("{\"query\":\($0.filter)}".utf8) }
        var understood = 0, refused = 0
        let signs = Array("{}[]\",:\\*?()|.0-9anull \u{00}".utf8)
        for _ in 0..<20_000 {
            var bytes = seeds[next(seeds.count)]
            for _ in 0...next(4) {
                let place = next(bytes.count)
                switch next(3) {
                case 0: bytes[place] = signs[next(signs.count)]
                case 1: bytes.remove(at: place)
                default: bytes.insert(signs[next(signs.count)], at: place)
                }
                if bytes.isEmpty { bytes = [0x7B] }
            }
            do throws(FilterError) {
                _ = try SavedFilter(String(decoding: bytes, as: UTF8.self))
                understood += 1
            } catch {
                #expect(!error.message.isEmpty)
                refused += 1
            }
        }
        // Not all of them are nonsense, and not all of them are fine.
        #expect(understood > 500 && refused > 500)
    }
}

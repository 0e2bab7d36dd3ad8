import Testing

@testable import RevmetaCatalog

@Suite struct ReservedTokenTests {
    @Test(arguments: [
        ("orders", "orders"), ("", ""), ("__r", "__r"), ("__reserved__", "__reserved__"),
        ("a__reserved__colon__b", "a::b"), ("___reserved__arrow__", "_>"),
        ("__reserved__quote____reserved__quote__", "\"\""), ("x__reserved__arrow__y__reserved__colon__", "x>y::"),
    ])
    func decodes(name: String, original: String) {
        #expect(ReservedToken.decode(name) == original)
    }
}

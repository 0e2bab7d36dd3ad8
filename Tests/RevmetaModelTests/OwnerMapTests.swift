import RevmetaModel
import Testing

@Suite struct OwnerMapTests {
    private func map(_ entries: [(String, String)]) throws -> OwnerMap {
        var map = OwnerMap()
        for (owner, principal) in entries { try map.add(owner, principal: principal) }
        return map
    }

    @Test func namesGoBeforePatternsAndPatternsInOrder() throws {
        let map = try map([("j*", "first"), ("*", "any_$1"), ("jane", "exact_$1")])
        #expect(map["jane"] == "exact_$1" && map["jim"] == "first" && map["max"] == "any_max")
        #expect(map.before(["max": "own"])["max"] == "own")
        #expect(try self.map([("max", "mine")]).before(map)["max"] == "mine")
        #expect(map.count == 3 && OwnerMap()["max"] == nil)
    }

    @Test(arguments: [
        ("team:*", "$1_role", "team:fin ance", "fin ance_role"), ("*@*", "$2/$1", "a@b@c", "b@c/a"),
        ("[ab]?-*", "$0,$1$2,$3", "ax-y", "ax-y,ax,y"), ("/^(\\w+)[.](?:x|(y))@/", "$1-$2$$1", "jane.x@z", "jane-$1"),
        ("/(?<all>.+)/i", "u_$1", "Ünal", "u_Ünal"), ("*\\**", "$1|$2", "a*b", "a|b"), ("?*", "$1", "e\u{301}x", "e"),
        ("*", "same", "x\ny", "same"), ("a*c", "$1", "a\nc", "\n"),
    ])
    func captures(pattern: String, principal: String, owner: String, expected: String) throws {
        #expect(try map([(pattern, principal)])[owner]?.unicodeScalars.elementsEqual(expected.unicodeScalars) == true)
    }

    @Test func aPartThatThePatternDoesNotHaveIsAnError() {
        for (owner, principal) in [("team:*", "$2"), ("/^x$/", "$1"), ("/(?:a)(?=b)/", "$1"), ("[", "x")] {
            #expect(throws: NamePattern.Invalid.self) { try map([(owner, principal)]) }
        }
    }
}

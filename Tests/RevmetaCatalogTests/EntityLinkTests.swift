import RevmetaCatalog
import Testing

@Suite struct EntityLinkTests {
    @Test(arguments: [
        ("<#E::table::shop.db.public.orders>", EntityLink("table", ["shop", "db", "public", "orders"])),
        ("<#E::databaseSchema::shop.db.public::tags>", EntityLink("databaseSchema", ["shop", "db", "public"], field: "tags")),
        ("<#E::database::shop.db::owners>", EntityLink("database", ["shop", "db"], field: "owners")),
        ("<#E::table::s.d.c.t::columns::a::description>",
            EntityLink("table", ["s", "d", "c", "t"], field: "columns", member: ["a"], memberField: "description")),
        ("<#E::table::s.d.c.t::columns::a.b.\"c.d\">",
            EntityLink("table", ["s", "d", "c", "t"], field: "columns", member: ["a", "b", "c.d"])),
        ("<#E::table::\"my.shop\".d.c.\"a.b\"::columns::\"x.y\">",
            EntityLink("table", ["my.shop", "d", "c", "a.b"], field: "columns", member: ["x.y"])),
        ("<#E::table::s.d.c.columns::columns::description>",
            EntityLink("table", ["s", "d", "c", "columns"], field: "columns", member: ["description"])),
        ("<#E::table::s.d.c.a__reserved__colon__b::columns::x__reserved__arrow__y__reserved__quote__>",
            EntityLink("table", ["s", "d", "c", "a::b"], field: "columns", member: ["x>y\""])),
        ("<#E::table::s.d.c.a:b c::columns::x>y>", EntityLink("table", ["s", "d", "c", "a:b c"], field: "columns", member: ["x>y"])),
        ("<#E::table::s.d.c.随机::columns::随机的>", EntityLink("table", ["s", "d", "c", "随机"], field: "columns", member: ["随机的"])),
        ("<#E::table::s.d.c.t::tags::PII.Sensitive>", EntityLink("table", ["s", "d", "c", "t"], field: "tags", member: ["PII", "Sensitive"])),
    ])
    func formsAreRead(text: String, link: EntityLink) throws {
        #expect(try EntityLink(text) == link)
        #expect(try EntityLink(link.description) == link)
    }

    @Test func escapesOfAURLAreRead() throws {
        let link = EntityLink("table", ["s", "d", "c", "t"], field: "columns", member: ["first name", "é"])
        #expect(try EntityLink("<#E::table::s.d.c.t::columns::first%20name.%C3%A9>") == link)
        #expect(try EntityLink("<#E::table::s.d.c.t::columns::first+name.%C3%A9>") == link)
        // Without an escape a plus sign is one, and what is no escape is a text.
        #expect(try EntityLink("<#E::table::s.d.c.t::columns::a+b>").member == ["a+b"])
        #expect(try EntityLink("<#E::table::s.d.c.t::columns::100%>").member == ["100%"])
        #expect(try EntityLink("<#E::table::s.d.c.t::columns::%FF>").member == ["%FF"])
        #expect(try EntityLink(EntityLink("table", ["s", "100%25"]).description).names == ["s", "100%25"])
    }

    @Test(arguments: [
        ("orders", "expected an entity link like <#E::table::service.database.schema.table>, found 'orders'"),
        ("<#E::table::s.d.c.t", "does not end with >"),
        ("<#E::table::s.d.c.t> ", "does not end with >"),
        ("<#E::table>", "part 2 of the entity link '<#E::table>': expected an entity's qualified name, found the link's end"),
        ("<#E::>", "part 1 of the entity link '<#E::>': expected an entity's type, found nothing"),
        ("<#E::table::::columns::a>", "part 2"),
        ("<#E::s.d::columns::a>", "part 1"),
        ("<#E::table::s.d..t>", "part 2 of the entity link '<#E::table::s.d..t>': expected an entity's qualified name, names joined"),
        ("<#E::table::s.d.\"c.t>", "part 2"), ("<#E::table::s.d.c\"x\".t>", "part 2"), ("<#E::table::s.\"\".c.t>", "part 2"),
        ("<#E::table::s.d.c.t::columns::>", "part 4"),
        ("<#E::table::s.d.c.t::columns::a::b::c>", "part 6 of the entity link '<#E::table::s.d.c.t::columns::a::b::c>': expected the link's end, found 'c'"),
    ])
    func whatIsWrongIsToldWithItsPlace(text: String, message: String) {
        #expect { try EntityLink(text) } throws: { "\($0)".contains(message) }
    }

    @Test func whateverTheNamesALinkIsReadBack() throws {
        var random = SplitMix(state: 20_261_125)
        let pieces = [
            "a", "Z", "_", " ", ".", ":", "::", ">", "<", "\"", "'", "%", "%2", "%41", "+", "é", "e\u{301}", "😀", "\n", "columns", "/", "\\", "|",
        ]
        func name() -> String {
            (0...Int.random(in: 0...5, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
        }
        for _ in 0..<20_000 {
            let service = ["shop", "my.shop", "a b"].randomElement(using: &random)!
            var link = EntityLink("table", [service] + (0..<Int.random(in: 1...3, using: &random)).map { _ in name() })
            if Bool.random(using: &random) {
                link.field = "columns"
                link.member = (0...Int.random(in: 0...2, using: &random)).map { _ in name() }
                if Bool.random(using: &random) { link.memberField = "tags" }
            }
            let back = try EntityLink(link.description)
            #expect(back.isExactly(link), "\(link)")
        }
    }
}

extension EntityLink {
    /// Byte for byte, as sources compare names.
    fileprivate func isExactly(_ other: EntityLink) -> Bool {
        func bytes(_ link: EntityLink) -> [[UInt8]] { (link.names + ["/"] + link.member).map { Array($0.utf8) } }
        return self == other && bytes(self) == bytes(other)
    }
}

/// The same numbers in every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

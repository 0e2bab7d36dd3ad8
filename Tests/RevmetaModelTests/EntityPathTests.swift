import RevmetaModel
import Testing

@Suite struct EntityPathTests {
    @Test(arguments: [
        (["shop", "public", "orders"], "shop.public.orders"),
        (["shop", "my schema", "Order Lines"], "shop.my schema.Order Lines"),
        (["a.b", "c\"d", ""], "\"a.b\".\"c\"\"d\".\"\""),
        (["x", "line\nbreak"], "x.\"line\nbreak\""),
    ])
    func textAndBack(names: [String], text: String) {
        #expect(EntityPath(names).description == text)
        #expect(EntityPath(text)?.names == names)
    }

    @Test(arguments: ["", "a.", ".a", "a..b", "\"a", "\"a\"b", "a\"b"])
    func refusesWhatIsNoPath(text: String) {
        #expect(EntityPath(text) == nil)
    }

    @Test func everythingBelowBeginsWithTheParentsTextAndADot() throws {
        let table = EntityPath(["shop", "sales.eu", "orders"])
        let column = table.child("a\"b.c")
        #expect(column.description.hasPrefix(table.description + "."))
        #expect(column.parent == table)
        #expect(EntityPath(["shop"]).parent == nil)
    }

    @Test func twoSpellingsOfOneLetterAreTwoNames() {
        #expect(EntityPath(["é"]) == EntityPath(["é"]))
        #expect(EntityPath(["é"]) != EntityPath(["e\u{301}"]))
    }
}

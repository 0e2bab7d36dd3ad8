import RevmetaModel
import Testing

@testable import RevmetaCatalog

/// What entities held before they were edited, as far as events tell for certain.
@Suite struct EventChangesTests {
    private let translator = EntityTranslator(services: [], principals: PrincipalDirectory(), needsDocuments: false)

    private func entity(
        _ names: [String] = [], description: String? = nil, tags: [String] = [], owners: [OwnerReference] = []
    ) -> CatalogEntity {
        CatalogEntity(
            service: "shop", kind: names.isEmpty ? .table : .column, path: EntityPath(["main", "public", "orders"] + names),
            description: CatalogText(description), owners: .known(owners), tags: .known(tags.map { TagLabel(tagFQN: $0) }))
    }

    /// What is attached to a table and to its columns.
    private func attached(
        _ changes: [CatalogFieldChange], to table: CatalogEntity, columns: [[String]] = []
    ) -> [PreviousValues?] {
        var entities = [table] + columns.map { entity($0, tags: ["PII.None"]) }
        translator.attach(changes, to: &entities[0...])
        return entities.map(\.previous)
    }

    private func change(_ name: String, _ before: String?, _ after: String? = nil) -> CatalogFieldChange {
        CatalogFieldChange(name: name, before: before, after: after)
    }

    private func tags(_ names: String...) -> String {
        "[" + names.map { "{\"tagFQN\":\"\($0)\",\"source\":\"Classification\",\"labelType\":\"Manual\",\"state\":\"Confirmed\"}" }
            .joined(separator: ",") + "]"
    }

    @Test func aDescriptionIsWhatItWasBeforeTheFirstChange() {
        #expect(attached([change("description", "Old.")], to: entity()) == [PreviousValues(description: .present("Old."))])
        #expect(attached([change("description", nil)], to: entity()) == [PreviousValues(description: .absent)])
        #expect(attached([], to: entity()) == [nil])
        #expect(attached([change("displayName", "x")], to: entity()) == [nil])
        #expect(attached([change("description", "1"), change("description", "2")], to: entity())
            == [PreviousValues(description: .present("1"))])
    }

    @Test func tagsAreThoseOfNowWithoutTheChanges() {
        func names(_ changes: CatalogFieldChange..., now: [String]) -> [String]? {
            attached(changes, to: entity(tags: now))[0]?.tags?.map(\.tagFQN)
        }
        #expect(names(change("tags", nil, tags("A.x")), now: ["A.x", "B.y"]) == ["B.y"])
        #expect(names(change("tags", tags("A.x")), now: ["B.y"]) == ["B.y", "A.x"])
        #expect(names(change("tags", tags("A.x")), change("tags", nil, tags("A.z")), now: ["A.z"]) == ["A.x"])
        // Put on and taken away again, and the other way round: the first change decides.
        #expect(names(change("tags", nil, tags("A.x")), change("tags", tags("A.x")), now: []) == [])
        #expect(names(change("tags", tags("A.x")), change("tags", nil, tags("A.x")), now: ["A.x"]) == ["A.x"])
        // A whole list before and after, in its order.
        #expect(names(change("tags", tags("C.c", "A.x"), tags("B.y")), now: ["B.y"]) == ["C.c", "A.x"])
        #expect(names(change("description", "x"), now: ["A.x"]) == nil)
    }

    @Test func aListThatIsNotUnderstoodIsNotKnown() {
        for text in ["", "no JSON", "[{\"name\":\"x\"}]", "7"] {
            #expect(attached([change("tags", text)], to: entity()) == [nil])
            #expect(attached([change("tags", nil, tags("A.x")), change("tags", text)], to: entity(tags: ["A.x"])) == [nil])
        }
        var table = entity()
        table.tags = .notAsked
        #expect(attached([change("tags", tags("A.x"))], to: table) == [nil])
    }

    @Test func ownersAreFoundByNameOrByID() {
        let principals = PrincipalDirectory(
            users: ["u1": PrincipalAnswer(id: "u1", name: "ann", email: "ann@example.com")],
            teams: ["t1": PrincipalAnswer(id: "t1", name: "sales", email: nil)])
        let translator = EntityTranslator(services: [], principals: principals, needsDocuments: false)
        func owners(_ changes: CatalogFieldChange..., now: [OwnerReference]) -> [String]? {
            var entities = [entity(owners: now)]
            translator.attach(changes, to: &entities[0...])
            return entities[0].previous?.owners?.map(\.mapKey)
        }
        let bob = OwnerReference(kind: .user, name: "bob")
        #expect(owners(change("owners", #"[{"id":"u1","type":"user"}]"#), now: [bob]) == ["bob", "ann"])
        #expect(owners(change("owners", nil, #"[{"id":"x","type":"user","name":"bob"}]"#), now: [bob]) == [])
        #expect(owners(
            change("owners", #"[{"id":"t1","type":"team"},{"id":"u1","type":"user"}]"#, #"[{"id":"x","type":"user","name":"bob"}]"#),
            now: [bob]) == ["team:sales", "ann"])
        // Before there could be several.
        #expect(owners(change("owner", #"{"id":"u1","type":"user"}"#, #"{"id":"x","type":"user","name":"bob"}"#), now: [bob]) == ["ann"])
        // Without that name, the list would be another one.
        #expect(owners(change("owners", #"[{"id":"unknown","type":"user"}]"#), now: [bob]) == nil)
    }

    @Test func columnsAreFoundAsReleasesNameThem() {
        let columns = [["id"], ["a.b"], ["address"], ["address", "city"], ["tags"], ["say \"x\""]]
        func columnOf(_ name: String) -> Int? {
            let found = attached([change("columns.\(name).description", "Old.")], to: entity(), columns: columns)
            return found.firstIndex { $0 != nil }.map { $0 - 1 }
        }
        #expect(columnOf("id") == 0)
        #expect(columnOf("\"a.b\"") == 1)
        #expect(columnOf("a.b") == 1)
        #expect(columnOf("address") == 2)
        for name in ["city", "address.city", "\"address.city\""] { #expect(columnOf(name) == 3) }
        #expect(columnOf("tags") == 4)
        #expect(columnOf("\"say __reserved__quote__x__reserved__quote__\"") == nil)
        #expect(columnOf("say __reserved__quote__x__reserved__quote__") == 5)
        for name in ["ID", "gone", "", "address.", "b"] { #expect(columnOf(name) == nil) }

        let tagged = attached([change("columns.address.city.tags", nil, tags("PII.None"))], to: entity(), columns: columns)
        #expect(tagged[4] == PreviousValues(tags: []))
        #expect(tagged.filter { $0 != nil }.count == 1)
    }

    @Test func aColumnThatMayBeAnotherIsLeftOut() {
        let columns = [["city"], ["address"], ["address", "city"], ["a", "b"], ["a.b"]]
        for name in ["city", "a.b", "\"a.b\""] {
            let found = attached([change("columns.\(name).description", "Old.")], to: entity(), columns: columns)
            #expect(found.allSatisfy { $0 == nil }, "\(name)")
        }
        #expect(attached([change("columns.address.city.description", "Old.")], to: entity(), columns: columns)[3] != nil)
        // Where columns came or went, the one that was meant may be gone. The table's own values are as certain as ever.
        let found = attached(
            [change("description", "Old."), change("columns", nil), change("columns.address.description", "Old.")], to: entity(),
            columns: columns)
        #expect(found[0] == PreviousValues(description: .present("Old.")))
        #expect(found.dropFirst().allSatisfy { $0 == nil })
    }
}

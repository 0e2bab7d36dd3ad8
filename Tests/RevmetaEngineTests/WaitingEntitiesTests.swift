@testable import RevmetaEngine
import RevmetaModel
import Testing

@Suite struct WaitingEntitiesTests {
    private func entity(_ path: String, at service: String) -> SelectedEntity {
        SelectedEntity(service: service, entity: Entity(kind: .table, path: EntityPath(path)!), wanted: [])
    }

    @Test func eachPlaceGetsItsOwnInTheirOrder() {
        var waiting = WaitingEntities()
        #expect(waiting.scopes.isEmpty)
        for path in ["one.s.a", "two.s.a", "one.s.b", "one.s.c"] {
            waiting.append(entity(path, at: "shop"), database: EntityPath(path)!.database)
        }
        waiting.append(entity("one.s.a", at: "lake"), database: nil)
        waiting.append(entity("one.s.d", at: "shop"), database: nil)
        let one = PlanScope(service: "shop", database: "one"), shop = PlanScope(service: "shop", database: nil)
        #expect(Set(waiting.scopes) == [
            one, PlanScope(service: "shop", database: "two"), PlanScope(service: "lake", database: nil), shop,
        ])
        #expect(waiting.count(of: one) == 3 && waiting.count(of: shop) == 1)
        #expect(waiting.take(one).map(\.entity.path.description) == ["one.s.a", "one.s.b", "one.s.c"])
    }

    @Test func whatWasTakenWaitsNoLonger() {
        var waiting = WaitingEntities()
        let scope = PlanScope(service: "shop", database: "one")
        #expect(waiting.take(scope).isEmpty && waiting.count(of: scope) == 0)
        waiting.append(entity("one.s.a", at: "shop"), database: "one")
        _ = waiting.take(scope)
        #expect(waiting.scopes.isEmpty && waiting.take(scope).isEmpty)
        waiting.append(entity("one.s.b", at: "shop"), database: "one")
        #expect(waiting.take(scope).map(\.entity.path.description) == ["one.s.b"])
    }
}

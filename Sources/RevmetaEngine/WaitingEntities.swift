internal import RevmetaModel

/// Selected entities by where they go, until there are enough of them for a piece.
struct WaitingEntities {
    private var lists: [(scope: PlanScope, entities: [SelectedEntity])] = []
    private var places: [PlanScope: Int] = [:]
    /// Where the last one went: most often the next one goes there too.
    private var latest = 0

    mutating func append(_ entity: consuming SelectedEntity, database: String?) {
        if !isLatest(entity.service, database) {
            let scope = PlanScope(service: entity.service, database: database)
            latest = places[scope] ?? lists.count
            if latest == lists.count {
                places[scope] = latest
                lists.append((scope, []))
            }
        }
        lists[latest].entities.append(entity)
    }

    private func isLatest(_ service: String, _ database: String?) -> Bool {
        guard latest < lists.count else { return false }
        return lists[latest].scope.service == service && lists[latest].scope.database == database
    }

    /// Where something waits to go.
    var scopes: [PlanScope] { lists.lazy.filter { !$0.entities.isEmpty }.map(\.scope) }

    func count(of scope: PlanScope) -> Int { places[scope].map { lists[$0].entities.count } ?? 0 }

    /// Takes out all that goes to one place.
    mutating func take(_ scope: PlanScope) -> [SelectedEntity] {
        guard let place = places[scope] else { return [] }
        defer { lists[place].entities = [] }
        return lists[place].entities
    }
}

internal import RevmetaModel

/// Which channels select an entity.
struct ChannelSelection: Sendable {
    private let channels: [Channel]
    /// Channels that ask something of a column's own tags.
    private let looksAtColumns: [Bool]
    /// What the filters' conditions said of the last document: a table's columns share it.
    private var lastDocument: SearchDocument?
    private var lastAnswers: [Bool?] = []
    /// Of each channel: how many entities its filter could not decide about, since the catalog's answer lacks a field.
    private(set) var undecided: [Int]
    /// The channels that select the last entity, in file order.
    private(set) var selecting: [Int] = []
    /// Those that may.
    private(set) var open: [Int] = []

    init(_ channels: [Channel]) {
        self.channels = channels
        looksAtColumns = channels.map { $0.filter.columnsMatchOwnTags && $0.filter.condition.asksForTags }
        undecided = Array(repeating: 0, count: channels.count)
    }

    /// Finds the channels that select an entity, and those that may.
    mutating func decide(_ entity: CatalogEntity) {
        decideConditions(of: entity)
        // Their memory serves for all entities.
        selecting.removeAll(keepingCapacity: true)
        open.removeAll(keepingCapacity: true)
        for index in channels.indices {
            guard channels[index].filter.selects(entity) else { continue }
            let isMet = looksAtColumns[index] && entity.kind == .column
                ? channels[index].filter.condition.matches(entity, ownTags: true) : lastAnswers[index]
            guard let isMet else {
                undecided[index] += 1
                open.append(index)
                continue
            }
            if isMet { selecting.append(index) }
        }
    }

    private mutating func decideConditions(of entity: CatalogEntity) {
        guard entity.document !== lastDocument || lastAnswers.isEmpty else { return }
        lastDocument = entity.document
        lastAnswers = channels.map { $0.filter.condition.matches(entity.document) }
    }
}

internal import RevmetaCatalog
internal import RevmetaModel
internal import RevmetaOpenMetadata

/// A catalog's entities, wherever it is.
enum CatalogEntities: AsyncSequence, Sendable {
    case folder(CatalogBatches)
    case server(ServerBatches)
    case changed(ChangedBatches)

    typealias Element = [CatalogEntity]

    enum AsyncIterator: AsyncIteratorProtocol {
        case folder(CatalogBatches.AsyncIterator)
        case server(ServerBatches.AsyncIterator)
        case changed(ChangedBatches.AsyncIterator)

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> [CatalogEntity]? {
            switch self {
            case .folder(var iterator):
                defer { self = .folder(iterator) }
                return try await iterator.next(isolation: actor)
            case .server(var iterator):
                defer { self = .server(iterator) }
                return try await iterator.next(isolation: actor)
            case .changed(var iterator):
                defer { self = .changed(iterator) }
                return try await iterator.next(isolation: actor)
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        switch self {
        case .folder(let batches): .folder(batches.makeAsyncIterator())
        case .server(let batches): .server(batches.makeAsyncIterator())
        case .changed(let batches): .changed(batches.makeAsyncIterator())
        }
    }
}

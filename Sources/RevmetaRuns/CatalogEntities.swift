public import RevmetaCatalog
public import RevmetaModel
public import RevmetaOpenMetadata

/// A catalog's entities, wherever it is.
public enum CatalogEntities: AsyncSequence, Sendable {
    case folder(CatalogBatches)
    case server(ServerBatches)
    case changed(ChangedBatches)

    public typealias Element = [CatalogEntity]

    public enum AsyncIterator: AsyncIteratorProtocol {
        case folder(CatalogBatches.AsyncIterator)
        case server(ServerBatches.AsyncIterator)
        case changed(ChangedBatches.AsyncIterator)

        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> [CatalogEntity]? {
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

    public func makeAsyncIterator() -> AsyncIterator {
        switch self {
        case .folder(let batches): .folder(batches.makeAsyncIterator())
        case .server(let batches): .server(batches.makeAsyncIterator())
        case .changed(let batches): .changed(batches.makeAsyncIterator())
        }
    }
}

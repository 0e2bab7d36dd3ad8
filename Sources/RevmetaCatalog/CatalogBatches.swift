public import RevmetaModel

/// The entities of a catalog, some thousands at a time, read as they are asked for.
///
/// Asking for a batch reads and decodes it in the calling task. Cancellation is for the caller to look at between
/// batches: an iteration that ends has read the whole catalog.
public struct CatalogBatches: AsyncSequence, Sendable {
    public typealias Element = [CatalogEntity]
    public typealias Failure = CatalogError

    let files: [CatalogFile.Content: CatalogFile]
    let services: [CatalogService]
    let count: Int
    let needsDocuments: Bool
    let needsAnswers: Bool

    public func makeAsyncIterator() -> Iterator {
        Iterator(EntityStream(files: files, services: services, needsDocuments: needsDocuments, needsAnswers: needsAnswers), count: count)
    }

    public struct Iterator: AsyncIteratorProtocol {
        private let stream: EntityStream
        private let count: Int

        init(_ stream: EntityStream, count: Int) {
            self.stream = stream
            self.count = count
        }

        /// The next batch, never an empty one, or nil at the catalog's end. After an error, the same error.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(CatalogError) -> [CatalogEntity]? {
            try stream.next(count)
        }
    }
}

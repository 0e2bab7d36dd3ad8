internal import RevmetaJSON
public import RevmetaEngine
public import RevmetaModel

/// A plan that was made before, read piece by piece.
///
/// Its statements are sent as they stand, so whoever may write the file decides what is sent. Its hash tells whether it is
/// what was looked at: a file that was changed without it is refused.
public struct PlanFile: AsyncSequence, Sendable {
    public let path: String
    private let services: [ServiceDefinition]

    /// - Parameter services: Those of the configuration, which the plan's must be among.
    public init(path: String, services: [ServiceDefinition]) {
        self.path = path
        self.services = services
    }

    /// Reads it to its end, and throws what is wrong with it.
    ///
    /// What the pieces of a plan mean is only certain when all of them were read: the last line may say that one was changed.
    public func check() throws {
        let stream = try PlanFileStream(path: path, services: services)
        while try stream.next() != nil {}
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(path: path, services: services)
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        private let path: String
        private let services: [ServiceDefinition]
        private var stream: PlanFileStream?

        init(path: String, services: [ServiceDefinition]) {
            self.path = path
            self.services = services
        }

        /// The next piece; nil at the end of a file that is whole and unchanged.
        public mutating func next() async throws -> PlanPiece? {
            let open: PlanFileStream
            if let stream { open = stream } else {
                open = try PlanFileStream(path: path, services: services)
                stream = open
            }
            return try open.next()
        }
    }
}

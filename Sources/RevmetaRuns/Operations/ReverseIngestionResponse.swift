/// What became of a pipeline's operations: OpenMetadata's `ReverseIngestionResponse`.
public struct ReverseIngestionResponse: Encodable, Sendable, Equatable {
    public var serviceId: String
    /// False: the service could not be used, or the run was refused. What fails for itself fails alone.
    public var success: Bool
    /// Why not.
    public var message: String?
    /// One for each operation, in the pipeline's order.
    public var results: [Result]

    public struct Result: Encodable, Sendable, Equatable {
        /// The operation's.
        public var id: String
        /// Whether the service has what the operation says.
        public var success: Bool
        /// Why not, or what else there is to know.
        public var message: String?
    }

    /// Nothing was written.
    public init(_ pipeline: ReverseIngestionPipeline, failed message: String) {
        serviceId = pipeline.service.id
        success = false
        self.message = message
        results = pipeline.operations.map { Result(id: $0.id, success: false, message: message) }
    }

    init(serviceId: String, success: Bool, message: String?, results: [Result]) {
        self.serviceId = serviceId
        self.success = success
        self.message = message
        self.results = results
    }
}

public import RevmetaModel

/// The catalog's answers hold one entity twice, so that nobody can say which of the two is the truth.
public struct ListedTwice: Error, Sendable, Equatable, CustomStringConvertible {
    public let service: String
    public let entity: Entity

    public init(service: String, entity: Entity) {
        self.service = service
        self.entity = entity
    }

    public var description: String {
        "the catalog lists the \(entity.kind.rawValue) \(entity.path) of service '\(service)' twice: remove one of the two from "
            + "its answers"
    }
}

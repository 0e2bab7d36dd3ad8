public import RevmetaModel

/// Entities of two services are to be written to one and the same entity of a sink.
public struct SinkCollision: Error, Sendable, Equatable, CustomStringConvertible {
    public let services: [String]
    public let sink: String
    public let entity: Entity

    public var description: String {
        "the \(entity.kind.rawValue) \(entity.path) of service '\(services[0])' and that of service '\(services[1])' are both "
            + "written to service '\(sink)', under one name: let only one of the two go there"
    }
}

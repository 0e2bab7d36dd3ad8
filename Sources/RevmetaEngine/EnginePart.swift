/// What of a configuration's services and of a catalog's entities a run works on.
public struct EnginePart: Sendable {
    /// Names of the services that are written to; nil: all of the configuration's. What belongs to others is passed over.
    public var services: Set<String>?
    /// Whether it is about what happened to single entities: those of which the catalog says what was written last are then
    /// unchanged, and their source is not asked.
    public var isOfChanges: Bool

    public init(services: Set<String>? = nil, isOfChanges: Bool = false) {
        self.services = services
        self.isOfChanges = isOfChanges
    }

    func includes(_ service: String) -> Bool { services?.contains(service) ?? true }
}

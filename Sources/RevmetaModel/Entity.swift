/// An entity's kind and path: what a source is asked about.
public struct Entity: Sendable, Hashable {
    public var kind: EntityKind
    public var path: EntityPath

    public init(kind: EntityKind, path: EntityPath) {
        self.kind = kind
        self.path = path
    }
}

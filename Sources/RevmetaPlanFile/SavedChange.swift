internal import RevmetaEngine
public import RevmetaJournal
internal import RevmetaModel

/// A change as a plan's file has it, and as programs are told of it.
public struct SavedChange: Codable, Sendable, Equatable {
    public var channel: String
    public var action: String
    /// The entity's kind in the catalog.
    public var entity: String
    /// Its kind at the source.
    public var kind: String
    /// Names, outermost first.
    public var path: [String]
    public var attribute: String
    /// What the source held when the plan was made; absent: nothing.
    public var before: String?
    /// Absent: it is cleared, or nothing is wanted.
    public var value: String?
    /// Why nothing is written, or what went wrong.
    public var reason: String?

    public init(_ listed: ListedChange) {
        let planned = listed.planned
        channel = planned.channel
        action = planned.action.rawValue
        entity = planned.entityKind.rawValue
        kind = planned.change.kind
        path = planned.change.path.names
        attribute = planned.change.attribute.rawValue
        before = planned.change.before
        value = planned.change.value
        reason = planned.reason
    }
}

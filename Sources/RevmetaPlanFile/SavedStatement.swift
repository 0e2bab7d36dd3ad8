public import RevmetaJournal

/// A statement as a plan's file has it.
public struct SavedStatement: Codable, Sendable, Equatable {
    public var service: String
    /// Absent: one session serves the whole service.
    public var database: String?
    /// Exactly what is sent.
    public var text: String
    /// What must still hold at the source besides the values before, in the connector's own words.
    public var `guard`: String?
    /// Of a template: the statements that the text consists of, which run as one unit.
    public var parts: [String]?
    /// What the statement writes, at least one.
    public var changes: [SavedChange]
}

/// A change without a statement as a plan's file has it.
public struct SavedOmission: Codable, Sendable, Equatable {
    public var service: String
    public var database: String?
    public var change: SavedChange

    private enum Place: String, CodingKey {
        case service, database
    }

    public init(_ listed: ListedChange) {
        service = listed.service
        database = listed.database
        change = SavedChange(listed)
    }

    public init(from decoder: any Decoder) throws {
        let place = try decoder.container(keyedBy: Place.self)
        service = try place.decode(String.self, forKey: .service)
        database = try place.decodeIfPresent(String.self, forKey: .database)
        change = try SavedChange(from: decoder)
    }

    /// One object: the change's own fields stand beside its service's.
    public func encode(to encoder: any Encoder) throws {
        try change.encode(to: encoder)
        var place = encoder.container(keyedBy: Place.self)
        try place.encode(service, forKey: .service)
        try place.encodeIfPresent(database, forKey: .database)
    }
}

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

internal import RevmetaCatalog
internal import RevmetaJSON
internal import RevmetaModel

/// Something that happened at the catalog, as it tells it: OpenMetadata's ChangeEvent, as far as it matters here.
struct ChangeEventAnswer: Sendable {
    var id: String?
    var eventType: String?
    var entityType: String
    var entityId: String
    /// Not every release tells it.
    var entityFullyQualifiedName: String?
    /// Milliseconds since 1970.
    var timestamp: Int64?
    var currentVersion: Double?
    /// What was changed, since the person at work began if the server puts several edits together.
    var changeDescription: ChangeDescriptionAnswer?
    /// What this edit changed.
    var incrementalChangeDescription: ChangeDescriptionAnswer?
}

/// The fields that a change added, altered and took away.
struct ChangeDescriptionAnswer: Decodable, Sendable {
    var fieldsAdded: [FieldChangeAnswer]?
    var fieldsUpdated: [FieldChangeAnswer]?
    var fieldsDeleted: [FieldChangeAnswer]?
}

struct FieldChangeAnswer: Sendable {
    var name: String
    /// A text, or a list as JSON within a text. What is neither counts as a text that says nothing.
    var oldValue: String?
    var newValue: String?
}

extension ChangeEventAnswer {
    private static let types: Set = ["entityCreated", "entityUpdated", "entityFieldsChanged", "entityRestored"]

    /// The event, or nil if it is none after which an entity is to be read again. What was deleted is left as it is at the
    /// source.
    func event(now: Int64) -> CatalogEvent? {
        guard eventType.map(Self.types.contains) ?? true, CatalogContent(entityType: entityType) != nil else {
            return nil
        }
        // Older releases give no id; two events of one entity have two versions, or two times.
        let id = id ?? "\(entityId) \(currentVersion ?? 0) \(timestamp ?? 0) \(eventType ?? "")"
        return CatalogEvent(
            id: id, time: timestamp ?? now, entityType: entityType, entityID: entityId, qualifiedName: entityFullyQualifiedName,
            changes: (incrementalChangeDescription ?? changeDescription)?.changes ?? [])
    }
}

extension ChangeDescriptionAnswer {
    /// Those of the changes that are about what is written back.
    fileprivate var changes: [CatalogFieldChange] {
        let added = (fieldsAdded ?? []).map { CatalogFieldChange(name: $0.name, before: nil, after: $0.newValue) }
        let updated = (fieldsUpdated ?? []).map { CatalogFieldChange(name: $0.name, before: $0.oldValue, after: $0.newValue) }
        let deleted = (fieldsDeleted ?? []).map { CatalogFieldChange(name: $0.name, before: $0.oldValue) }
        return (added + updated + deleted).compactMap { change in
            if change.isOfText { return CatalogFieldChange(name: change.name, before: change.before) }
            if change.name == "columns" { return CatalogFieldChange(name: change.name, before: nil) }
            return change.isOfList ? change : nil
        }
    }
}

extension ChangeEventAnswer: JSONScannable {
    private enum Key: String, CaseIterable, CodingKey {
        case id, eventType, entityType, entityId, entityFullyQualifiedName, timestamp, currentVersion
        case changeDescription, incrementalChangeDescription
        case entity
    }
    private static let keys = JSONKeys<Key>()

    init(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONCursor.Unusual) {
        var type: String?, entity: String?, hasEntity = false
        self.init(entityType: "", entityId: "")
        try cursor.object(bytes, Self.keys) { key, cursor, bytes throws(JSONCursor.Unusual) in
            switch key {
            case .id: id = try cursor.optionalText(bytes)
            case .eventType: eventType = try cursor.optionalText(bytes)
            case .entityType: type = try cursor.text(bytes)
            case .entityId: entity = try cursor.text(bytes)
            case .entityFullyQualifiedName: entityFullyQualifiedName = try cursor.optionalText(bytes)
            case .timestamp: timestamp = try cursor.null(bytes) ? nil : try cursor.integer(bytes)
            case .currentVersion: currentVersion = try cursor.null(bytes) ? nil : try cursor.number(bytes)
            case .changeDescription: changeDescription = try cursor.optional(bytes)
            case .incrementalChangeDescription: incrementalChangeDescription = try cursor.optional(bytes)
            case .entity:
                hasEntity = true
                try cursor.skipValue(bytes)
            }
        }
        // Its name may stand in the entity, which the decoder looks into.
        guard let type, let entity, entityFullyQualifiedName != nil || !hasEntity else { throw JSONCursor.Unusual() }
        entityType = type
        entityId = entity
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        id = try container.decodeIfPresent(String.self, forKey: .id)
        eventType = try container.decodeIfPresent(String.self, forKey: .eventType)
        entityType = try container.decode(String.self, forKey: .entityType)
        entityId = try container.decode(String.self, forKey: .entityId)
        entityFullyQualifiedName = try container.decodeIfPresent(String.self, forKey: .entityFullyQualifiedName)
        timestamp = try container.decodeIfPresent(Int64.self, forKey: .timestamp)
        currentVersion = try container.decodeIfPresent(Double.self, forKey: .currentVersion)
        changeDescription = try container.decodeIfPresent(ChangeDescriptionAnswer.self, forKey: .changeDescription)
        incrementalChangeDescription = try container.decodeIfPresent(
            ChangeDescriptionAnswer.self, forKey: .incrementalChangeDescription)
        entityFullyQualifiedName = entityFullyQualifiedName ?? Self.nameOfEntity(in: container)
    }

    private struct NamedEntity: Decodable { var fullyQualifiedName: String? }

    /// The entity stands in the event as a text of JSON, or as it is.
    private static func nameOfEntity(in container: KeyedDecodingContainer<Key>) -> String? {
        if let text = try? container.decode(String.self, forKey: .entity) {
            return (try? JSONDecoder().decode(NamedEntity.self, from: Data(text.utf8)))?.fullyQualifiedName
        }
        return (try? container.decode(NamedEntity.self, forKey: .entity))?.fullyQualifiedName
    }
}

extension ChangeDescriptionAnswer: JSONScannable {
    private enum Key: String, CaseIterable { case fieldsAdded, fieldsUpdated, fieldsDeleted }
    private static let keys = JSONKeys<Key>()

    init(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONCursor.Unusual) {
        self.init()
        try cursor.object(bytes, Self.keys) { key, cursor, bytes throws(JSONCursor.Unusual) in
            switch key {
            case .fieldsAdded: fieldsAdded = try cursor.optionalList(bytes)
            case .fieldsUpdated: fieldsUpdated = try cursor.optionalList(bytes)
            case .fieldsDeleted: fieldsDeleted = try cursor.optionalList(bytes)
            }
        }
    }
}

extension FieldChangeAnswer: JSONScannable {
    private enum Key: String, CaseIterable, CodingKey { case name, oldValue, newValue }
    private static let keys = JSONKeys<Key>()

    init(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONCursor.Unusual) {
        var name: String?, old: String?, new: String?
        try cursor.object(bytes, Self.keys) { key, cursor, bytes throws(JSONCursor.Unusual) in
            switch key {
            case .name: name = try cursor.text(bytes)
            case .oldValue: old = try cursor.optionalText(bytes)
            case .newValue: new = try cursor.optionalText(bytes)
            }
        }
        guard let name else { throw JSONCursor.Unusual() }
        self.init(name: name, oldValue: old, newValue: new)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        name = try container.decode(String.self, forKey: .name)
        oldValue = try Self.text(.oldValue, in: container)
        newValue = try Self.text(.newValue, in: container)
    }

    private static func text(_ key: Key, in container: KeyedDecodingContainer<Key>) throws -> String? {
        guard container.contains(key), try !container.decodeNil(forKey: key) else { return nil }
        return (try? container.decode(String.self, forKey: key)) ?? ""
    }
}

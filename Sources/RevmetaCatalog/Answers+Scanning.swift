package import RevmetaJSON

// How each answer is read when it looks as usual. What is missing or of another type is left to the decoder, whose errors are
// the ones to show.

extension EntityAnswer: JSONScannable {
    private enum Key: String, CaseIterable {
        case id, name, fullyQualifiedName, displayName, description, service, serviceType, database, databaseSchema, tableType
        case columns, owners, owner, tags, deleted, domains, domain, dataProducts, certification, followers, `extension`
        case entityStatus, updatedBy, updatedAt, version
    }

    private static let keys = JSONKeys<Key>()

    package init(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONCursor.Unusual) {
        self.init()
        try cursor.object(bytes, Self.keys) { key, cursor, bytes throws(JSONCursor.Unusual) in
            switch key {
            case .id: id = try cursor.optionalText(bytes)
            case .name: name = try cursor.optionalText(bytes)
            case .fullyQualifiedName: fullyQualifiedName = try cursor.optionalText(bytes)
            case .displayName: displayName = try cursor.optionalText(bytes)
            case .description: description = try cursor.optionalText(bytes)
            case .service: service = try cursor.optional(bytes)
            case .serviceType: serviceType = try cursor.optionalText(bytes)
            case .database: database = try cursor.optional(bytes)
            case .databaseSchema: databaseSchema = try cursor.optional(bytes)
            case .tableType: tableType = try cursor.optionalText(bytes)
            case .columns: columns = try cursor.optionalList(bytes)
            case .owners: owners = try cursor.optionalList(bytes)
            case .owner: owner = try cursor.optional(bytes)
            case .tags: tags = try cursor.optionalList(bytes)
            case .deleted:
                deleted = try cursor.optional(bytes) { cursor, bytes throws(JSONCursor.Unusual) in try cursor.truth(bytes) }
            case .domains: domains = try cursor.optionalList(bytes)
            case .domain: domain = try cursor.optional(bytes)
            case .dataProducts: dataProducts = try cursor.optionalList(bytes)
            case .certification: certification = try cursor.optional(bytes)
            case .followers: followers = try cursor.optionalList(bytes)
            case .extension:
                `extension` = try cursor.optional(bytes) { cursor, bytes throws(JSONCursor.Unusual) in
                    try PropertyAnswer.all(&cursor, bytes)
                }
            case .entityStatus: entityStatus = try cursor.optionalText(bytes)
            case .updatedBy: updatedBy = try cursor.optionalText(bytes)
            case .updatedAt:
                updatedAt = try cursor.optional(bytes) { cursor, bytes throws(JSONCursor.Unusual) in try cursor.integer(bytes) }
            case .version:
                version = try cursor.optional(bytes) { cursor, bytes throws(JSONCursor.Unusual) in try cursor.number(bytes) }
            }
        }
    }
}

extension CertificationAnswer: JSONScannable {
    private enum Key: String, CaseIterable { case tagLabel }
    private static let keys = JSONKeys<Key>()

    init(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONCursor.Unusual) {
        self.init()
        try cursor.object(bytes, Self.keys) { _, cursor, bytes throws(JSONCursor.Unusual) in
            tagLabel = try cursor.optional(bytes)
        }
    }
}

extension PropertyAnswer: JSONScannable {
    init(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONCursor.Unusual) {
        switch try cursor.next(bytes) {
        case UInt8(ascii: "\""): texts = [try cursor.text(bytes)]
        case UInt8(ascii: "t"), UInt8(ascii: "f"): texts = ["\(try cursor.truth(bytes))"]
        case UInt8(ascii: "["):
            var all: [String] = []
            try cursor.list(bytes) { cursor, bytes throws(JSONCursor.Unusual) in
                all += try PropertyAnswer(&cursor, bytes).texts
            }
            texts = all
        case UInt8(ascii: "{"):
            texts = try Self.all(&cursor, bytes).sorted { $0.key < $1.key }.flatMap(\.value.texts)
        // Null among them, of which the decoder knows more.
        default: texts = ["\(try cursor.integer(bytes))"]
        }
    }

    static func all(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
    ) throws(JSONCursor.Unusual) -> [String: PropertyAnswer] {
        var properties: [String: PropertyAnswer] = [:]
        try cursor.dictionary(bytes) { name, cursor, bytes throws(JSONCursor.Unusual) in
            guard properties.updateValue(try PropertyAnswer(&cursor, bytes), forKey: name) == nil else {
                throw JSONCursor.Unusual()
            }
        }
        return properties
    }
}

extension ColumnAnswer: JSONScannable {
    private enum Key: String, CaseIterable { case name, displayName, description, tags, children }
    private static let keys = JSONKeys<Key>()

    init(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONCursor.Unusual) {
        var name: String?, displayName: String?, description: String?, tags: [TagAnswer]?, children: [ColumnAnswer]?
        try cursor.object(bytes, Self.keys) { key, cursor, bytes throws(JSONCursor.Unusual) in
            switch key {
            case .name: name = try cursor.text(bytes)
            case .displayName: displayName = try cursor.optionalText(bytes)
            case .description: description = try cursor.optionalText(bytes)
            case .tags: tags = try cursor.optionalList(bytes)
            case .children: children = try cursor.optionalList(bytes)
            }
        }
        guard let name else { throw JSONCursor.Unusual() }
        self.init(name: name, displayName: displayName, description: description, tags: tags, children: children)
    }
}

extension ReferenceAnswer: JSONScannable {
    private enum Key: String, CaseIterable { case id, name, displayName, fullyQualifiedName }
    private static let keys = JSONKeys<Key>()

    init(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONCursor.Unusual) {
        self.init()
        try cursor.object(bytes, Self.keys) { key, cursor, bytes throws(JSONCursor.Unusual) in
            switch key {
            case .id: id = try cursor.optionalText(bytes)
            case .name: name = try cursor.optionalText(bytes)
            case .displayName: displayName = try cursor.optionalText(bytes)
            case .fullyQualifiedName: fullyQualifiedName = try cursor.optionalText(bytes)
            }
        }
    }
}

extension OwnerAnswer: JSONScannable {
    private enum Key: String, CaseIterable { case id, type, name, displayName, fullyQualifiedName, inherited }
    private static let keys = JSONKeys<Key>()

    init(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONCursor.Unusual) {
        self.init(type: "")
        var type: String?
        try cursor.object(bytes, Self.keys) { key, cursor, bytes throws(JSONCursor.Unusual) in
            switch key {
            case .id: id = try cursor.optionalText(bytes)
            case .type: type = try cursor.text(bytes)
            case .name: name = try cursor.optionalText(bytes)
            case .displayName: displayName = try cursor.optionalText(bytes)
            case .fullyQualifiedName: fullyQualifiedName = try cursor.optionalText(bytes)
            case .inherited:
                inherited = try cursor.optional(bytes) { cursor, bytes throws(JSONCursor.Unusual) in try cursor.truth(bytes) }
            }
        }
        guard let type else { throw JSONCursor.Unusual() }
        self.type = type
    }
}

extension TagAnswer: JSONScannable {
    private enum Key: String, CaseIterable { case tagFQN, source, state, labelType }
    private static let keys = JSONKeys<Key>()

    init(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONCursor.Unusual) {
        self.init(tagFQN: "")
        var tagFQN: String?
        try cursor.object(bytes, Self.keys) { key, cursor, bytes throws(JSONCursor.Unusual) in
            switch key {
            case .tagFQN: tagFQN = try cursor.text(bytes)
            case .source: source = try cursor.optionalText(bytes)
            case .state: state = try cursor.optionalText(bytes)
            case .labelType: labelType = try cursor.optionalText(bytes)
            }
        }
        guard let tagFQN else { throw JSONCursor.Unusual() }
        self.tagFQN = tagFQN
    }
}

extension ServiceAnswer: JSONScannable {
    private enum Key: String, CaseIterable { case name, serviceType, connection }
    private static let keys = JSONKeys<Key>()

    package init(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONCursor.Unusual) {
        var name: String?, serviceType: String?
        try cursor.object(bytes, Self.keys) { key, cursor, bytes throws(JSONCursor.Unusual) in
            switch key {
            case .name: name = try cursor.text(bytes)
            case .serviceType: serviceType = try cursor.text(bytes)
            // Few have one, and it may hold anything.
            case .connection: throw JSONCursor.Unusual()
            }
        }
        guard let name, let serviceType else { throw JSONCursor.Unusual() }
        self.init(name: name, serviceType: serviceType)
    }
}

extension PrincipalAnswer: JSONScannable {
    private enum Key: String, CaseIterable { case id, name, email, users, children }
    private static let keys = JSONKeys<Key>()

    package init(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONCursor.Unusual) {
        self.init(id: "", name: "")
        var id: String?, name: String?
        try cursor.object(bytes, Self.keys) { key, cursor, bytes throws(JSONCursor.Unusual) in
            switch key {
            case .id: id = try cursor.text(bytes)
            case .name: name = try cursor.text(bytes)
            case .email: email = try cursor.optionalText(bytes)
            case .users: users = try cursor.optionalList(bytes)
            case .children: children = try cursor.optionalList(bytes)
            }
        }
        guard let id, let name else { throw JSONCursor.Unusual() }
        self.id = id
        self.name = name
    }
}

extension OwnerMemberAnswer: JSONScannable {
    private enum Key: String, CaseIterable { case id, name, deleted }
    private static let keys = JSONKeys<Key>()

    package init(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONCursor.Unusual) {
        self.init()
        try cursor.object(bytes, Self.keys) { key, cursor, bytes throws(JSONCursor.Unusual) in
            switch key {
            case .id: id = try cursor.optionalText(bytes)
            case .name: name = try cursor.optionalText(bytes)
            case .deleted:
                deleted = try cursor.optional(bytes) { cursor, bytes throws(JSONCursor.Unusual) in try cursor.truth(bytes) }
            }
        }
    }
}

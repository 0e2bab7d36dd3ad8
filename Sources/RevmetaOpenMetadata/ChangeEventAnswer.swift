internal import RevmetaJSON

/// Something that happened at the catalog, as far as it says what is to be read again.
///
/// What exactly changed is not taken from it: names of fields in events are ambiguous, and several edits may be one event.
struct ChangeEventAnswer: Decodable, Sendable {
    var entityType: String
    var entityId: String
    /// Not every release tells it.
    var entityFullyQualifiedName: String?
}

extension ChangeEventAnswer: JSONScannable {
    private enum Key: String, CaseIterable { case entityType, entityId, entityFullyQualifiedName }
    private static let keys = JSONKeys<Key>()

    init(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONCursor.Unusual) {
        var type: String?, id: String?, name: String?
        try cursor.object(bytes, Self.keys) { key, cursor, bytes throws(JSONCursor.Unusual) in
            switch key {
            case .entityType: type = try cursor.text(bytes)
            case .entityId: id = try cursor.text(bytes)
            case .entityFullyQualifiedName: name = try cursor.optionalText(bytes)
            }
        }
        guard let type, let id else { throw JSONCursor.Unusual() }
        self.init(entityType: type, entityId: id, entityFullyQualifiedName: name)
    }
}

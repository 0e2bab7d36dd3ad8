internal import RevmetaModel
internal import RevmetaRunner

/// Writes what a plugin is asked, in the order in which the runner reads it.
extension FrameWriter {
    // About how many bytes are written.

    static func size(of entities: [Entity]) -> Int { entities.count * 64 }

    static func size(of changes: [Change]) -> Int { changes.count * 256 }

    static func size(of statements: [Statement]) -> Int { statements.count * 256 }

    mutating func settings(_ settings: [String: Secret]) {
        number(UInt32(settings.count))
        for (key, value) in settings.sorted(by: { $0.key < $1.key }) {
            text(key)
            text(value.exposed)
        }
    }

    mutating func entities(_ entities: [Entity]) {
        number(UInt32(entities.count))
        let entities = entities.span
        for index in entities.indices {
            text(entities[index].kind.rawValue)
            texts(entities[index].path.names)
        }
    }

    mutating func changes(_ changes: [Change]) {
        number(UInt32(changes.count))
        // Through spans, and borrowed: to copy a change counts each of its texts up and down again.
        let changes = changes.span
        for index in changes.indices { change(changes[index]) }
    }

    private mutating func change(_ change: borrowing Change) {
        text(change.kind)
        texts(change.path.names)
        text(change.attribute.rawValue)
        text(change.before)
        text(change.value)
        text(change.channel)
    }

    mutating func statements(_ statements: [Statement]) {
        number(UInt32(statements.count))
        let statements = statements.span
        for index in statements.indices { statement(statements[index]) }
    }

    private mutating func statement(_ statement: borrowing Statement) {
        text(statement.text)
        text(statement.guardText)
        texts(statement.parts)
        number(UInt32(statement.changes.count))
        for change in statement.changes { number(UInt32(change)) }
    }
}

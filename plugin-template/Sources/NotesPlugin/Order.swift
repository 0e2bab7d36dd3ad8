internal import RevmetaPlugin

/// A statement, understood: the note to keep, and what must still be said before it is.
struct Order {
    /// Index of the statement.
    var index: Int
    /// Its names are the schema's, the table's and the column's.
    var note: Note
    private var befores: [String]

    var schema: String { note.names[0] }

    /// Reads a statement. A statement that a template wrote may say another text, but not of another thing.
    init(index: Int, _ statement: Statement, of changes: [Change]) throws(Failure) {
        if let guardText = statement.guardText {
            throw Failure(
                .invalid,
                "expected a statement without a guard, since this connector plans none, found '\(guardText)'")
        }
        guard statement.parts.count <= 1 else {
            throw Failure(
                .invalid, "expected a statement that is one note, found one of \(statement.parts.count) parts")
        }
        let note = try Note(parsing: statement.text)
        guard let kind = note.kind else {
            throw Failure(.invalid, "expected the names of a schema, table or column, found '\(statement.text)'")
        }
        try Ability.check(kind, note.verb.attribute, note.value)
        guard !statement.changes.isEmpty, statement.changes.allSatisfy(changes.indices.contains) else {
            throw Failure(.invalid, "expected a statement for one or more of the \(changes.count) changes it came with")
        }
        for change in statement.changes.map({ changes[$0] }) {
            guard try Note(making: change).key.isSame(as: note.key) else {
                throw Failure(
                    .invalid, "expected a statement about what its change is about, found '\(statement.text)'")
            }
        }
        self.index = index
        self.note = note
        befores = statement.changes.map { changes[$0].before ?? "" }
    }

    /// Puts the note among the others, if they still say what they said when the change was made up.
    func carryOut(in schema: SchemaFolder) throws(Failure) {
        let names = note.names.dropFirst()
        try schema.expect(note)
        let found: String
        switch schema.notes.said(note.verb, of: names) {
        case .nothing: found = ""
        case .text(let text): found = text
        case .unclear(let why): throw Failure(.conflict, why)
        }
        guard befores.allSatisfy({ $0.isSame(as: found) }) else {
            throw Failure(.conflict, "the \(note.verb.attribute) has changed since it was read: read it again")
        }
        schema.notes.say(note.verb, of: names, note.value)
    }

    /// The orders by schema, in the order they came in: each schema's notes are written once.
    static func batches(_ orders: [Order]) -> [[Order]] {
        var batches: [[Order]] = []
        var numbers: [[UInt8]: Int] = [:]
        for order in orders {
            let key = Array(order.schema.utf8)
            if let number = numbers[key] {
                batches[number].append(order)
            } else {
                numbers[key] = batches.count
                batches.append([order])
            }
        }
        return batches
    }
}

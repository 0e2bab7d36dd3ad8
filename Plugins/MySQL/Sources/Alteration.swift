import RevmetaPlugin

/// The one statement that gives a target its comments: built from what the server says the target is made of.
struct Alteration {
    let target: Target
    let definition: Definition
    let flavour: Flavour
    let allowsTableCopy: Bool
    private var comment: String?
    private var columns: [(column: Definition.Column, comment: String)] = []
    private var needsCopy = false
    /// Why any comment of the target needs a copy of it.
    private let copyReason: String?
    private let unsayable: [ExactText: Failure]

    /// - Parameter unsayable: Columns that must not be said again, with the reason: ``KeptTexts``.
    init(
        _ target: Target, _ definition: Definition, flavour: Flavour, allowsTableCopy: Bool,
        unsayable: [ExactText: Failure] = [:]
    ) {
        self.target = target
        self.definition = definition
        self.flavour = flavour
        self.allowsTableCopy = allowsTableCopy
        copyReason = definition.copyReason(flavour)
        self.unsayable = unsayable
    }

    /// Takes a change in, or says why it cannot be made.
    mutating func add(_ change: Change) throws(Failure) {
        let kind = ObjectKind(rawValue: change.kind) ?? .table
        let object = kind.described(change.path), text = change.value ?? ""
        let ability = kind.description(flavour)
        guard !text.holdsNUL, !text.holdsUnrepresentable else {
            throw Failure(
                .invalid, "\(object): the description holds U+0000 or a character beyond U+FFFF, which the server "
                    + "would turn into something else")
        }
        let length = ability.unit == .bytes ? text.utf8.count : text.unicodeScalars.count
        if let limit = ability.maxLength, length > limit {
            throw Failure(
                .invalid, "\(object): the server holds \(limit) "
                    + "\(ability.unit == .bytes ? "bytes" : "characters"), found "
                    + "\(length)")
        }
        if let refusal = definition.refusal(flavour) { throw Failure(.unsupported, "\(object): \(refusal)") }
        guard kind.level == .column else {
            try allowCopy(for: object, because: copyReason)
            comment = text
            return
        }
        guard let column = definition.column(change.path[3]) else {
            throw Failure(.notFound, "\(object) does not exist")
        }
        if definition.isGeneratedKey(column, flavour) {
            throw Failure(.unsupported, "\(object) is a generated invisible primary key, which MySQL lets nobody alter")
        }
        if let reason = unsayable[ExactText(column.name)] { throw reason }
        try allowCopy(for: object, because: definition.copyReason(of: column, flavour) ?? copyReason)
        columns.append((column, text))
    }

    private mutating func allowCopy(for object: String, because reason: String?) throws(Failure) {
        guard let reason else { return }
        guard allowsTableCopy else {
            throw Failure(
                .unsupported, "\(object): the server would copy the whole table, with its writers waiting, since "
                    + "\(reason); set allowTableCopy: true under the connection to permit it")
        }
        needsCopy = true
    }

    var isEmpty: Bool { comment == nil && columns.isEmpty }

    /// The statement.
    var text: String {
        statement(
            columns.map { definition.clause(of: $0.column, comment: $0.comment, flavour) }, comment,
            needsCopy ? "ALGORITHM=COPY" : flavour.withoutCopy(engine: definition.option("ENGINE")))
    }

    /// The statement that gives the target back what this one replaces; the server chooses how.
    var restoration: String {
        statement(
            columns.map { definition.clause(of: $0.column, comment: $0.column.comment.text, flavour) },
            comment.map { _ in definition.comment.text }, nil)
    }

    private func statement(_ clauses: [String], _ comment: String?, _ algorithm: String?) -> String {
        switch target {
        case .schema(let name):
            return "ALTER DATABASE \(ServerText.quoted(name.text)) COMMENT = \(ServerText.literal(comment ?? ""))"
        case .table(let name):
            var parts = clauses.map { "MODIFY COLUMN " + $0 }
            if let comment { parts.append("COMMENT = " + ServerText.literal(comment)) }
            if let algorithm { parts.append(algorithm) }
            return "ALTER TABLE \(name.quoted) " + parts.joined(separator: ", ")
        }
    }
}

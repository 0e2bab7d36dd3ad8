import RevmetaPlugin

/// What statements are about: an object, or the table of columns, whose kind is then its columns'.
struct PlannedObject {
    var kind: ObjectKind
    var name: ExactName
    /// A routine's, as statements name it.
    var types: String?

    /// One for a table and its columns; two routines of one name are told apart.
    func key(_ path: [String]) -> ExactName {
        types == nil ? name : ExactName(name.names + [kind.rawValue, types ?? ""])
    }

    func append(to sql: inout SQL) {
        sql.name(name.names)
        guard let types else { return }
        sql.raw("(")
        sql.verbatim(types)
        sql.raw(")")
    }
}

/// A tag to set, or without a value to take away.
struct TagChange {
    var index: Int
    /// Nil: on the object itself.
    var column: String?
    var tag: ExactName
    var value = ""
}

/// All that is to be written on one object and its columns.
struct Draft {
    var object: PlannedObject
    var comment: (index: Int, text: String)?
    var columnComments: [(index: Int, column: String, text: String)] = []
    var set: [TagChange] = []
    var unset: [TagChange] = []
    /// Tags that are not there yet.
    var creates: [ExactName] = []
    var owner: (index: Int, role: String)?

    /// Snowflake takes a megabyte.
    private static let mostBytes = 800_000
    /// Tags in one statement, each counted for each column.
    private static let mostTags = 100

    /// Emits all but the owner.
    ///
    /// - Parameter created: Tags that a statement of this plan creates; each is created once.
    func emit(into plan: borrowing PlanSink, created: inout Set<ExactName>) throws(Failure) {
        if let comment { try emitComment(comment, into: plan) }
        try emitColumnComments(into: plan)
        for (tags, word) in [(set, "SET"), (unset, "UNSET")] as [(tags: [TagChange], word: StaticString)] {
            try emitTags(tags.filter { $0.column == nil }, word, into: plan, created: &created)
            try emitTags(tags.filter { $0.column != nil }, word, into: plan, created: &created)
        }
    }

    func emitOwner(into plan: borrowing PlanSink) throws(Failure) {
        guard let owner else { return }
        var sql = SQL(.snowflake)
        sql.raw("GRANT OWNERSHIP ON ")
        sql.raw(object.kind.grantWord)
        object.append(to: &sql)
        sql.raw(" TO ROLE ")
        sql.name(owner.role)
        sql.raw(" COPY CURRENT GRANTS")
        try plan.emit(sql.text, for: owner.index)
    }

    /// An empty text takes a comment away. UNSET COMMENT is not there for every kind.
    private func emitComment(_ comment: (index: Int, text: String), into plan: borrowing PlanSink) throws(Failure) {
        var sql = SQL(.snowflake)
        if let word = object.kind.commentWord {
            sql.raw("COMMENT ON ")
            sql.raw(word)
            object.append(to: &sql)
            sql.raw(" IS ")
        } else {
            sql.raw("ALTER ")
            sql.raw(object.kind.alterWord)
            object.append(to: &sql)
            sql.raw(" SET COMMENT = ")
        }
        sql.literal(comment.text)
        try plan.emit(sql.text, for: comment.index)
    }

    private func emitColumnComments(into plan: borrowing PlanSink) throws(Failure) {
        let isJoined = columnKind.hasJoinedColumnComments
        var rest = columnComments[...]
        while let first = rest.first {
            var sql = SQL(.snowflake), changes: [Int] = []
            guard isJoined else {
                sql.raw("COMMENT ON COLUMN ")
                sql.name(object.name.names + [first.column])
                sql.raw(" IS ")
                sql.literal(first.text)
                try plan.emit(sql.text, for: first.index)
                rest.removeFirst()
                continue
            }
            sql.raw("ALTER ")
            sql.raw(object.kind.alterWord)
            object.append(to: &sql)
            sql.raw(" ALTER ")
            while let next = rest.first, changes.isEmpty || sql.text.utf8.count + next.text.utf8.count < Self.mostBytes {
                if !changes.isEmpty { sql.raw(", ") }
                sql.raw("COLUMN ")
                sql.name(next.column)
                sql.raw(" COMMENT ")
                sql.literal(next.text)
                changes.append(next.index)
                rest.removeFirst()
            }
            try plan.emit(Statement(text: sql.text, changes: changes))
        }
    }

    private func emitTags(
        _ tags: [TagChange], _ word: StaticString, into plan: borrowing PlanSink, created: inout Set<ExactName>
    ) throws(Failure) {
        // A column's tags stand together.
        var order: [String] = [], byColumn: [ExactName: [TagChange]] = [:]
        for tag in tags {
            let column = tag.column ?? ""
            if byColumn[ExactName(column)] == nil { order.append(column) }
            byColumn[ExactName(column), default: []].append(tag)
        }
        var rest = order.flatMap { byColumn[ExactName($0)] ?? [] }[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(Self.mostTags))
            rest = rest.dropFirst(Self.mostTags)
            var sql = SQL(.snowflake)
            for tag in some where creates.contains(tag.tag) && created.insert(tag.tag).inserted {
                sql.verbatim(TagCreation.text(tag.tag))
            }
            sql.raw("ALTER ")
            sql.raw(object.kind.alterWord)
            object.append(to: &sql)
            var column: String?
            for (number, tag) in some.enumerated() {
                let isSameColumn = number > 0 && tag.column.map { column?.isExactly($0) == true } ?? true
                if isSameColumn {
                    sql.raw(", ")
                } else {
                    if let name = tag.column {
                        sql.raw(number == 0 ? " MODIFY COLUMN " : ", COLUMN ")
                        sql.name(name)
                        column = name
                    }
                    sql.raw(" ")
                    sql.raw(word)
                    sql.raw(" TAG ")
                }
                sql.name(tag.tag.names)
                if word.utf8CodeUnitCount == 3 {
                    sql.raw(" = ")
                    sql.literal(tag.value)
                }
            }
            try plan.emit(Statement(text: sql.text, changes: some.map(\.index)))
        }
    }

    private var columnKind: ObjectKind {
        object.kind.level == .column ? object.kind : object.kind.column
    }
}

/// A tag that is not there is created by the statement that sets it first, in a line before it.
///
/// Snowflake takes one statement at a time, so these lines are sent by themselves.
enum TagCreation {
    private static let start = "CREATE TAG IF NOT EXISTS "

    static func text(_ tag: ExactName) -> String { start + tag.quoted + ";\n" }

    /// The statements that a text consists of, in order.
    static func parted(_ text: String) -> [String] {
        var parts: [String] = [], rest = text[...]
        while rest.hasPrefix(start), let end = rest.endOfQuotedName(after: start.utf8.count) {
            parts.append(String(rest[..<end.name]))
            rest = rest[end.line...]
        }
        return parts + [String(rest)]
    }
}

extension Substring {
    /// Where names in quotes end, and the line that they end; nil: it does not end so. Names may hold anything.
    fileprivate func endOfQuotedName(after count: Int) -> (name: Index, line: Index)? {
        var index = utf8.index(startIndex, offsetBy: count), isQuoted = false
        while index < endIndex {
            let byte = utf8[index]
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: ";"), !isQuoted {
                let next = utf8.index(after: index)
                guard next < endIndex, utf8[next] == UInt8(ascii: "\n") else { return nil }
                return (index, utf8.index(after: next))
            }
            index = utf8.index(after: index)
        }
        return nil
    }
}

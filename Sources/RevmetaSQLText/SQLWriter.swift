internal import RevmetaPlugin

/// Writes statements: texts as they are, values as their places want them.
public struct SQLWriter: Sendable {
    private let rules: SQLRules

    public init(_ rules: SQLRules) {
        self.rules = rules
    }

    /// The statements of a layout with its values filled in.
    /// - Parameter value: Gives a value by its number.
    public func statements(
        _ layout: SQLLayout, value: (Int) throws(SQLValueProblem) -> SQLValue
    ) throws(SQLValueProblem) -> [String] {
        var statements: [String] = []
        statements.reserveCapacity(layout.statements.count)
        for parts in layout.statements {
            var statement = ""
            statement.reserveCapacity(layout.capacity)
            var name = NameLength()
            for part in parts {
                switch part {
                case .text(let text):
                    statement += text
                    name.add(text)
                case .value(let number, let place):
                    let value = try value(number)
                    do throws(Misfit) {
                        try append(value, at: place, to: &statement)
                    } catch {
                        throw SQLValueProblem(value: number, message: error.message)
                    }
                    if name.isOpen { name.add(value, number) }
                case .nameBegins: name = NameLength(isOpen: true)
                case .nameEnds:
                    name.isOpen = false
                    // Without the two quotes around it.
                    try check(length: name.length - 2, name.value)
                }
            }
            statements.append(statement)
        }
        return statements
    }

    private struct Misfit: Error {
        var message: String
    }

    private func append(_ value: SQLValue, at place: Place, to statement: inout String) throws(Misfit) {
        switch place {
        case .bare: try appendBare(value, to: &statement)
        case .raw: statement += value.text ?? ""
        case .literal(let quoting): try appendBody(value, quoting, isName: false, to: &statement)
        case .name(let quoting): try appendBody(value, quoting, isName: true, to: &statement)
        case .prefixed(let prefix, let quoting):
            if case .pairs = value.content { throw Misfit(message: "is a list, which \(prefix)'…' cannot hold") }
            guard let text = value.text else {
                statement += "NULL"
                return
            }
            try check(text)
            statement += prefix
            statement += "'"
            quoting.append(text, to: &statement)
            statement += "'"
        }
    }

    private func appendBare(_ value: SQLValue, to statement: inout String) throws(Misfit) {
        switch (value.form, value.content) {
        case (.raw, _): statement += value.text ?? ""
        case (.natural, .pairs(let pairs)): try appendList(pairs, to: &statement)
        case (.natural, .name(let name)): try appendName(name, to: &statement)
        case (.identifier, _): try appendName(value.text, to: &statement)
        case (.natural, .text(let text)): try appendLiteral(text, to: &statement)
        case (.literal, _): try appendLiteral(value.text, to: &statement)
        }
    }

    private func appendList(_ pairs: [SQLValue.Pair], to statement: inout String) throws(Misfit) {
        let list = rules.dialect.list
        statement += list.open
        for (index, pair) in pairs.enumerated() {
            if index > 0 { statement += list.separator }
            statement += list.pairOpen
            try appendLiteral(pair.key, to: &statement)
            statement += list.pairSeparator
            try appendLiteral(pair.value, to: &statement)
            statement += list.pairClose
        }
        statement += list.close
    }

    private func appendLiteral(_ text: String?, to statement: inout String) throws(Misfit) {
        guard let text else {
            statement += "NULL"
            return
        }
        try check(text)
        statement += rules.dialect.literalOpen
        rules.literal.append(text, to: &statement)
        statement += rules.dialect.literalClose
    }

    private func appendName(_ name: String?, to statement: inout String) throws(Misfit) {
        guard let name else { throw Misfit(message: "is absent, and a name cannot be left out") }
        try checkName(name)
        if let most = rules.dialect.identifierMaxBytes, name.utf8.count > most {
            throw Misfit(message: tooLong(name.utf8.count, most))
        }
        guard let open = rules.dialect.identifierOpen, let close = rules.dialect.identifierClose,
            let quoting = rules.identifier
        else {
            guard name.utf8.allSatisfy(\.isWord) else {
                throw Misfit(message: "has signs in it, and \(rules.dialect.name) cannot quote names")
            }
            statement += name
            return
        }
        statement += open
        quoting.append(name, to: &statement)
        statement += close
    }

    /// A value between quotes that the template has written.
    private func appendBody(
        _ value: SQLValue, _ quoting: Quoting, isName: Bool, to statement: inout String
    ) throws(Misfit) {
        if isName {
            if case .pairs = value.content { throw Misfit(message: "is a list, which a name cannot hold") }
            let name = value.text ?? ""
            try checkName(name)
            quoting.append(name, to: &statement)
            return
        }
        var text = value.text ?? ""
        if value.form == .literal || value.form == .identifier {
            // Statements inside of a literal: spelled as if bare, then escaped as a whole.
            text = ""
            try appendBare(value, to: &text)
        }
        try check(text)
        quoting.append(text, to: &statement)
    }

    private func check(_ text: String) throws(Misfit) {
        let bytes = text.utf8.span
        for index in bytes.indices where bytes[index] == 0 {
            throw Misfit(message: "holds the character U+0000, which no statement can carry")
        }
    }

    private func checkName(_ name: String) throws(Misfit) {
        try check(name)
        if name.isEmpty { throw Misfit(message: "is empty, and a name cannot be") }
        if rules.dialect.hasDottedIdentifiers, name.utf8.contains(UInt8(ascii: ".")) {
            throw Misfit(
                message: "is \"\(name)\": \(rules.dialect.name) takes the dot in a name for the end of the name")
        }
    }

    private func tooLong(_ length: Int, _ most: Int) -> String {
        "makes a name of \(length) bytes, and \(rules.dialect.name) takes at most \(most)"
    }

    /// A name made of several values, or of values and the template's own text, can be too long where none of them is.
    private func check(length: Int, _ value: Int) throws(SQLValueProblem) {
        guard let most = rules.dialect.identifierMaxBytes, length > most, !rules.dialect.hasDottedIdentifiers else {
            return
        }
        throw SQLValueProblem(value: value, message: tooLong(length, most))
    }
}

/// Counts the bytes of a quoted identifier, as its text is before values are escaped.
private struct NameLength {
    var isOpen = false
    var length = 0
    /// The last value in it.
    var value = 0

    mutating func add(_ text: String) {
        if isOpen { length += text.utf8.count }
    }

    mutating func add(_ value: SQLValue, _ number: Int) {
        length += value.text?.utf8.count ?? 0
        self.value = number
    }
}

internal import RevmetaPlugin
internal import RevmetaSQLText

/// Takes a template apart: text, `{placeholders}`, `{{` and `}}`.
struct FormatParser {
    let names: [String]
    private let allowsRaw: Bool
    private let bytes: [UInt8]
    private var index = 0
    private(set) var source = SQLSource()
    private(set) var placeholders: [Placeholder] = []

    init(_ template: TemplateText) {
        names = template.names
        allowsRaw = template.allowsRaw
        bytes = Array(template.text.utf8)
    }

    mutating func parse() throws(SQLTextProblem) {
        var start = index
        while let byte {
            guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") else {
                index += 1
                continue
            }
            source.append(text: bytes[start..<index], at: start)
            if index + 1 < bytes.count, bytes[index + 1] == byte {
                source.append(text: CollectionOfOne(byte), at: index)
                index += 2
            } else if byte == UInt8(ascii: "{") {
                try parsePlaceholder()
            } else {
                throw problem("expected }} for a brace in the text, found a single }")
            }
            start = index
        }
        source.append(text: bytes[start..<index], at: start)
    }

    private mutating func parsePlaceholder() throws(SQLTextProblem) {
        let start = index
        index += 1
        skipBlanks()
        let nameStart = index
        var placeholder = Placeholder(name: word(), text: "")
        if placeholder.name.isEmpty {
            throw problem("expected a variable's name after {, found \(found). Write {{ for a brace in the text."
                + " \(Known(names).sentence)")
        }
        placeholder.name = try known(placeholder.name, at: nameStart)
        skipBlanks()
        while byte == UInt8(ascii: "|") {
            index += 1
            try parseFilter(into: &placeholder)
            skipBlanks()
        }
        guard byte == UInt8(ascii: "}") else {
            throw problem("expected } or | after {\(placeholder.name), found \(found)")
        }
        placeholder.text = String(decoding: bytes[(start + 1)..<index], as: UTF8.self)
        index += 1
        source.append(value: placeholders.count, isRaw: placeholder.form == .raw, at: start)
        placeholders.append(placeholder)
    }

    private func known(_ name: String, at start: Int) throws(SQLTextProblem) -> String {
        if names.contains(name) { return name }
        // The name that older pages of Collate's have.
        if name == "catalog", names.contains("database") { return "database" }
        let nearest = Known(names).nearest(to: name).map { ": did you mean {\($0)}?" } ?? "."
        throw SQLTextProblem(
            offset: start,
            "expected a variable that is known here, found \"\(name)\"\(nearest) \(Known(names).sentence)")
    }

    private mutating func parseFilter(into placeholder: inout Placeholder) throws(SQLTextProblem) {
        skipBlanks()
        let start = index
        let name = word()
        skipBlanks()
        if placeholder.form != .natural {
            throw SQLTextProblem(
                offset: start, "expected } after a filter that says how the value is spelled, found another filter:"
                    + " write \"\(name)\" before it")
        }
        switch name {
        case "literal": placeholder.form = .literal
        case "identifier": placeholder.form = .identifier
        case "raw":
            guard allowsRaw else { throw .rawIsNotAllowed(at: start) }
            placeholder.form = .raw
        case "upper": placeholder.filters.append(.upper)
        case "lower": placeholder.filters.append(.lower)
        case "oneline": placeholder.filters.append(.oneline)
        case "plaintext": placeholder.filters.append(.plaintext)
        case "truncate": placeholder.filters.append(.truncate(try parseLength()))
        case "default": placeholder.filters.append(.default(try parseText()))
        default:
            let filters = [
                "default", "identifier", "literal", "lower", "oneline", "plaintext", "raw", "truncate", "upper",
            ]
            let nearest = Known(filters).nearest(to: name).map { ": did you mean \($0)?" } ?? "."
            let what = name.isEmpty ? found : "\"\(name)\""
            throw SQLTextProblem(
                offset: start,
                "expected a filter, found \(what)\(nearest) Filters are \(filters.joined(separator: ", "))")
        }
    }

    private mutating func parseLength() throws(SQLTextProblem) -> Int {
        try expectColon("truncate:40")
        let start = index
        guard let length = Int(word()), length > 0 else {
            throw SQLTextProblem(
                offset: start, "expected a whole number from 1 on, found what is none: write it as truncate:40")
        }
        return length
    }

    /// A text in single quotes, where two stand for one.
    private mutating func parseText() throws(SQLTextProblem) -> String {
        try expectColon("default:'nobody'")
        let quote = UInt8(ascii: "'")
        guard byte == quote else { throw problem("expected a text in quotes, as in default:'nobody', found \(found)") }
        let start = index
        var text: [UInt8] = []
        index += 1
        while let byte {
            index += 1
            if byte != quote {
                text.append(byte)
            } else if self.byte == quote {
                text.append(quote)
                index += 1
            } else {
                return String(decoding: text, as: UTF8.self)
            }
        }
        throw SQLTextProblem(offset: start, "expected ' to close what begins here, found the template's end")
    }

    private mutating func expectColon(_ example: String) throws(SQLTextProblem) {
        guard byte == UInt8(ascii: ":") else {
            throw problem("expected : and a value, as in \(example), found \(found)")
        }
        index += 1
        skipBlanks()
    }

    private var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func word() -> String {
        let start = index
        while let byte, byte < 0x80, byte == UInt8(ascii: "_") || Character(Unicode.Scalar(byte)).isLetter
            || Character(Unicode.Scalar(byte)).isNumber
        {
            index += 1
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func skipBlanks() {
        while byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t")
            || byte == UInt8(ascii: "\r")
        {
            index += 1
        }
    }

    /// What stands here, for people.
    private var found: String {
        guard index < bytes.count else { return "the template's end" }
        return "\"\(String(decoding: bytes[index...].prefix(40), as: UTF8.self).first.map(String.init) ?? "")\""
    }

    private func problem(_ message: String) -> SQLTextProblem { SQLTextProblem(offset: index, message) }
}
